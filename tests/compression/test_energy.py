import pytest

from snippets.compression.energy import matvec_energy


def test_agrees_with_a_sum_by_hand():
    wide, narrow = matvec_energy(1_000_000, 32), matvec_energy(1_000_000, 8)
    assert wide["total"] == pytest.approx(640 + 3.7 + 0.9)
    assert narrow["total"] == pytest.approx(160 + 0.2 + 0.1)


def test_twice_the_weights_cost_twice_the_energy():
    assert matvec_energy(34, 8)["total"] == pytest.approx(2 * matvec_energy(17, 8)["total"])


def test_widths_without_a_figure_are_refused():
    with pytest.raises(ValueError, match="got 4"):
        matvec_energy(17, 4)


def test_page_says_moving_costs_more_than_computing():
    wide, narrow = matvec_energy(17, 32), matvec_energy(17, 8)
    for ledger in (wide, narrow):
        assert ledger["arithmetic"] < 0.01 * ledger["total"]
    assert wide["arithmetic"] > 10 * narrow["arithmetic"]
    assert wide["total"] / narrow["total"] == pytest.approx(4, rel=0.05)
