import pytest
from matplotlib.figure import Figure

from snippets.compression.ptq_qat_diagram import PTQ_WAY, QAT_WAY, draw_way


@pytest.mark.parametrize(("way", "again"), [(PTQ_WAY, None), (QAT_WAY, 2)])
def test_every_step_is_drawn_once_from_top_to_bottom(way, again):
    ax = Figure().subplots()
    heights = draw_way(ax, "title", way, again)
    texts = [text.get_text() for text in ax.texts if text.get_text()]
    assert [text for text in texts if text != "many\ntimes"] == list(way)
    assert heights == sorted(heights, reverse=True)
    assert 0 < heights[-1] < heights[0] < 1
    arrows = [text for text in ax.texts if not text.get_text()]
    assert len(arrows) == len(way) - 1 + (again is not None)


def test_ways_that_lead_nowhere_are_refused():
    for steps, again in ((("one",), None), (PTQ_WAY, 5)):
        with pytest.raises(ValueError, match="wanted two steps or more"):
            draw_way(Figure().subplots(), "title", steps, again)
