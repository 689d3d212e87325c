"""LoRA: leave a layer as it is and learn a narrow detour around it.

Source: Hu et al. (2021), section 4.1, equation 3, and section 4.2,
https://arxiv.org/abs/2106.09685
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn


class LoRALinear(nn.Module):
    r"""A frozen layer and its detour: $y = W x + \frac{\alpha}{r} B A x$."""

    def __init__(self, base: nn.Module, rank: int, alpha: float):
        """Wrap a layer; nothing changes yet, since B is zero.

        Args:
            base: An `nn.Linear`, or what has its sizes and does its work; it is frozen.
            rank: How many numbers pass through the detour, r.
            alpha: How loud the detour is: its output is multiplied by alpha / rank.

        Raises:
            ValueError: If rank is below 1 or above the smaller size of the layer.
        """
        super().__init__()
        sizes = base.in_features, base.out_features
        if not 1 <= rank <= min(sizes):
            wanted = f"rank from 1 to {min(sizes)} for a layer of {sizes[0]} by {sizes[1]}"
            raise ValueError(f"wanted {wanted}, got {rank}")
        self.base, self.scale = base.requires_grad_(False), alpha / rank
        kind = base.weight.dtype  # adapters of a model in 16 bits learn in 32: steps are tiny
        like = {"device": base.weight.device, "dtype": torch.promote_types(kind, torch.float32)}
        self.lora_a = nn.Parameter(torch.empty(rank, sizes[0], **like))  # (R, I)
        self.lora_b = nn.Parameter(torch.zeros(sizes[1], rank, **like))  # (O, R)
        nn.init.kaiming_uniform_(self.lora_a, a=5**0.5)

    def forward(self, x: Tensor) -> Tensor:
        """Turn x `(..., I)` into `(..., O)`, in the dtype of x."""
        detour = x.to(self.lora_a.dtype) @ self.lora_a.T @ self.lora_b.T  # (..., O)
        return self.base(x) + (self.scale * detour).to(x.dtype)

    def change(self) -> Tensor:
        """What the detour adds to the weight: `(O, I)`, of rank r at most."""
        return self.scale * self.lora_b @ self.lora_a


def add_lora(model: nn.Module, rank: int, alpha: float, targets: Sequence[str]) -> nn.Module:
    """Freeze a model and put a detour around some of its linear layers.

    Args:
        model: Changed in place.
        rank: As in `LoRALinear`.
        alpha: As in `LoRALinear`.
        targets: Last parts of the layers' names, such as "query" and "value".

    Returns:
        The same model; only the detours are trainable.

    Raises:
        ValueError: If a target matches no layer, or as in `LoRALinear`.
    """
    chosen = choose_layers(linear_layers(model), targets)
    model.requires_grad_(False)
    for name, layer in chosen.items():
        model.set_submodule(name, LoRALinear(layer, rank, alpha))
    return model


def choose_layers(layers: dict[str, nn.Module], targets: Sequence[str]) -> dict[str, nn.Module]:
    """Keep the layers whose names end in a target; a ValueError if one matches none."""
    last = {name: name.rpartition(".")[2] for name in layers}
    if not targets or not set(targets) <= set(last.values()):
        raise ValueError(f"wanted targets among {sorted(set(last.values()))}, got {list(targets)}")
    return {name: layer for name, layer in layers.items() if last[name] in targets}


def linear_layers(model: nn.Module) -> dict[str, nn.Module]:
    """Find the layers that can get a detour, by name."""
    return {n: m for n, m in model.named_modules() if n and hasattr(m, "in_features")}


@torch.no_grad()
def merge_lora(model: nn.Module) -> nn.Module:
    """Add every detour to its layer's weight and take it away: same answers, no extra work.

    Returns:
        The same model, with plain linear layers again.

    Raises:
        ValueError: If there is no detour.
    """
    wrapped = [(name, m) for name, m in model.named_modules() if isinstance(m, LoRALinear)]
    if not wrapped:
        raise ValueError("wanted a model with LoRA layers to merge, got one without")
    for name, layer in wrapped:
        weight = layer.base.weight
        merged = nn.Linear(layer.base.in_features, layer.base.out_features, False, "meta")
        merged.weight = nn.Parameter((weight + layer.change()).to(weight.dtype), False)
        merged.bias = getattr(layer.base, "bias", None)
        model.set_submodule(name, merged)
    return model


if __name__ == "__main__":
    torch.manual_seed(0)
    plain = nn.Linear(4, 3, bias=False)
    x = torch.tensor([[1.0, 2.0, 3.0, 4.0]])
    before = plain(x)
    layer = LoRALinear(plain, rank=1, alpha=1)
    same = torch.equal(layer(x), before)
    print(f"before the first step the outputs are equal to the bit: {same}")
    with torch.no_grad():
        layer.lora_a.copy_(torch.tensor([[1.0, 0.0, 0.0, 1.0]]))  # listens to inputs 1 and 4
        layer.lora_b.copy_(torch.tensor([[0.0], [10.0], [0.0]]))  # speaks to output 2
    moved = (layer(x) - before).detach().round(decimals=3)[0].tolist()
    print(f"the detour adds {moved}: (1 + 4) times 10, at one output")
    counts = {"layer": plain.weight.numel(), "detour": layer.lora_a.numel() + layer.lora_b.numel()}
    rank = int(torch.linalg.matrix_rank(layer.change()))
    print(f"numbers: {counts}; rank of the change: {rank}")
