from functools import partial

import pytest
import torch

from sitebuild.book import Book
from snippets.compression.pruned_model import (
    by_share,
    input_loudness,
    prune_into,
)
from snippets.compression.same_text import Referee
from snippets.compression.two_of_four import prune_two_of_four
from snippets.compression.wanda import prune_wanda
from snippets.model.transformer import Transformer, TransformerConfig

V, T = 23, 11


def small():
    sizes = {"n_layers": 3, "n_heads": 4, "n_kv_heads": 2, "head_dim": 6, "d_ffn": 28}
    return Transformer(TransformerConfig(V, d_model=16, context=32, **sizes)).eval()


def test_loudness_agrees_with_hooks_on_the_plain_model():
    model, ids, heard = small(), torch.randint(V, (2, T)), {}
    hooks = [
        part.register_forward_pre_hook(
            lambda part, given, name=name: heard.update({name: given[0].detach()})
        )
        for name, part in model.named_modules()
        if isinstance(part, torch.nn.Linear)
    ]
    with torch.no_grad():
        model(ids)
    for hook in hooks:
        hook.remove()
    loud = input_loudness(model, ids)
    assert set(loud) == {f"{name}.weight" for name in heard}
    for name, x in heard.items():
        expected = x.reshape(2 * T, -1).square().sum(0).sqrt()
        torch.testing.assert_close(loud[f"{name}.weight"], expected)


def test_all_ways_agree_with_those_of_single_layers_and_leave_the_model_alone():
    model = small()
    loud = input_loudness(model, torch.randint(V, (2, T)))
    whole = {name: weight for name, weight in model.state_dict().items() if name in loud}
    before = {name: weight.clone() for name, weight in whole.items()}
    half, fours = ({name: torch.empty_like(w) for name, w in whole.items()} for _ in range(2))
    prune_into(half, whole, loud, partial(by_share, sparsity=0.5))
    prune_into(fours, whole, None, prune_two_of_four)
    for name, weight in before.items():
        assert torch.equal(half[name], prune_wanda(weight, loud[name], 0.5))
        assert torch.equal(fours[name], prune_two_of_four(weight, weight.abs()))
        assert torch.equal(model.state_dict()[name], weight)
    assert len(half) == 3 * 7


def test_the_original_needs_no_second_pass():
    model = small()
    referee = Referee(model, torch.randint(V, (2, T)))
    expected = referee.verdict(model)["perplexity"]
    noted = referee.compare(referee.said)["perplexity"]
    assert noted == pytest.approx(expected, rel=1e-5)


def test_loudness_of_other_layers_is_refused():
    weights = {"a": torch.ones(2, 3)}
    with pytest.raises(ValueError, match="one loudness for each of 3 columns"):
        prune_into(weights, weights, {"a": torch.ones(2)}, prune_two_of_four)


def values():
    return Book().result("compression.pruned_model")["values"]


def test_page_says_a_tenth_is_free_and_half_is_not():
    found = values()
    dense, at = found["dense"], found["at"]
    for way in ("magnitude", "wanda"):
        assert abs(at["10%"][way] / dense - 1) < 0.05
        curve = [row[way] for row in found["rows"][:-1]]
        assert curve == sorted(curve)
    assert at["30%"]["wanda"] < 1.3 * dense < at["30%"]["magnitude"]
    assert 1.5 * dense < at["50%"]["wanda"] < 3 * dense
    assert at["50%"]["magnitude"] > 6 * dense


def test_page_says_wanda_wins_from_a_third_on():
    at = values()["at"]
    for zeros in ("30%", "50%", "60%", "2:4"):
        assert at[zeros]["wanda"] < at[zeros]["magnitude"]
    assert at["50%"]["wanda"] < at["50%"]["magnitude"] / 4


def test_page_says_two_of_four_costs_more_than_half_anywhere():
    at = values()["at"]
    for way in ("magnitude", "wanda"):
        assert at["2:4"][way] > 2 * at["50%"][way]
    assert at["2:4"]["wanda"] == pytest.approx(at["60%"]["wanda"], rel=0.25)


def test_page_says_210_matrices_hold_most_of_the_weights():
    found = values()
    assert found["matrices"] == 210
    assert 0.75 < found["pruned_count"] / found["total_count"] < 0.8


def test_page_says_eight_bits_cost_far_less_than_half_of_the_weights():
    found = values()
    assert abs(found["eight_bits"] / found["dense"] - 1) < 0.05
    assert found["at"]["50%"]["wanda"] > 1.5 * found["eight_bits"]
