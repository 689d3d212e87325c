"""2:4 sparsity: of every four neighbours two stay, and two bits say where each one stood.

Source: Mishra et al. (2021), section 3.1 and figure 1, https://arxiv.org/abs/2104.08378
"""

import torch
from torch import Tensor


def prune_two_of_four(weight: Tensor, scores: Tensor) -> Tensor:
    """Replace the two lowest scores among every four neighbours of a row by zero.

    Args:
        weight: `(out, in)`, in divisible by 4.
        scores: `(out, in)`, finite: |W| or anything better. Of equals, the later ones go.

    Raises:
        ValueError: If rows cannot be cut into fours, or shapes differ.
    """
    if weight.shape != scores.shape or weight.shape[-1] % 4:
        got = f"{tuple(weight.shape)} and {tuple(scores.shape)}"
        raise ValueError(f"wanted two equal shapes with rows of fours, got {got}")
    fours = scores.unflatten(-1, (-1, 4))  # (out, in / 4, 4)
    theirs, mine = fours[..., None, :], fours[..., None]  # compare each of four with each
    earlier = torch.ones(4, 4, dtype=torch.bool, device=weight.device).tril(-1)
    ahead = ((theirs > mine) | ((theirs == mine) & earlier)).sum(-1)  # who beats me, 0 to 3
    return weight.masked_fill((ahead >= 2).flatten(-2), 0.0)


def pack_two_of_four(weight: Tensor) -> tuple[Tensor, Tensor]:
    """Store a 2:4 matrix in little more than half of its bytes.

    Args:
        weight: `(out, in)`, in divisible by 8, with two zeros at least in every four neighbours.

    Returns:
        Values `(out, in / 2)` in the dtype of weight, and places `(out, in / 8)`, uint8: two bits
        for each value, so four values' places in a byte, the first one lowest.

    Raises:
        ValueError: If more than two of four are not zero, or rows cannot be cut into eights.
    """
    if weight.ndim != 2 or weight.shape[1] % 8:
        raise ValueError(f"wanted (out, in) with in divisible by 8, got {tuple(weight.shape)}")
    fours = weight.unflatten(-1, (-1, 4))  # (out, in / 4, 4)
    used = fours != 0
    if (most := int(used.sum(-1).max())) > 2:
        raise ValueError(f"wanted at most 2 weights in every 4 neighbours, got {most}")
    places = used.int().argsort(dim=-1, descending=True, stable=True)[..., :2].sort(-1).values
    values = fours.gather(-1, places).flatten(-2)  # (out, in / 2)
    shifts = torch.tensor([0, 2, 4, 6], device=weight.device)
    codes = (places.flatten(-2).unflatten(-1, (-1, 4)) << shifts).sum(-1).to(torch.uint8)
    return values, codes


def unpack_two_of_four(values: Tensor, codes: Tensor) -> Tensor:
    """Put values `(out, in / 2)` back into their places; `(out, in)`, zeros elsewhere."""
    shifts = torch.tensor([0, 2, 4, 6], device=values.device)
    places = (codes[..., None].long() >> shifts & 3).flatten(-2)  # (out, in / 2)
    fours = values.new_zeros(len(values), values.shape[1] // 2, 4)
    pairs = (values.shape[1] // 2, 2)
    fours.scatter_(-1, places.unflatten(-1, pairs), values.unflatten(-1, pairs))
    return fours.flatten(-2)


if __name__ == "__main__":
    weight = torch.tensor([[0.1, -0.9, 0.4, 0.0, -0.3, 0.7, 0.2, -0.8]], dtype=torch.float16)
    pruned = prune_two_of_four(weight, weight.abs())
    values, codes = pack_two_of_four(pruned)
    for name, row in {"before": weight, "two of four": pruned, "values": values}.items():
        print(f"{name:12}", " ".join("   ." if x == 0 else f"{x:4.1f}" for x in row[0].tolist()))
    bits = f"{int(codes[0, 0]):08b}"
    print(
        "places      ", " ".join(str(int(bits[at : at + 2], 2)) for at in (6, 4, 2, 0)), "=", bits
    )
    packed_bytes, dense_bytes = values.nbytes + codes.nbytes, weight.nbytes
    same = torch.equal(unpack_two_of_four(values, codes), pruned)
    print(f"{packed_bytes} bytes instead of {dense_bytes}; unpacked as it was: {same}")
