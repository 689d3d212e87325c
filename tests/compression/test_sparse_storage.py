import pytest
import torch

from sitebuild.book import Book
from snippets.compression.pruning import prune_magnitude
from snippets.compression.sparse_storage import (
    csr_break_even,
    csr_bytes,
    pack_bitmask,
    to_csr,
    unpack_bitmask,
)

OUT, IN = 7, 24


@pytest.mark.parametrize("index_dtype", [torch.int32, torch.int64])
def test_csr_agrees_with_lists_made_by_hand(index_dtype):
    weight = prune_magnitude(torch.randn(OUT, IN), 0.6, by_row=False)
    weight[3] = 0  # a row of nothing
    csr, values, columns, starts = to_csr(weight, index_dtype), [], [], [0]
    for row in weight.tolist():
        for column, value in enumerate(row):
            if value:
                values.append(value)
                columns.append(column)
        starts.append(len(values))
    assert csr.values().tolist() == values
    assert csr.col_indices().tolist() == columns
    assert csr.crow_indices().tolist() == starts
    assert csr.col_indices().dtype == csr.crow_indices().dtype == index_dtype
    assert csr_bytes(csr) == 4 * len(values) + index_dtype.itemsize * (len(values) + OUT + 1)


def test_csr_multiplies_like_dense():
    weight, x = prune_magnitude(torch.randn(OUT, IN), 0.5), torch.randn(IN, 5)
    torch.testing.assert_close(to_csr(weight) @ x, weight @ x)


@pytest.mark.parametrize("index_dtype", [torch.int32, torch.int64])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_break_even_agrees_with_real_bytes(dtype, index_dtype):
    weight = torch.randn(30, 40, dtype=dtype)
    order, first = weight.flatten().abs().argsort(), None
    for zeros in range(0, weight.numel() + 1):  # the first number of zeros at which CSR is smaller
        size = dtype.itemsize + index_dtype.itemsize
        if size * (weight.numel() - zeros) + 31 * index_dtype.itemsize < weight.nbytes:
            first = zeros
            break
    for zeros, smaller in ((first - 1, False), (first, True)):
        pruned = weight.flatten().clone()
        pruned[order[:zeros]] = 0
        csr = to_csr(pruned.view(30, 40), index_dtype)
        assert (csr_bytes(csr) < weight.nbytes) == smaller
    even = csr_break_even(30, 40, dtype.itemsize, index_dtype.itemsize)
    assert (first - 1) / weight.numel() <= even <= first / weight.numel()


def test_bit_mask_unpacks_as_it_was(device):
    for sparsity in (0, 0.3, 1):
        weight = prune_magnitude(torch.randn(OUT, IN, device=device), sparsity, by_row=False)
        values, bits = pack_bitmask(weight)
        assert torch.equal(unpack_bitmask(values, bits), weight)
        assert values.nbytes + bits.nbytes == 4 * int((weight != 0).sum()) + OUT * IN // 8


def test_bits_by_hand():
    values, bits = pack_bitmask(torch.tensor([[0.0, 5.0, 0.0, 0.0, 6.0, 0.0, 0.0, 7.0]]))
    assert values.tolist() == [5, 6, 7]
    assert bits.tolist() == [[0b1001_0010]]


def test_rows_that_do_not_fill_bytes_are_refused():
    with pytest.raises(ValueError, match=r"divisible by 8, got \(7, 12\)"):
        pack_bitmask(torch.ones(OUT, 12))


def test_page_says_zeros_alone_save_nothing_and_csr_is_larger():
    values = Book().result("compression.sparse_storage")["values"]
    size = {row["stored"]: row["bytes"] for row in values["rows"]}
    dense = size["dense"]
    assert size["dense, half of it zeros"] == dense == 4 * 2048**2
    assert size["CSR, 64-bit indices"] > 1.49 * dense
    assert dense < size["CSR, 32-bit indices"] < 1.001 * dense
    assert size["values and a bit mask"] == size["2:4, values and places"] == dense * 17 // 32
    assert size["half of the rows removed"] == dense // 2
    assert values["sixteen_share"] == 9 / 16


def test_page_says_csr_pays_from_half_two_thirds_four_fifths():
    values = Book().result("compression.sparse_storage")["values"]
    zeros = [row["zeros"] for row in values["even"]]
    assert zeros == pytest.approx([1 / 2, 2 / 3, 2 / 3, 4 / 5], abs=0.001)
