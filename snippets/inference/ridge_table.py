"""Ridge points of accelerators, computed from data sheets: in operations per byte, and in tokens.

Source: the rates are those of `facts_accelerators`; the ridge: Williams, Waterman, Patterson
(2009), https://doi.org/10.1145/1498765.1498785
"""

from snippets.inference.facts_accelerators import (
    A100_80GB_PCIE_BANDWIDTH,
    B200_LOWER_BANDWIDTH,
    CARD_PEAKS,
    CardPeak,
)
from snippets.inference.facts_devices import A100_40GB
from snippets.inference.roofline import break_even_tokens, ridge_point


def ridge_row(card: CardPeak) -> dict[str, str | float]:
    """Make a line of the table: rates as numbers, the ridge in FLOP/byte and in tokens.

    The tokens are for weights that are stored in the format in which the card computes.
    """
    return {
        "card": card.name,
        "format": card.number,
        "teraflops": card.flops / 1e12,
        "terabytes": card.bandwidth / 1e12,
        "ridge": ridge_point(card.flops, card.bandwidth),
        "tokens": break_even_tokens(card.flops, card.bandwidth, card.width),
        "trust": card.trust,
    }


if __name__ == "__main__":
    rows = [ridge_row(card) for card in CARD_PEAKS]
    for row in sorted(rows, key=lambda row: row["ridge"]):
        print(f"{row['card']:15} {row['format']}  {row['ridge']:7.1f} FLOP per byte", end="")
        print(f", {row['tokens']:5.0f} tokens")
    ridges = {f"{row['card']} {row['format']}": row["ridge"] for row in rows}
    token_counts = {f"{row['card']} {row['format']}": row["tokens"] for row in rows}
    rounded = ridge_point(A100_40GB.flops, 1.5e12)
    busy_percent = 100 / rounded
    b200_higher = ridge_point(2.25e15, B200_LOWER_BANDWIDTH)
    pcie = ridge_point(A100_40GB.flops, A100_80GB_PCIE_BANDWIDTH)
