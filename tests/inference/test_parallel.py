from pathlib import Path

import pytest

from sitebuild.book import Book
from snippets.inference.parallel import all_reduce_bytes, weight_bytes
from snippets.inference.ring_all_reduce import ring_bytes
from snippets.model.transformer import Transformer, TransformerConfig
from tests.inference.test_ranks import copy_of, run_and_count_orphans


@pytest.fixture(scope="module")
def values():
    return Book().result("inference.parallel")["values"]


def test_bytes_by_hand():
    assert all_reduce_bytes(layers=2, width=5, tokens=3, number_bytes=4) == 2 * 2 * 3 * 5 * 4


def test_weights_are_added_up():
    model = Transformer(TransformerConfig(7, 4, 1, 1, 1, 4, 3, context=5))
    assert weight_bytes(model) == 4 * (7 * 4 + 4 * 16 + 3 * 12 + 3 * 4)


def test_page_says_logits_and_text_are_those_of_one_process(values):
    assert values["ranks"] == 3
    assert 0 < values["first"]["gap"] < 1e-3 < values["first"]["largest"] / 1000
    assert values["first"]["same"] is True
    assert "Paris" in values["first"]["text"]


def test_page_says_every_byte_is_accounted_for(values):
    for row in values["rows"]:
        assert row["carried"] == values["expected"] == 60 * values["tokens"] * 576 * 4
        assert row["all_reduces"] == 60
    assert values["ring"] == ring_bytes(3, values["expected"])


def test_page_says_linux_saw_the_ring_and_labels_on_the_parcels(values):
    if values["first"]["written"] is None:
        pytest.skip("this system does not tell")
    for row in values["rows"]:
        assert values["ring"] < row["written"] < 1.02 * values["ring"]
        assert row["written"] == values["ring"] + 60 * int(values["labels"].replace(",", ""))


def test_page_says_each_holds_a_third_and_the_table_of_tokens(values):
    table = 49_152 * 576 * 4
    third = (values["whole"] - table) / 3 + table
    for row in values["rows"]:
        assert row["weights"] == pytest.approx(third, rel=0.001)  # norms are whole, too
        assert values["whole"] / 3 < row["weights"] < values["whole"] / 2


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs Linux's /proc")
def test_the_published_copy_does_the_same_under_torchrun(tmp_path):
    torchrun = ["-m", "torch.distributed.run", "--nproc-per-node", "3"]
    copy = copy_of("inference.parallel", tmp_path)
    said = run_and_count_orphans([*torchrun, str(copy)])
    assert said == Book().result("inference.parallel")["stdout"]
