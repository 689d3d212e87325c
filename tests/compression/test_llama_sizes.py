import pytest

from sitebuild.book import Book
from snippets.compression.facts_llama_files import LLAMA_13B_CONFIG, PUBLISHED_FILES, LlamaSizes
from snippets.compression.llama_sizes import file_bytes, gptq_bytes, llama_parts
from snippets.model.parameter_census import count_parameters
from snippets.model.transformer import TransformerConfig


def test_agrees_with_the_census_of_our_transformer():
    config = TransformerConfig(50, 24, 3, 6, 6, 4, 64, context=16, tied=False)
    ours = llama_parts(LlamaSizes(layers=3, d_model=24, d_ffn=64, vocab=50))
    assert sum(ours.values()) == sum(count_parameters(config).values())


@pytest.mark.parametrize("group", [32, 64])
def test_a_gptq_file_is_the_sum_of_its_tensors(group):
    """Oracle: list the tensors of one small model with their shapes, and add up their bytes."""
    c = LlamaSizes(layers=2, d_model=64, d_ffn=128, vocab=50)
    shapes = [(64, 64)] * 4 + [(128, 64)] * 2 + [(64, 128)]
    total = 0
    for out, columns in shapes * 2:
        total += columns // 8 * out * 4  # qweight, eight labels in an int32
        total += columns // group * (out // 8) * 4  # qzeros, likewise
        total += columns // group * out * 2  # scales, float16
        total += columns * 4  # g_idx, int32
    total += 2 * (2 * 50 * 64 + 5 * 64)  # tables and norms, float16
    assert gptq_bytes(c, 4, group) == total


def test_page_says_every_published_size_is_met():
    assert len(PUBLISHED_FILES) == 7
    for file in PUBLISHED_FILES:
        gigabytes = file_bytes(LLAMA_13B_CONFIG, file.name) / 1e9
        assert abs(gigabytes - file.gigabytes) < 1.5 * 10**-file.digits / 2, file


def test_page_says_which_of_three_is_larger():
    by = {
        r["file"]: r["computed"] for r in Book().result("compression.llama_sizes")["values"]["rows"]
    }
    assert by["GPTQ, 4 bits, groups of 128"] < by["q4_0"] < by["GPTQ, 4 bits, groups of 32"]


def test_an_unknown_format_is_refused():
    with pytest.raises(ValueError, match="wanted fp16, .* got 'q3_0'"):
        file_bytes(LLAMA_13B_CONFIG, "q3_0")
