import pytest
import torch

from snippets.compression.integer import quantize_absmax
from snippets.model.generate import generate
from snippets.model.near_ties import leads, round_to_8_bits
from snippets.model.smollm2 import load
from snippets.tools.texts import read_play
from tests.model.test_transformer import CONFIG, loud
from tests.shapes import check_shapes


def test_agrees_with_sorting(device):
    logits = torch.randn(5, 7, 53, device=device)
    found, _ = check_shapes(leads, logits)
    ordered = logits.sort(descending=True).values
    torch.testing.assert_close(found, ordered[..., 0] - ordered[..., 1])


def test_rounding_misses_by_half_a_step_and_leaves_gains_alone(device):
    model, exact = loud(CONFIG, device), loud(CONFIG, device)
    exact.load_state_dict(model.state_dict())
    round_to_8_bits(model)
    for rounded, weight in zip(model.parameters(), exact.parameters(), strict=True):
        if weight.ndim == 1:
            assert torch.equal(rounded, weight)
        else:
            step = weight.abs().amax(1, keepdim=True) / 127
            assert ((rounded - weight).abs() <= 0.5001 * step).all()
            assert not torch.equal(rounded, weight)


def test_one_score_alone_leads_nobody():
    with pytest.raises(RuntimeError):
        leads(torch.randn(3, 1))


def test_page_says_what_rounding_does_to_the_real_model():
    model, tokenizer = load()
    tied = torch.tensor(
        [tokenizer.chat([{"role": "user", "content": "What is the capital of France?"}])]
    )
    blue = "Explain in one sentence why the sky is blue."
    prompt = torch.tensor([tokenizer.chat([{"role": "user", "content": blue}])])
    play = torch.tensor([tokenizer.encode(read_play("hamlet")[20_000:22_000])[:128]])
    answers, scores = [], []
    for rounded in (False, True):
        if rounded:
            round_to_8_bits(model)
        with torch.no_grad():
            first, along = model(tied)[0, -1], model(play)[0]
        scores.append(along)
        answers.append(tokenizer.decode(generate(model, prompt, 12)[0, prompt.shape[1] :].tolist()))
        if not rounded:
            runner_up = torch.cat([tied, first.topk(2).indices[None, 1:]], dim=1)
            wrong = tokenizer.decode(generate(model, runner_up, 5)[0, tied.shape[1] :].tolist())
            assert wrong.startswith("L'Étoile")
            assert leads(first) < 0.15  # a lead smaller than what rounding does to a score
    assert (scores[0] - scores[1]).abs().mean() > 0.15
    assert (scores[0].argmax(-1) != scores[1].argmax(-1)).sum() >= 1
    assert (leads(scores[0]) < 0.1).sum() >= 4
    for word, answer in zip(("absorption", "scattering"), answers, strict=True):
        assert answer.startswith("The sky is blue because of a process of atmospheric " + word)


def test_page_says_brackets_matter_to_floats():
    assert (0.1 + 0.2) + 0.3 != 0.1 + (0.2 + 0.3)
    q, scale = quantize_absmax(torch.tensor([[1.0, -0.3]]), bits=8, axis=0)
    assert (q * scale - torch.tensor([[1.0, -0.3]])).abs().max() < 1 / 250
