import pytest
import torch

from snippets.model.generate import generate
from snippets.model.repetition import GROOVE, MUST_REPEAT, first_return, repeated_share
from snippets.model.smollm2 import load


@pytest.fixture(scope="module")
def real():
    return load()


def test_agrees_with_looking_back():
    for size in (1, 2, 4):
        tokens = torch.randint(3, (37,)).tolist()
        runs = ["-".join(map(str, tokens[i : i + size])) for i in range(38 - size)]
        seen_before = [run in runs[:place] for place, run in enumerate(runs)]
        assert repeated_share(tokens, size) == pytest.approx(sum(seen_before) / len(runs))


def test_the_extremes():
    assert repeated_share(range(20)) == 0
    assert repeated_share([7] * 20) == 1 - 1 / 17
    assert repeated_share([1, 2, 3, 1, 2, 3], size=2) == pytest.approx(0.4)
    assert first_return([1, 2, 3, 1, 2, 3], size=2) == 3
    assert first_return(range(20)) is None


def test_too_short_a_text_is_refused():
    with pytest.raises(ValueError, match="at least 4 tokens, got 3"):
        repeated_share([1, 2, 3])


def test_page_says_the_groove_deepens_and_a_penalty_leaves_it(real):
    model, tokenizer = real
    prompt = tokenizer.encode(GROOVE)
    ids = torch.tensor([prompt])
    story = generate(model, ids, 36)[0, len(prompt) :].tolist()
    assert repeated_share(story) > 0.5
    with torch.no_grad():
        chances = model(torch.tensor([prompt + story]))[0, len(prompt) - 1 : -1].softmax(-1)
    period = first_return(story)
    rounds = [part.mean() for part in chances[range(36), story].split(period)]
    assert rounds[0] + 0.1 < rounds[1] < rounds[2] - 0.1
    punished = generate(model, ids, 24, repetition_penalty=1.3)[0, len(prompt) :].tolist()
    assert repeated_share(punished) == 0


def test_page_says_a_penalty_forbids_what_must_be_repeated(real):
    model, tokenizer = real
    for (text, count), right in zip(MUST_REPEAT.items(), (" open", " 7 7 4 4 7"), strict=True):
        ids = torch.tensor([tokenizer.encode(text)])
        plain, punished = (
            tokenizer.decode(
                generate(model, ids, count, repetition_penalty=p)[0, ids.shape[1] :].tolist()
            )
            for p in (1.0, 1.3)
        )
        assert plain == right
        assert right.split()[0] not in punished
