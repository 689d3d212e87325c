"""The feed-forward network: every token alone goes up, through a bend, and down again.

Sources: Vaswani et al. (2017), section 3.3, equation 2, https://arxiv.org/abs/1706.03762;
Shazeer (2020), equation 6, https://arxiv.org/abs/2002.05202 (SwiGLU)
"""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn.functional import gelu, relu, silu


class SwiGLU(nn.Module):
    """Two ways up, from C to F numbers; one is bent and gates the other; one way down."""

    def __init__(self, d_model: int, d_ffn: int):
        super().__init__()
        self.gate = nn.Linear(d_model, d_ffn, bias=False)
        self.up = nn.Linear(d_model, d_ffn, bias=False)
        self.down = nn.Linear(d_ffn, d_model, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """Work on each token of x `(B, T, C)` alone; `(B, T, C)` again."""
        inner = silu(self.gate(x)) * self.up(x)  # (B, T, F)
        return self.down(inner)


def dead_share(bend: Callable[[Tensor], Tensor], x: Tensor) -> float:
    """Measure for which share of the inputs a bend passes no gradient at all."""
    x = x.clone().requires_grad_()
    (slope,) = torch.autograd.grad(bend(x).sum(), x)
    return float((slope == 0).double().mean())


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    torch.manual_seed(0)
    ffn, x = SwiGLU(8, 24), torch.randn(1, 3, 8)
    changed = x.clone()
    changed[0, 0] += 1.0
    moved = (ffn(changed) - ffn(x)).abs().amax(-1)[0]
    touched = [bool(gap > 0) for gap in moved]
    print("change the first of three tokens; outputs that change:", touched)

    numbers = torch.randn(1_000_000)
    dead = {f.__name__: round(dead_share(f, numbers), 2) for f in (relu, gelu, silu)}
    print("share of random inputs that get no gradient:", dead)

    grid = torch.linspace(-4, 4, 81)
    figure, ax = plt.subplots(figsize=(6.4, 3.0))
    for name, bend in {"ReLU": relu, "GELU": gelu, "SiLU": silu}.items():
        ax.plot(grid, bend(grid), label=name)
    ax.legend()
    ax.set(title="Three bends", xlabel="number in", ylabel="number out")
    plt.show()
