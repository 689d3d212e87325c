import pytest

from sitebuild.book import Book
from snippets.inference.bubble import bubble_share, idle_share, line_schedule


@pytest.mark.parametrize("stages", [1, 2, 3, 7])
@pytest.mark.parametrize("pieces", [1, 2, 5, 13])
def test_counted_is_what_the_formula_says(stages, pieces):
    plan = line_schedule(stages, pieces)
    assert idle_share(plan) == pytest.approx(bubble_share(stages, pieces))
    assert len(set(plan)) == stages * pieces


def test_no_stage_does_two_things_and_no_piece_is_in_two_places():
    plan = line_schedule(3, 5)
    assert len({(stage, start) for stage, _, start in plan}) == 15
    starts = {(stage, piece): start for stage, piece, start in plan}
    assert all(starts[s + 1, p] > starts[s, p] for s in range(2) for p in range(5))


def test_by_hand():
    assert line_schedule(2, 2) == [(0, 0, 0), (1, 0, 1), (0, 1, 1), (1, 1, 2)]
    assert idle_share(line_schedule(2, 2)) == pytest.approx(2 / 6)


@pytest.mark.parametrize(("stages", "pieces"), [(0, 3), (3, 0)])
def test_nothing_is_refused(stages, pieces):
    with pytest.raises(ValueError, match="wanted a stage and a piece"):
        line_schedule(stages, pieces)


def test_page_says_pieces_shrink_the_bubble():
    values = Book().result("inference.bubble")["values"]
    idle = [row["idle"] for row in values["rows"]]
    assert idle == sorted(idle, reverse=True)
    assert all(row["idle"] == row["formula"] for row in values["rows"])
    assert idle[0] > 66 > 6 > idle[-1]
