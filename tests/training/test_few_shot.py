import pytest
import torch

from snippets.model.smollm2 import load
from snippets.tools.perplexity import surprises
from snippets.training.few_shot import ARROW_LINE, count_hits, quiz_scores, wilson_interval


@pytest.mark.parametrize(("right", "asked"), [(0, 7), (3, 11), (80, 100), (13, 13)])
def test_agrees_with_solving_the_equation(right, asked):
    """At both ends, the share seen lies exactly 1.96 standard deviations off: Wilson's idea."""
    for end in wilson_interval(right, asked):
        off = abs(right / asked - end)
        assert off == pytest.approx(1.96 * (end * (1 - end) / asked) ** 0.5, abs=1e-9)


def test_the_interval_catches_the_truth_19_times_of_20():
    torch.manual_seed(0)
    truth = 0.8
    rights = torch.binomial(torch.full((2000,), 100.0), torch.full((2000,), truth)).tolist()
    caught = sum(low <= truth <= high for low, high in (wilson_interval(r, 100) for r in rights))
    assert 0.93 < caught / 2000 < 0.97


def test_agrees_with_the_whole_text_read_at_once():
    model, tokenizer = load()
    shots, asked, options = (
        [("hot", " cold"), ("big", " small")],
        ["up", "early"],
        [" down", " late"],
    )
    told = quiz_scores(model, tokenizer, shots, asked, [options] * 2)
    for word, scores in zip(asked, told, strict=True):
        for option, score in zip(options, scores.tolist(), strict=True):
            whole = tokenizer.encode(f"hot -> cold\nbig -> small\n{word} ->{option}")
            assert -surprises(model, torch.tensor(whole))[-1].item() == pytest.approx(
                score, abs=1e-3
            )


def test_a_tie_is_a_miss():
    scores = [torch.tensor([-1.0, -2.0]), torch.tensor([-2.0, -2.0]), torch.tensor([-3.0, -2.0])]
    assert count_hits(scores) == 1


def test_impossible_counts_and_lines_are_refused():
    with pytest.raises(ValueError, match="got 8 of 7"):
        wilson_interval(8, 7)
    with pytest.raises(ValueError, match="got 0 of 0"):
        wilson_interval(0, 0)
    with pytest.raises(ValueError, match="wanted a line with {asked} and then {answer}"):
        quiz_scores(None, None, (), ["up"], [[" down"]], ARROW_LINE.replace("{answer}", ""))
