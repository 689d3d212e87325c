"""What zeros weigh: the same half-empty matrix in five ways of storing it, in bytes.

Sources: Mishra et al. (2021), section 3.1, https://arxiv.org/abs/2104.08378 (2:4); PyTorch,
https://docs.pytorch.org/docs/stable/sparse.html (CSR: compressed sparse rows)
"""

import warnings

import torch
from torch import Tensor

from snippets.compression.pruning import prune_magnitude
from snippets.compression.two_of_four import pack_two_of_four, prune_two_of_four


def to_csr(weight: Tensor, index_dtype: torch.dtype = torch.int32) -> Tensor:
    """Write down only what is not zero: values, their columns, and where each row starts.

    Args:
        weight: `(out, in)`.
        index_dtype: torch.int32 or torch.int64 for columns and row starts.

    Returns:
        A sparse tensor that PyTorch can multiply with, `(out, in)`.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Sparse CSR tensor support is in beta")
        plain = weight.to_sparse_csr()
        starts, columns = (x.to(index_dtype) for x in (plain.crow_indices(), plain.col_indices()))
        return torch.sparse_csr_tensor(
            starts, columns, plain.values(), weight.shape, check_invariants=True
        )


def csr_bytes(csr: Tensor) -> int:
    """Count the bytes of the three lists of a CSR tensor."""
    return sum(part.nbytes for part in (csr.crow_indices(), csr.col_indices(), csr.values()))


def csr_break_even(rows: int, columns: int, value_bytes: int, index_bytes: int) -> float:
    """Say from which share of zeros on CSR is smaller than the plain matrix."""
    kept = (rows * columns * value_bytes - (rows + 1) * index_bytes) / (value_bytes + index_bytes)
    return 1 - kept / (rows * columns)


def pack_bitmask(weight: Tensor) -> tuple[Tensor, Tensor]:
    """Keep what is not zero, and one bit for every weight that says whether it is.

    Args:
        weight: `(out, in)`, in divisible by 8.

    Returns:
        Values `(kept)`, row by row, and bits `(out, in / 8)`, uint8, lowest bit first.

    Raises:
        ValueError: If a row does not fill whole bytes.
    """
    if weight.ndim != 2 or weight.shape[1] % 8:
        raise ValueError(f"wanted (out, in) with in divisible by 8, got {tuple(weight.shape)}")
    used = weight != 0
    bits = used.unflatten(-1, (-1, 8)) << torch.arange(8, device=weight.device)
    return weight[used], bits.sum(-1).to(torch.uint8)


def unpack_bitmask(values: Tensor, bits: Tensor) -> Tensor:
    """Put values back where the bits say; `(out, in)`, zeros elsewhere."""
    used = (bits[..., None] >> torch.arange(8, device=bits.device) & 1).flatten(-2).bool()
    return values.new_zeros(used.shape).masked_scatter_(used, values)


if __name__ == "__main__":
    SIDE = 2048
    weight = torch.randn(SIDE, SIDE, generator=torch.Generator().manual_seed(0))
    half, fours = prune_magnitude(weight, 0.5), prune_two_of_four(weight, weight.abs())
    stored = {
        "dense": weight.nbytes,
        "dense, half of it zeros": half.nbytes,
        "CSR, 64-bit indices": csr_bytes(to_csr(half, torch.int64)),
        "CSR, 32-bit indices": csr_bytes(to_csr(half)),
        "values and a bit mask": sum(part.nbytes for part in pack_bitmask(half)),
        "2:4, values and places": sum(part.nbytes for part in pack_two_of_four(fours)),
        "half of the rows removed": weight[: SIDE // 2].clone().nbytes,
    }
    rows = [
        {"stored": name, "bytes": size, "share": size / weight.nbytes}
        for name, size in stored.items()
    ]
    for row in rows:
        print(f"{row['stored']:26} {row['bytes']:12,} bytes {row['share']:7.2%}")
    even = [
        {"values": f"{bits}-bit", "indices": f"{8 * index}-bit",
         "zeros": csr_break_even(SIDE, SIDE, bits // 8, index)}
        for bits in (32, 16) for index in (4, 8)
    ]  # fmt: skip
    for row in even:
        print(f"{row['values']} values, {row['indices']} indices: CSR pays from {row['zeros']:.1%}")
    sixteen = [part.nbytes for part in pack_two_of_four(fours.half())]
    sixteen_share = sum(sixteen) / fours.half().nbytes
    print(f"2:4 of 16-bit numbers: {sixteen_share:.2%} = 9/16")
