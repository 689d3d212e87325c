"""Cut two matrices so that a bend lies between them and one sum at the end is enough.

Source: Shoeybi et al. (2019), "Megatron-LM", section 3 (first matrix by columns, second by rows),
https://arxiv.org/abs/1909.08053
"""

import torch
from torch import Tensor


def cut_well(x: Tensor, a: Tensor, b: Tensor, ranks: int) -> list[Tensor]:
    """Give each rank some columns of a and the matching rows of b; the shares add up to the result.

    Args:
        x: `(C,)`, known to all ranks.
        a: `(C, F)`, before the bend.
        b: `(F, C)`, behind it.
        ranks: How many; must divide F.

    Returns:
        What each rank can work out alone, `(C,)` each: relu(x A_i) B_i.

    Raises:
        ValueError: If F cannot be dealt out evenly.
    """
    if a.shape[1] % ranks:
        raise ValueError(f"{ranks} ranks cannot share {a.shape[1]} columns evenly")
    columns, rows = a.chunk(ranks, dim=1), b.chunk(ranks, dim=0)
    return [(x @ some).relu() @ matching for some, matching in zip(columns, rows, strict=True)]


def cut_badly(x: Tensor, a: Tensor, b: Tensor, ranks: int) -> list[Tensor]:
    """Cut a by rows instead: each bends its share of x A before anybody knows the sum."""
    shares = zip(x.chunk(ranks), a.chunk(ranks, dim=0), strict=True)
    return [(some @ rows).relu() @ b for some, rows in shares]


if __name__ == "__main__":
    x = torch.tensor([1.0, 2.0])
    a = torch.tensor([[3.0, -1.0, 2.0, 0.0], [-1.0, 1.0, -3.0, 1.0]])
    b = torch.tensor([[1.0, 0.0], [0.0, 2.0], [5.0, 5.0], [1.0, 1.0]])
    bent = (x @ a).relu()
    whole = (bent @ b).tolist()
    print(f"x A = {(x @ a).tolist()}, bent {bent.tolist()}; times B: {whole}")
    shares = [share.tolist() for share in cut_well(x, a, b, 2)]
    added = sum(cut_well(x, a, b, 2)).tolist()
    print(f"cut by columns, then rows: {shares[0]} + {shares[1]} = {added}")
    early = sum(cut_badly(x, a, b, 2)).tolist()
    print(f"cut by rows, bent too early: {early}")
