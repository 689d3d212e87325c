from snippets.inference.facts_benchmark import TIMED_PRODUCTS, TIMED_PROMPTS
from snippets.inference.facts_capacity import TIMED_TOKENS
from snippets.inference.facts_models import LLAMA_2_13B


def test_everything_has_source_and_date():
    for fact in (*TIMED_PROMPTS, *TIMED_PRODUCTS):
        assert fact.source.startswith("https://kipp.ly/")
        assert fact.noted == "2026-11-28"


def test_the_same_machines_as_for_single_tokens():
    assert [timed.cards for timed in TIMED_PROMPTS] == [timed.cards for timed in TIMED_TOKENS]


def test_products_have_the_width_of_the_model():
    assert {product.inside for product in TIMED_PRODUCTS} == {LLAMA_2_13B.d_model}


def test_page_says_all_was_slower_than_expected():
    for timed in TIMED_PROMPTS:
        assert timed.expected_ms < timed.measured_ms
        assert 0.8 < timed.bandwidth_share < 1
