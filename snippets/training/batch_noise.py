"""How large should a training batch be? As large as its slopes are noisy.

Source: McCandlish et al. (2018), section 2.2 and appendix A.1, https://arxiv.org/abs/1812.06162
(the simple noise scale)
"""

import torch
from torch import Tensor, nn

from snippets.basics.learning import wrongness
from snippets.model.characters import play_ids
from snippets.model.tiny import RECIPE, load_tiny
from snippets.model.training import random_windows
from snippets.tools.threads import with_threads


def gradient_of(model: nn.Module, ids: Tensor) -> Tensor:
    """Give all slopes of the loss on ids `(B, T + 1)` as one vector `(N,)`, in 64 bits."""
    slopes = torch.autograd.grad(wrongness(model, ids), list(model.parameters()))
    return torch.cat([slope.flatten() for slope in slopes]).double()


def noise_scale(gradients: Tensor) -> float:
    r"""Compare how much single texts disagree with what they agree on.

    $\operatorname{tr}(\Sigma) / |G|^2$, both without bias, where $G$ is the true slope and $\Sigma$
    the covariance of the slopes of single texts.

    Args:
        gradients: `(B, N)`, the slopes of B texts by themselves.

    Returns:
        A number of texts; infinite where the mean slope drowns in the noise.

    Raises:
        ValueError: If there are fewer than 2 texts.
    """
    count = len(gradients)
    if gradients.ndim != 2 or count < 2:
        raise ValueError(f"wanted slopes (B, N) of 2 texts or more, got {tuple(gradients.shape)}")
    spread = gradients.var(0).sum().item()  # tr(Sigma)
    signal = gradients.mean(0).square().sum().item() - spread / count
    return spread / signal if signal > 0 else float("inf")


def worth_of(batch: int, scale: float) -> float:
    """Say which share of the best possible progress a step with so many texts makes."""
    return 1 / (1 + scale / batch)


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    _, ids, _ = play_ids()
    rows, seeds = [], range(3)
    figure, ax = plt.subplots(figsize=(6.4, 2.8))
    with with_threads(1):
        for steps in (0, 100, 1_000):
            model, scales = load_tiny(steps)[0], []
            for seed in seeds:
                chance = torch.Generator().manual_seed(seed)
                texts = random_windows(ids, 64, RECIPE.window, chance)  # (64, T + 1)
                scales.append(
                    noise_scale(torch.stack([gradient_of(model, t[None]) for t in texts]))
                )
            row = {"steps": steps, "scale": sorted(scales)[1]}
            row |= {"least": min(scales), "most": max(scales)}
            rows.append(row)
            told = [f"{float(f'{row[name]:.2g}'):,g}" for name in ("scale", "least", "most")]
            print("after {:5,} steps: noise scale {} texts ({} to {})".format(steps, *told))
            ax.plot(range(1, 257), [worth_of(n, row["scale"]) for n in range(1, 257)],
                    label=f"after {steps:,} steps")  # fmt: skip
    ax.set_xscale("log", base=2)
    ax.set(title="What a step is worth", xlabel="texts in the batch", ylim=(0, 1.5))
    ax.set_ylabel("share of the best step")
    ax.set_yticks([0, 0.5, 1])
    ax.legend(ncol=2, loc="upper left")
    plt.show()
