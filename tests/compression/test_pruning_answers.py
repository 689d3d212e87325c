import pytest
import torch

from sitebuild.book import Book
from snippets.compression.pruning import prune_magnitude
from snippets.compression.pruning_answers import pruned_bits
from snippets.compression.sparse_storage import csr_bytes, pack_bitmask, to_csr


def test_agrees_with_the_bytes_of_tensors():
    weight = prune_magnitude(torch.randn(64, 640).bfloat16(), 0.6)
    bits = {name: per * weight.numel() / 8 for name, per in pruned_bits(0.4, 16).items()}
    assert bits["dense"] == weight.nbytes
    assert bits["bit mask"] == sum(part.nbytes for part in pack_bitmask(weight))
    lists = csr_bytes(to_csr(weight)) - 65 * 4  # without the row starts
    assert bits["CSR, 32-bit indices"] == pytest.approx(lists)


def test_page_says_where_mask_and_csr_begin_to_pay():
    for step in (-0.001, 0.001):
        at = pruned_bits(1 - (1 / 16 + step), 16)
        assert (at["bit mask"] < at["dense"]) == (step > 0)
        at = pruned_bits(1 - (15 / 16 + step), 16)
        assert (at["CSR, 16-bit indices"] < at["bit mask"]) == (step > 0)


def test_page_says_the_answers():
    values = Book().result("compression.pruning_answers")["values"]
    assert (values["stay"], values["byte"]) == ([0.5, 0.9, -3.0, 2.0], "11101100")
    assert values["gigabytes"]["CSR, 32-bit indices"] > values["gigabytes"]["dense"]
    assert values["gigabytes"]["bit mask"] == pytest.approx(7e9 * (0.4 * 2 + 1 / 8) / 1e9)


@pytest.mark.parametrize("kept", [-0.1, 40])
def test_no_share_is_refused(kept):
    with pytest.raises(ValueError, match=f"share from 0 to 1, got {kept}"):
        pruned_bits(kept, 16)
