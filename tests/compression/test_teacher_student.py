import pytest
from matplotlib.figure import Figure

from snippets.compression.teacher_student import LESSON_ARROWS, LESSON_BOXES, draw_boxes


def test_every_box_and_every_arrow_is_drawn_once():
    ax = Figure().subplots()
    draw_boxes(ax, LESSON_BOXES, LESSON_ARROWS)
    texts = [text.get_text() for text in ax.texts]
    assert [text for text in texts if text] == list(LESSON_BOXES)
    assert texts.count("") == len(LESSON_ARROWS)


def test_both_read_the_same_text_and_both_are_compared():
    """Every way leads to the last box: one over the teacher, one over the student."""
    ways, done = [(0,)], []
    while ways:
        way = ways.pop()
        more = [(*way, end) for start, end in LESSON_ARROWS if start == way[-1]]
        ways += more
        done += [] if more else [way]
    names = list(LESSON_BOXES)
    assert sorted(done) == [(0, 1, 3, 5), (0, 2, 4, 5)]
    assert [names[way[1]].split("\n")[0] for way in sorted(done)] == ["teacher", "student"]


def test_an_arrow_to_nowhere_is_refused():
    with pytest.raises(ValueError, match=r"between 6 boxes, got \[\(0, 6\)\]"):
        draw_boxes(Figure().subplots(), LESSON_BOXES, ((0, 6), (1, 2)))
