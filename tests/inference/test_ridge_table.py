import pytest

from sitebuild.book import Book
from snippets.inference.facts_accelerators import CARD_PEAKS, CardPeak
from snippets.inference.ridge_table import ridge_row


def values():
    return Book().result("inference.ridge_table")["values"]


def test_a_toy_by_hand():
    """600 operations and 3 bytes a second: 200 a byte; a weight of 1 byte needs 100 tokens."""
    row = ridge_row(CardPeak("toy", "int8", 600, 3, 1, "high", "", ""))
    assert (row["ridge"], row["tokens"]) == (200, 100)


@pytest.mark.parametrize("card", CARD_PEAKS, ids=lambda p: f"{p.name} {p.number}")
def test_at_the_ridge_both_clocks_agree(card):
    row = ridge_row(card)
    assert 2 * row["tokens"] / card.flops == pytest.approx(card.width / card.bandwidth)
    assert row["ridge"] * card.bandwidth == pytest.approx(card.flops)


def test_a_door_that_is_shut_is_refused():
    with pytest.raises(ValueError, match="rates must be above 0"):
        ridge_row(CardPeak("toy", "int8", 600, 0, 1, "high", "", ""))


@pytest.mark.parametrize(
    ("card", "ridge"),
    [
        ("A100 40 GB bf16", 200.6),
        ("A100 80 GB PCIe bf16", 161.2),
        ("A100 80 GB SXM bf16", 153.0),
        ("H100 SXM bf16", 295.3),
        ("H100 SXM fp8", 590.7),
        ("H200 SXM bf16", 206.1),
    ],
)
def test_page_says_so_many_operations_per_byte(card, ridge):
    assert values()["ridges"][card] == pytest.approx(ridge, abs=0.05)


def test_page_says_208_is_rounded_and_200_6_is_the_data_sheet():
    told = values()
    assert told["rounded"] == pytest.approx(208)
    assert told["busy_percent"] == pytest.approx(0.48, abs=0.002)


def test_page_says_narrow_formats_double_the_ridge_but_not_the_tokens():
    told = values()
    tokens, ridges = told["token_counts"], told["ridges"]
    assert ridges["H100 SXM fp8"] == pytest.approx(2 * ridges["H100 SXM bf16"], rel=1e-3)
    assert tokens["H100 SXM fp8"] == pytest.approx(tokens["H100 SXM bf16"], rel=1e-3)


def test_page_says_the_h200_is_an_h100_with_a_wider_door():
    by = {f"{row['card']} {row['format']}": row for row in values()["rows"]}
    old, new = by["H100 SXM bf16"], by["H200 SXM bf16"]
    assert new["teraflops"] == old["teraflops"]
    assert new["terabytes"] > 1.4 * old["terabytes"]
