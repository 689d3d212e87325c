from functools import lru_cache

import pytest

from snippets.compression import gptq_model
from snippets.compression.squeezed import judge_ways
from snippets.tools.code_behind import code_behind


def test_what_is_kept_depends_on_all_code_behind_it(monkeypatch):
    """Leaves of other files, decorated functions, classes and constants count; PyTorch does not."""
    code = code_behind(judge_ways, gptq_model.gptq_ways)
    for leaf in ("_blame", "to_grid", "affine_grid", "block_inputs", "apply_rope"):
        assert f"def {leaf}(" in code
    for owner in ("Referee", "DecoderBlock", "TransformerConfig"):
        assert f"class {owner}" in code
    assert "class Module:" not in code
    assert code == code_behind(judge_ways, gptq_model.gptq_ways)
    monkeypatch.setattr(gptq_model, "GPTQ_RECIPES", {"GPTQ 5-bit g64": (5, 64, False)})
    assert code != code_behind(judge_ways, gptq_model.gptq_ways)


RATE, SEED, MOTTO = 0.25, 7, "no more than needed"


@lru_cache
def taxed(price, again=MOTTO):
    """Say nothing of a seed."""
    return [RATE * price for SEED in range(2)], again, "SEED"


def test_a_word_is_no_name_and_what_is_cached_still_counts(monkeypatch):
    """The loop's SEED is its own, the default's MOTTO and the inner RATE are the module's."""
    monkeypatch.setattr(taxed.__wrapped__, "__module__", "snippets.made.up")
    before = code_behind(taxed)
    assert "def taxed(" in before
    monkeypatch.setitem(taxed.__wrapped__.__globals__, "SEED", 8)
    assert code_behind(taxed) == before
    monkeypatch.setitem(taxed.__wrapped__.__globals__, "MOTTO", "more")
    other_motto = code_behind(taxed)
    assert other_motto != before
    monkeypatch.setitem(taxed.__wrapped__.__globals__, "RATE", 0.5)
    assert code_behind(taxed) not in (before, other_motto)


def test_builtins_have_no_source_of_ours():
    assert code_behind(pytest.raises, sorted) == ""
