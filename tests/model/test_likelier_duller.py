import pytest
import torch
from torch.nn.functional import cross_entropy

from snippets.model.likelier_duller import STORIES, log_chance, write_three_ways
from snippets.model.repetition import GROOVE, repeated_share
from snippets.model.smollm2 import load
from tests.model.test_transformer import CONFIG, loud

B, T, V = 5, 7, 53


@pytest.fixture
def texts(device):
    return torch.randint(V, (B, T), device=device)


def test_agrees_with_cross_entropy(texts, device):
    model, text = loud(CONFIG, device), texts[0]
    with torch.no_grad():
        expected = -cross_entropy(model(texts[:1])[0, :-1], text[1:], reduction="none")
    for start in (1, 3, 6):
        found = log_chance(model, text, start)
        assert found == pytest.approx(float(expected[start - 1 :].mean()), abs=1e-4)


@pytest.mark.parametrize("start", [0, 7])
def test_nothing_before_or_nothing_new_is_refused(texts, device, start):
    with pytest.raises(ValueError, match=f"wanted 1 to 6, got {start}"):
        log_chance(loud(CONFIG, device), texts[0], start)


def test_every_way_keeps_the_prompt(device):
    model, prompts = loud(CONFIG, device), torch.randint(V, (B, T), device=device)
    ways = write_three_ways(model, prompts, 9)
    assert len(ways) == 5
    for written in ways.values():
        assert written.shape == (B, T + 9)
        assert torch.equal(written[:, :T], prompts)
    draws = [written for name, written in ways.items() if name.startswith("top-p")]
    assert not torch.equal(draws[0], draws[1])


def test_page_says_searching_is_likelier_and_repeats_and_drawing_does_not():
    """Checked on a fifth story, which the demo does not tell."""
    model, tokenizer = load()
    assert len({len(tokenizer.encode(story)) for story in STORIES}) == 1
    prompts = torch.tensor([tokenizer.encode(GROOVE)])
    ways = write_three_ways(model, prompts, 24)
    chances, shares = {}, {}
    for name, written in ways.items():
        chances[name] = log_chance(model, written[0], prompts.shape[1])
        shares[name] = repeated_share(written[0, prompts.shape[1] :].tolist())
    drawn = [name for name in ways if name.startswith("top-p")]
    for searched in ("greedy", "beam search"):
        assert chances[searched] > max(chances[name] for name in drawn) + 0.5
        assert shares[searched] > max(shares[name] for name in drawn) + 0.2
