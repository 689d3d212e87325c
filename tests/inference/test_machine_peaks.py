import pytest

from sitebuild.book import Book
from snippets.inference.facts_devices import H100_SXM
from snippets.inference.machine_peaks import product_rates, read_rates, roof_of, roof_works


def values():
    return Book().result("inference.machine_peaks")["values"]


def test_rates_are_of_this_world():
    rates = product_rates((17, 64), rounds=1)
    assert set(rates) == {"float32", "bfloat16"}
    assert all(1e5 < rate < 1e15 for per_size in rates.values() for rate in per_size.values())
    assert all(1e8 < rate < 1e13 for rate in read_rates(2**22, rounds=1).values())


def test_the_roof_is_the_best_product_and_the_read():
    seconds = {"read": 4.0, "product 256": 1.0, "product 512": 8.0, "product 1024": 512.0}
    assert roof_of(seconds) == (2 * 256**3, 2**27)
    assert roof_of(seconds | {"product 512": 2.0}) == (4 * 256**3 * 2, 2**27)


def test_what_finds_the_roof_does_what_it_is_called():
    results = {name: work() for name, work in roof_works().items()}
    assert results["read"].tolist() == [8192.0] * 2**14
    for size in (256, 512, 1024):
        assert results[f"product {size}"].shape == (size, size)
        assert (results[f"product {size}"] == size).all()


def test_nothing_to_measure_is_refused():
    with pytest.raises(ValueError, match="sizes of 1 or more, got"):
        product_rates((), 1)
    with pytest.raises(ValueError, match=r"sizes of 1 or more, got \[0, 3\]"):
        product_rates((0, 3), 1)
    with pytest.raises(ValueError, match="product 512, product 1024 missing"):
        roof_of({"read": 1.0, "product 256": 1.0})
    with pytest.raises(ValueError, match="at least 32,768 bytes, got 12"):
        read_rates(12)


def test_page_says_a_core_has_its_ridge_far_left_of_a_card():
    told = values()
    for row in told["rows"]:
        assert row["ridge"] == pytest.approx(row["teraflops"] / row["terabytes"])
        assert 0.5 < row["ridge"] < 150
        assert row["tokens"] < 150  # the earliest knee of a card is at 153
        assert 1e12 * row["teraflops"] < H100_SXM.flops / 100
        assert row["terabytes"] < 0.3


def test_page_says_two_ways_of_reading_agree_within_a_factor_of_four():
    assert 1 <= values()["reads_agree"] < 4


def test_page_says_small_products_waste_the_chef():
    assert values()["small"] < 0.8
