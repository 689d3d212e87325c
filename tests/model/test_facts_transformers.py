import re

import pytest

from snippets.model.facts_transformers import KNOWN_TRANSFORMERS, SMOLLM2_SIZES
from snippets.model.gguf_file import read_gguf
from snippets.model.smollm2 import smollm2_config
from snippets.model.smollm2_file import find_smollm2


@pytest.mark.parametrize("known", KNOWN_TRANSFORMERS, ids=lambda known: known.name)
def test_each_has_source_and_date(known):
    assert known.source.startswith("https://")
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", known.seen)
    assert known.config.n_heads * known.config.head_dim == known.config.d_model


def test_the_real_file_says_the_same():
    config = smollm2_config(read_gguf(find_smollm2())[0])
    assert config.norm_eps == pytest.approx(SMOLLM2_SIZES.config.norm_eps)
    for field in (
        "vocab_size",
        "d_model",
        "n_layers",
        "n_heads",
        "n_kv_heads",
        "head_dim",
        "d_ffn",
    ):
        assert getattr(config, field) == getattr(SMOLLM2_SIZES.config, field)
    assert (config.context, config.rope_theta) == (8192, 100_000.0)


def test_names_differ_and_facts_cannot_be_changed():
    assert len({known.name for known in KNOWN_TRANSFORMERS}) == len(KNOWN_TRANSFORMERS)
    with pytest.raises(AttributeError, match="cannot assign"):
        SMOLLM2_SIZES.name = "another"
