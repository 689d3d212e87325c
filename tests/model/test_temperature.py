import pytest
import torch

from snippets.model.sampling import next_probabilities
from snippets.model.smollm2 import load
from snippets.model.temperature import OPEN_BEGINNING, tell


@pytest.fixture(scope="module")
def real():
    return load()


def test_agrees_with_a_plain_argmax(real):
    model, tokenizer = real
    ids = tokenizer.encode(OPEN_BEGINNING)
    with torch.no_grad():
        for _ in range(10):
            ids.append(int(model(torch.tensor([ids]))[0, -1].argmax()))
    expected = tokenizer.decode(ids)[len(OPEN_BEGINNING) :]
    assert tell(model, tokenizer, OPEN_BEGINNING, 0, 1, seed=0) == [" ".join(expected.split())]
    assert expected == " cat's back, and the cat sat on the"  # the page says so


def test_page_says_the_same_seed_tells_the_same_and_another_seed_another(real):
    one, two, other = (tell(*real, OPEN_BEGINNING, 1.0, 2, seed) for seed in (0, 0, 1))
    assert one == two
    assert one != other


def test_page_says_cold_gathers_and_hot_spreads(real):
    model, tokenizer = real
    with torch.no_grad():
        logits = model(torch.tensor([tokenizer.encode(OPEN_BEGINNING)]))[:, -1].double()
    top = logits[0].topk(4).indices
    exact = {t: (logits[0] / t).softmax(-1)[top] for t in (0.5, 1.0, 2.0)}
    for temperature, expected in exact.items():
        found = next_probabilities(logits, temperature)[0, top]
        torch.testing.assert_close(found, expected)
    assert exact[0.5].sum() > 0.6
    assert exact[1.0].sum() < 0.25
    assert exact[2.0].sum() < 0.03
    assert exact[0.5][0] > 3 * exact[1.0][0] > 9 * exact[2.0][0]


def test_page_says_no_order_changes(real):
    model, tokenizer = real
    with torch.no_grad():
        logits = model(torch.tensor([tokenizer.encode(OPEN_BEGINNING)]))[:, -1]
    orders = [next_probabilities(logits, t)[0].topk(50).indices for t in (0.5, 1.0, 2.0)]
    assert torch.equal(orders[0], orders[1])
    assert torch.equal(orders[1], orders[2])


def test_an_empty_text_is_refused(real):
    with pytest.raises(ValueError, match="T >= 1"):
        tell(*real, "", 1.0, 2, seed=0)
