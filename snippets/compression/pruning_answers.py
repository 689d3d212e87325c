"""The answers to the exercises on pruning: what a pruned weight costs in the file.

Source: PyTorch, https://docs.pytorch.org/docs/stable/sparse.html (CSR)
"""

import torch

from snippets.compression.two_of_four import pack_two_of_four, prune_two_of_four


def pruned_bits(kept: float, value_bits: int) -> dict[str, float]:
    """Say how many bits each weight of a large pruned matrix takes, zeros included.

    Args:
        kept: Which share of the weights is not zero, 0 to 1.
        value_bits: What one value takes, such as 16.

    Raises:
        ValueError: If kept is no share.
    """
    if not 0 <= kept <= 1:
        raise ValueError(f"wanted a share from 0 to 1, got {kept}")
    return {
        "dense": value_bits,
        "bit mask": kept * value_bits + 1,
        "CSR, 32-bit indices": kept * (value_bits + 32),
        "CSR, 16-bit indices": kept * (value_bits + 16),
    }


if __name__ == "__main__":
    row = torch.tensor([[0.5, -0.1, 0.2, 0.9, 1.0, 0.0, -3.0, 2.0]])
    values, codes = pack_two_of_four(prune_two_of_four(row, row.abs()))
    stay, byte = [round(x, 1) for x in values[0].tolist()], f"{int(codes[0, 0]):08b}"
    print("1.", *stay, "stay; their places in one byte:", byte)

    WEIGHTS = 7_000_000_000
    gigabytes = {
        name: bits * WEIGHTS / 8 / 1e9 for name, bits in pruned_bits(0.4, value_bits=16).items()
    }
    for name, size in gigabytes.items():
        print(f"2. {name:20} {size:5.2f} GB")

    mask_pays = 1 / 16  # a share of zeros z saves 16 z bits and costs 1
    csr_pays = 1 - 1 / 16  # 16-bit indices cost 16 k bits, the mask costs 1
    for zeros in (mask_pays, csr_pays):
        bits = pruned_bits(1 - zeros, 16)
        told = {name: round(bits[name], 2) for name in ("dense", "bit mask", "CSR, 16-bit indices")}
        print(f"3. bits at {zeros:.2%} zeros:", told)
