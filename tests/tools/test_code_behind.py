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


def test_builtins_have_no_source_of_ours():
    assert code_behind(pytest.raises, sorted) == ""
