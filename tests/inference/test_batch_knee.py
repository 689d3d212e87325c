import pytest

from sitebuild.book import Book
from snippets.inference.batch_knee import KNEE_BATCHES, fit_knee, layer_works
from snippets.inference.roofline import break_even_tokens, forward_time


def values():
    return Book().result("inference.batch_knee")["values"]


@pytest.mark.parametrize(("flops", "bandwidth", "width"), [(312e12, 1.5e12, 2), (7e10, 5e9, 4)])
def test_finds_the_knee_of_times_that_follow_the_two_clocks(flops, bandwidth, width):
    seconds = {n: forward_time(1e9, n, flops, bandwidth, width) for n in (1, 8, 64, 4096)}
    assert fit_knee(seconds) == pytest.approx(break_even_tokens(flops, bandwidth, width))


def test_every_batch_goes_up_and_down():
    """Ones through matrices of ones: each number is 23 x 31."""
    for batch, work in layer_works(23, 31, (1, 5, 7)).items():
        assert work().shape == (int(batch), 23)
        assert (work() == 23 * 31).all()


def test_nothing_to_measure_is_refused():
    for sizes in ((0, 3, (1,)), (3, 0, (1,)), (3, 3, ()), (3, 3, (1, 0))):
        with pytest.raises(ValueError, match="sizes of 1 or more"):
            layer_works(*sizes)
    with pytest.raises(ValueError, match="at least 2 batch sizes, got 1"):
        fit_knee({1: 0.5})


def test_page_says_no_time_is_off_by_more_than_a_factor_of_five():
    told = values()
    assert [row["tokens"] for row in told["rows"]] == list(KNEE_BATCHES)
    assert all(0.5 < row["ratio"] < 5 for row in told["rows"])


def test_page_says_the_knee_is_found_within_a_factor_of_three():
    told = values()
    assert 1 / 3 < told["measured_knee"] / told["predicted_knee"] < 3


def test_page_says_flat_first_and_rising_at_the_end():
    told = values()
    assert told["eight_for_one"] < 5  # eight tokens, and by no means eight times
    assert told["four_times"] > 1.4
    assert told["megabytes"] > 400  # more than a cache holds
