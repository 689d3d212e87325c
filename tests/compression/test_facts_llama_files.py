from snippets.compression.facts_llama_files import LLAMA_13B_CONFIG, PUBLISHED_FILES


def test_the_configuration_gives_the_published_number_of_weights():
    """13,015,864,320 is what the weights' index file on the Hub adds up to, at two bytes each."""
    c = LLAMA_13B_CONFIG
    matrices = c.layers * (4 * c.d_model**2 + 3 * c.d_model * c.d_ffn)
    assert matrices + 2 * c.vocab * c.d_model + (2 * c.layers + 1) * c.d_model == 13_015_864_320


def test_sizes_rise_with_the_bits():
    sizes = [file.gigabytes for file in PUBLISHED_FILES if file.name.startswith("q")]
    assert sizes == sorted(sizes)
