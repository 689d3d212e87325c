import pytest
import torch

from snippets.model.cut_offs import CUT_OFFS, survivors
from snippets.model.smollm2 import load
from tests.shapes import check_shapes

V = 53


def by_sorting(logits, name):
    """Count with a sorted list and a running sum."""
    chances = sorted(logits[0].double().softmax(-1).tolist(), reverse=True)
    if name.startswith("top-k"):
        return min(50, len(chances))
    if name.startswith("min-p"):
        return sum(chance >= 0.1 * chances[0] for chance in chances)
    total, count = 0.0, 0
    while total < 0.9:
        total, count = total + chances[count], count + 1
    return count


@pytest.mark.parametrize("name", CUT_OFFS)
def test_agrees_with_sorting(name):
    for spread in (0.1, 1.0, 5.0):
        logits = spread * torch.randn(1, V)
        (count, mass), checked = check_shapes(survivors, logits, **CUT_OFFS[name])
        assert checked == 1
        assert count == by_sorting(logits, name)
        best = logits[0].softmax(-1).topk(count).values.sum()
        assert mass == pytest.approx(float(best), abs=1e-5)


def test_page_says_what_is_left_of_five_tokens():
    five = torch.tensor([[0.5, 0.25, 0.15, 0.06, 0.04]]).log()
    assert survivors(five, top_k=2) == (2, pytest.approx(0.75))
    assert survivors(five, top_p=0.8) == (3, pytest.approx(0.9))
    assert survivors(five, min_p=0.1) == (4, pytest.approx(0.96))


def test_page_says_k_is_blind_and_p_follows_the_shape():
    model, tokenizer = load()
    counts = {}
    for shape, text in (("peaked", "The capital of France is"), ("flat", "The cat sat on the")):
        with torch.no_grad():
            logits = model(torch.tensor([tokenizer.encode(text)]))[:, -1]
        for name, options in CUT_OFFS.items():
            counts[shape, name], mass = survivors(logits, **options)
            assert not name.startswith("top-p") or 0.9 <= mass < 0.91
    assert counts["peaked", "top-k 50"] == counts["flat", "top-k 50"] == 50
    assert counts["flat", "top-p 0.9"] > 20 * counts["peaked", "top-p 0.9"]
    assert counts["peaked", "min-p 0.1"] == 1
    assert 10 < counts["flat", "min-p 0.1"] < 50
    assert counts["peaked", "top-p 0.9"] < 50 < counts["flat", "top-p 0.9"]


def test_without_a_rule_all_survive_and_one_out_of_range_is_an_error():
    logits = torch.randn(1, V)
    assert survivors(logits) == (V, pytest.approx(1))
    with pytest.raises(RuntimeError):
        survivors(logits, top_k=-1)
