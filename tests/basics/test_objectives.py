import pytest
import torch
from torch.nn.functional import cross_entropy

from snippets.basics.learning import new_learner, wrongness
from snippets.basics.objectives import NO_QUESTION, ask_for_hidden, ask_for_next

B, T, V, MASK = 3, 512, 997, 997


@pytest.fixture
def ids():
    return torch.randint(V, (B, T))


def hidden(ids, share=0.15):
    return ask_for_hidden(ids, MASK, V, torch.Generator().manual_seed(0), share)


def test_next_agrees_with_the_loss_that_training_uses(ids):
    model, some = new_learner(V), ids[:, :101]
    read, answers = ask_for_next(some)
    loss = cross_entropy(model(read).flatten(0, 1), answers.flatten())
    torch.testing.assert_close(loss, wrongness(model, some))


def test_page_says_511_questions_against_77(ids):
    for ask, count in ((ask_for_next, 511), (hidden, 77)):
        assert ((ask(ids)[1] != NO_QUESTION).sum(1) == count).all()


def test_only_what_is_asked_for_is_hidden_and_the_answer_is_what_stood_there(ids):
    read, answers = hidden(ids)
    asked = answers != NO_QUESTION
    assert torch.equal(read[~asked], ids[~asked])
    assert torch.equal(answers[asked], ids[asked])


def test_eight_of_ten_are_masked_one_is_random_one_is_left():
    ids = torch.randint(V, (97, T))
    read, answers = hidden(ids)
    asked = answers != NO_QUESTION
    for share, expected in (
        ((read == MASK)[asked], 0.8),
        ((read == ids)[asked], 0.1),
        (((read != ids) & (read != MASK))[asked], 0.1),
    ):
        assert share.double().mean() == pytest.approx(expected, abs=0.02)


def test_a_share_that_is_none_is_refused(ids):
    with pytest.raises(ValueError, match="wanted a share between 0 and 1, got 15"):
        hidden(ids, 15)
