"""GPTQ: round one column after the other, and let those that are still free make up for it.

Source: Frantar et al. (2022), algorithm 1, https://arxiv.org/abs/2210.17323; loudest
columns first: `--act-order` of the authors' code, https://github.com/IST-DASLab/gptq
"""

import torch
from torch import Tensor

from snippets.compression.grid import minmax_grid, output_loss, round_to_nearest, to_grid


def gptq(
    weight: Tensor, inputs: Tensor, bits: int, group_size: int = 64, act_order: bool = False
) -> Tensor:
    """Round a layer so that what it says about the inputs changes little.

    Args:
        weight: `(out, in)`, finite.
        inputs: `(N, in)`, finite: examples of what the layer reads.
        bits: 2 to 8: each row has 2**bits labels at equal distances in every group.
        group_size: How many neighbours in a row share their labels; the last may be fewer.
        act_order: Whether the columns with the loudest inputs are rounded first.

    Returns:
        The rounded weight, float32, `(out, in)`.

    Raises:
        ValueError: If shapes do not fit, or numbers are not finite.
    """
    if inputs.ndim != 2 or weight.ndim != 2 or inputs.shape[1] != weight.shape[1]:
        got = f"{tuple(weight.shape)} and {tuple(inputs.shape)}"
        raise ValueError(f"wanted a weight (out, in) and inputs (N, in), got {got}")
    hessian = inputs.float().T @ inputs.float()  # (in, in)
    return gptq_round(weight, hessian, bits, group_size, act_order)


def gptq_round(
    weight: Tensor, hessian: Tensor, bits: int, group_size: int, act_order: bool = False
) -> Tensor:
    """Do the same, knowing only X^T X, `(in, in)`, of the inputs X."""
    if group_size < 1 or not hessian.isfinite().all():
        raise ValueError(f"wanted finite inputs and groups of at least 1, got {group_size}")
    groups = [minmax_grid(part, bits) for part in weight.float().split(group_size, dim=1)]
    widths = [part.shape[1] for part in weight.split(group_size, dim=1)]
    step, zero = (
        torch.cat([g[n].T.expand(w, -1) for g, w in zip(groups, widths, strict=True)])
        for n in (0, 1)
    )  # (in, out)
    order = torch.arange(len(hessian))
    if act_order:
        order = hessian.diagonal().argsort(descending=True, stable=True)
    free = weight.float().T[order].contiguous()  # (in, out): columns of the weight are rows here
    step, zero = step[order], zero[order]
    blame = _blame(hessian[order][:, order])  # (in, in)
    for start in range(0, len(free), group_size):
        part = slice(start, start + group_size)
        if not act_order:  # what has been made up for so far may have stretched this group
            step[part], zero[part] = (g.T for g in minmax_grid(free[part].T, bits))
        errors = _round_group(free[part], step[part], zero[part], blame[part, part], bits)
        free[part.stop :] -= blame[part, part.stop :].T @ errors
    return free[order.argsort()].T.contiguous()


def _round_group(free: Tensor, step: Tensor, zero: Tensor, blame: Tensor, bits: int) -> Tensor:
    """Round columns `(g, out)` in place, correct the later ones; give the errors, `(g, out)`."""
    errors = torch.empty_like(free)
    for j in range(len(free)):
        rounded = to_grid(free[j], step[j], zero[j], bits)  # (out)
        errors[j] = (free[j] - rounded) / blame[j, j]
        free[j + 1 :] -= blame[j, j + 1 :, None] * errors[j]
        free[j] = rounded
    return errors


def _blame(hessian: Tensor, damping: float = 0.01) -> Tensor:
    """Say how much a later column must move for each unit by which an earlier one is off.

    It is the upper Cholesky factor of the inverse of X^T X, with a little added to the diagonal.
    """
    mean = hessian.diagonal().mean()
    extra = torch.where(mean > 0, damping * mean, 1.0)
    lower = torch.linalg.cholesky(hessian + extra * torch.eye(len(hessian)))
    return torch.linalg.cholesky(torch.cholesky_inverse(lower), upper=True)


if __name__ == "__main__":
    torch.manual_seed(0)
    weight = torch.randn(128, 256)
    inputs = torch.randn(1024, 64) @ torch.randn(64, 256) + torch.randn(1024, 256)
    inputs[:, :8] *= 10  # a few loud channels, as in real models
    hessian = inputs.T @ inputs
    print("bits  nearest   GPTQ  loudest first: share of the output that is lost")
    lost = {}
    for bits in (4, 3, 2):
        ways = (
            round_to_nearest(weight, bits, 64),
            gptq(weight, inputs, bits),
            gptq(weight, inputs, bits, act_order=True),
        )
        lost[bits] = [round(output_loss(weight, way, hessian), 4) for way in ways]
        print(f"{bits:4}", " ".join(f"{share:8.2%}" for share in lost[bits]))
    off = [float((way - weight).norm() / weight.norm()) for way in (*ways,)]
    print("at 2 bits the weights themselves are off by", *(f"{x:.0%}" for x in off))
