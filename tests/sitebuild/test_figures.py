import re

import pytest

from sitebuild.figures import LARGEST, SERIES

DRAW = """
import matplotlib.pyplot as plt

if __name__ == "__main__":
    figure, axes = plt.subplots(1, 2)
    for n in range(3):
        axes[0].plot([0, 1, 2], [n, 2 * n, 1], label=str(n))
    axes[0].set(title="Lines", xlabel="x")
    axes[1].pcolormesh([[1, 2], [3, 4]])
    plt.figure().suptitle("Second")
    plt.show()
"""


@pytest.fixture(scope="module")
def drawn(shared_project):
    shared_project.snippet("part.draw_it", DRAW)
    first = shared_project.book.result("part.draw_it")["figures"]
    shared_project.book.runner.cache.memory.clear()
    for path in (shared_project.root / "cache").iterdir():
        path.unlink()
    return first, shared_project.book.result("part.draw_it")["figures"]


def test_a_figure_is_the_same_to_the_byte_when_drawn_again(drawn):
    first, again = drawn
    assert first == again


def test_figures_come_in_order_with_their_titles(drawn):
    assert [figure["title"] for figure in drawn[0]] == ["Lines", "Second"]


def test_ink_follows_the_text_and_series_follow_the_theme(drawn):
    svg = drawn[0][0]["svg"]
    assert "currentColor" in svg
    assert {n for n in range(6) if f"var(--series-{n})" in svg} == {0, 1, 2}
    assert not any(colour in svg for colour in SERIES)
    assert "#000000" not in svg


def test_ids_carry_the_name_of_the_snippet_and_every_reference_has_its_id(drawn):
    svg = drawn[0][0]["svg"]
    ids = re.findall(r' id="([^"]*)"', svg)
    assert ids
    assert len(ids) == len(set(ids))
    assert all(name.startswith("part-draw-it-1-") for name in ids)
    assert set(re.findall(r'(?:url\(|href=")#([\w-]+)', svg)) <= set(ids)
    assert not set(ids) & set(re.findall(r' id="([^"]*)"', drawn[0][1]["svg"]))


def test_a_figure_scales_with_its_column_and_keeps_its_text_as_text(drawn):
    head, body = drawn[0][0]["svg"].split(">", 1)
    assert "viewBox" in head
    assert " width=" not in head
    assert "--natural: 460.8pt" in head
    assert ">Lines</text>" in body
    assert "DejaVu" not in body
    assert "<metadata" not in body


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ("ax.imshow([[1, 2], [3, 4]])", "embeds a bitmap"),
        (f"ax.pcolormesh([[0] * 100] * {LARGEST // 5000})", "characters of 400,000 at most"),
    ],
)
def test_what_a_page_cannot_carry_is_refused(project, call, said):
    text = DRAW.replace('plt.figure().suptitle("Second")', f"ax = axes[1]\n    {call}")
    project.snippet("part.heavy", text)
    with pytest.raises(Exception, match=said):
        project.book.result("part.heavy")
