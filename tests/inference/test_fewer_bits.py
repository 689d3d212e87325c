import pytest

from sitebuild.book import Book
from snippets.inference.fewer_bits import gain_border, narrow_gain
from snippets.inference.roofline import ridge_point

F, B = 312e12, 1.5e12  # ridge 208


@pytest.mark.parametrize(
    ("tokens", "bits", "gain"),
    [
        (1, 8, 2),
        (104, 8, 2),
        (156, 8, 208 / 156),
        (208, 8, 1),
        (300, 8, 1),
        (52, 4, 4),
        (104, 4, 2),
    ],
)
def test_by_hand(tokens, bits, gain):
    assert narrow_gain(tokens, bits, F, B) == pytest.approx(gain)


@pytest.mark.parametrize("bits", [1, 2, 4, 4.5, 8])
def test_agrees_with_a_rule_of_one_line(bits):
    for tokens in (1, 7, 51, 99, 150, 207, 209, 5000):
        rule = min(16 / bits, max(1, ridge_point(F, B) / tokens))
        assert narrow_gain(tokens, bits, F, B) == pytest.approx(rule)


@pytest.mark.parametrize("bits", [2, 4, 8])
def test_the_border_is_where_the_gain_bends(bits):
    whole, gone = gain_border(bits, F, B)
    assert narrow_gain(whole, bits, F, B) == pytest.approx(16 / bits)
    assert narrow_gain(1.01 * whole, bits, F, B) < 16 / bits - 1e-3
    assert narrow_gain(0.99 * gone, bits, F, B) > 1.001
    assert narrow_gain(gone, bits, F, B) == pytest.approx(1)


def test_computing_in_the_narrow_format_gains_everywhere():
    assert {round(narrow_gain(n, 8, F, B, speedup=2), 9) for n in (1, 104, 208, 999)} == {2}


def test_nonsense_is_refused():
    for bits, speedup in ((0, 1), (8, 0)):
        with pytest.raises(ValueError, match="wanted bits and speedup above 0"):
            narrow_gain(1, bits, F, B, speedup)
    with pytest.raises(ValueError, match="wanted bits above 0, got 0"):
        gain_border(0, F, B)


def test_page_says_four_bits_keep_their_whole_gain_for_half_as_many_and_end_at_the_same_place():
    told = Book().result("inference.fewer_bits")["values"]
    eight, four = told["borders"]["8"], told["borders"]["4"]
    assert four[0] == pytest.approx(eight[0] / 2)
    assert four[1] == eight[1] == pytest.approx(295.3, abs=0.1)
    by = {row["weights"]: row for row in told["rows"]}
    assert by["4 bits, widened"]["at 200"] == by["8 bits, widened"]["at 200"]
    assert by["4 bits, widened"]["at 1000"] == 1
    assert by["8 bits, computed in 8"]["at 1000"] == 2
