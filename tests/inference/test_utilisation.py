import pytest
import torch

from sitebuild.book import Book
from snippets.inference.facts_devices import H100_SXM
from snippets.inference.utilisation import busiest, measure_utilisation
from snippets.model.transformer import Transformer, TransformerConfig

V = 23


def small():
    return Transformer(TransformerConfig(V, 16, 2, 4, 2, 4, 29, 32))


def test_mfu_and_hfu_differ_by_what_is_done_twice():
    ids = torch.randint(V, (2, 14))
    ways = measure_utilisation(small(), ids, 1e12, times=1)
    once, again = ways["kept"], ways["recomputed"]
    assert once["mfu"] == once["hfu"]
    assert 1.15 < again["hfu"] / again["mfu"] < 1.34


def test_operations_over_seconds_over_peak():
    model, ids = small(), torch.randint(V, (3, 8))
    row = measure_utilisation(model, ids, 5e11, times=1)["kept"]
    matrices = sum(w.numel() for w in model.parameters() if w.ndim == 2)
    assert row["mfu"] * row["seconds"] * 5e11 == pytest.approx(6 * matrices * 3 * 7)


def test_a_product_takes_time():
    assert 1e6 < busiest(64, 1) < 1e15


def test_bad_input_is_refused():
    with pytest.raises(ValueError, match="at least 1, got 0 and 1"):
        busiest(0, 1)
    with pytest.raises(ValueError, match="peak above 0 and at least 1 try, got 0 and 3"):
        measure_utilisation(small(), torch.zeros(1, 3, dtype=torch.int64), 0, 3)


def test_page_says_wide_models_keep_it_busier_and_recomputing_costs():
    values = Book().result("inference.utilisation")["values"]
    kept = [row for row in values["rows"] if row["way"] == "kept"]
    assert kept[0]["mfu"] < 0.8 * kept[-1]["mfu"]
    for row in values["rows"]:
        assert 0 < row["mfu"] <= row["hfu"] < 1.3
    assert values["slower"] > 1.05
    assert 0.8 < values["same_work"] < 1.2
    assert H100_SXM.flops > 1_000 * values["peak"]
