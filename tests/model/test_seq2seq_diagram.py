import matplotlib as mpl
import pytest
from matplotlib.figure import Figure

from snippets.model.seq2seq_diagram import draw_translator, kept_numbers

mpl.use("agg")


@pytest.mark.parametrize("length", [1, 5, 53])
def test_the_counts_are_those_of_the_formula(length):
    width = 7
    kept = kept_numbers(length, width)
    assert kept["z"] == width
    assert kept["all summaries"] == length * width
    # going back needs every token, every summary, and what the first step started from
    assert kept["kept for training"] == (2 * length + 1) * width


def test_page_says_z_has_one_size_for_any_text_and_the_rest_grows():
    short, long = kept_numbers(5, 256), kept_numbers(500, 256)
    assert short["z"] == long["z"] == 256
    assert long["all summaries"] == 100 * short["all summaries"]
    assert 50 < long["kept for training"] / short["kept for training"] <= 100


@pytest.mark.parametrize("lines", [False, True])
def test_every_cell_that_writes_is_joined_with_every_cell_that_reads(lines):
    ax = Figure().subplots()
    draw_translator(ax, ["a", "b", "c"], ["x", "y"], lines)
    assert len(ax.lines) == (3 * 2 if lines else 0)
    words = [text.get_text() for text in ax.texts if text.get_text()]
    assert words.count("RNN") == 5
    assert set("abcxyz") <= set(words)


def test_nothing_to_read_is_refused():
    with pytest.raises(ValueError, match=r"words on both sides, got \[\]"):
        draw_translator(Figure().subplots(), [], ["x"], False)
    with pytest.raises(ValueError, match="T > 0"):
        kept_numbers(0, 7)
