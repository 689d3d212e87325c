"""Muon: give every direction in a matrix's update the same strength.

Source: Jordan et al. (2024), https://kellerjordan.github.io/posts/muon/. PyTorch's own Muon rounds
to bfloat16, which is slow on processors without instructions for it; this one stays in float32.
"""

import torch
from torch import Tensor

NEWTON_SCHULZ = (3.4445, -4.775, 2.0315)  # makes small singular values large in five rounds


def orthogonalize(matrices: Tensor, rounds: int = 5) -> Tensor:
    """Bring all singular values of matrices `(..., M, N)` near 1 and leave directions alone."""
    if matrices.shape[-2] > matrices.shape[-1]:
        return orthogonalize(matrices.mT, rounds).mT
    a, b, c = NEWTON_SCHULZ
    x = matrices / matrices.norm(dim=(-2, -1), keepdim=True).clamp(min=1e-7)  # (..., M, N)
    for _ in range(rounds):
        square = x @ x.mT  # (..., M, M)
        x = a * x + (b * square + c * square @ square) @ x  # (..., M, N)
    return x


class Muon(torch.optim.Optimizer):
    """Momentum, orthogonalized. For matrices only; matrices of one shape are handled together."""

    def __init__(self, weights: list[Tensor], lr: float = 0.02, momentum: float = 0.95):
        if any(weight.ndim != 2 for weight in weights):
            raise ValueError(f"wanted matrices only, got {[tuple(w.shape) for w in weights]}")
        shapes: dict[torch.Size, list[Tensor]] = {}
        for weight in weights:
            shapes.setdefault(weight.shape, []).append(weight)
        super().__init__([{"params": same} for same in shapes.values()], {"lr": lr})
        self.momentum = momentum

    @torch.no_grad()
    def step(self) -> None:
        """Change all weights once."""
        for group in self.param_groups:
            weights = group["params"]
            gradient = torch.stack([weight.grad for weight in weights])  # (n, M, N)
            past = group.setdefault("past", torch.zeros_like(gradient))
            past.lerp_(gradient, 1 - self.momentum)
            update = orthogonalize(gradient.lerp(past, self.momentum))  # (n, M, N)
            tall = max(1.0, gradient.shape[-2] / gradient.shape[-1]) ** 0.5
            for weight, change in zip(weights, update, strict=True):
                weight.sub_(change, alpha=group["lr"] * tall)


if __name__ == "__main__":
    torch.manual_seed(0)
    gradient = torch.diag(torch.tensor([8.0, 4.0, 1.0, 0.2]))
    before = torch.linalg.svdvals(gradient)
    after = torch.linalg.svdvals(orthogonalize(gradient))
    strengths = {
        "before": [round(float(x / before[0]), 2) for x in before],
        "after": [round(float(x), 2) for x in after],
    }
    print("strength of four directions:", strengths)
