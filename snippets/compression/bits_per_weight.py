"""What a weight really costs once its scale is counted, and what a wanted accuracy costs.

Source: Dettmers et al. (2023), section 3, "Double Quantization", counts its constants in the same
way: https://arxiv.org/abs/2305.14314.
"""

import torch
from torch import Tensor

from snippets.compression.integer import dequantize_integer, quantize_absmax
from snippets.compression.quantization import rounding_error


def bits_per_weight(bits: int, block: int, scale_bits: int = 16) -> float:
    """Add each weight's share of the scale that its block keeps.

    Raises:
        ValueError: If a count is not positive.
    """
    if min(bits, block, scale_bits) < 1:
        raise ValueError(f"counts must be positive, got {bits}, {block} and {scale_bits}")
    return bits + scale_bits / block


def fewest_bits(x: Tensor, share: float) -> int:
    """Find the fewest bits whose error is below `share` of the typical size of x.

    Raises:
        ValueError: If not even 16 bits are enough.
    """
    size = x.square().mean().sqrt().item()
    for bits in range(2, 17):
        if rounding_error(x, bits) < share * size:
            return bits
    raise ValueError(f"16 bits are too few for an error below {share} of the weights")


if __name__ == "__main__":
    readings = torch.tensor([-3.1, 0.9, 6.3, 2.6])
    q, step = quantize_absmax(readings, bits=3)
    back = dequantize_integer(q, step)
    integers, three_bit_step = q.tolist(), round(step.item(), 3)
    decoded = [round(value, 3) for value in back.tolist()]
    worst = round((back - readings).abs().max().item(), 3)
    print(f"1. step {three_bit_step}, integers", *integers, "back as", *decoded, f"worst {worst}")

    PARAMETERS = 7_000_000_000
    cost = bits_per_weight(4, block=32)
    gigabytes, naive = PARAMETERS * cost / 8 / 1e9, PARAMETERS * 4 / 8 / 1e9
    print(f"2. {cost} bits a weight: {gigabytes:.2f} GB, not {naive:.2f} GB")

    weights = 0.02 * torch.randn(512, 512, generator=torch.Generator().manual_seed(0))
    enough = fewest_bits(weights, 0.001)
    print("3. an error below 0.1 % takes", enough, "bits")
