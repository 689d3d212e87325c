import pytest

from sitebuild.book import Book
from snippets.inference.rank_lost import lose_a_rank


@pytest.mark.parametrize(("how", "victim"), [("killed", 0), ("stuck", 2)])
def test_those_who_stay_say_who_is_lost_within_seconds(how, victim):
    notes = lose_a_rank(how, world=3, victim=victim, wait=1.0)
    assert [note["rank"] for note in notes] == [n for n in range(3) if n != victim]
    for note in notes:
        assert note["says"].startswith(f"rank {victim} of 3 was lost in all_reduce number 6.")
        assert "start all ranks again" in note["says"]
        assert note["seconds"] < 20
        if how == "stuck":
            assert note["seconds"] > 1.0  # as long as an exchange may take


def test_page_says_an_error_comes_within_seconds_instead_of_half_an_hour():
    values = Book().result("inference.rank_lost")["values"]
    assert values["default_minutes"] == 30
    assert len(values["rows"]) == 4
    assert values["slowest"]["killed"] < 6
    assert values["PATIENCE"] <= values["slowest"]["stuck"] < values["PATIENCE"] + 6
    assert values["says"].startswith("rank 1 of 3")
