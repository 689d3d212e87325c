"""QLoRA: the frozen layer shrinks to four bits, the detour around it does not.

Source: Dettmers et al. (2023), section 3 (NF4, double quantization, equations 5 and 6),
https://arxiv.org/abs/2305.14314
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn.functional import pad

from snippets.compression.integer import quantize_absmax
from snippets.compression.nf4 import nf4_levels, quantize_nf4
from snippets.model.smollm2 import SMOLLM2_NAMES
from snippets.training.lora import choose_layers

LINEAR_NAMES = [name.rpartition(".")[2] for name in SMOLLM2_NAMES if "norm" not in name]
BLOCK, BIG_BLOCK = 64, 256  # weights that share a scale; scales that share a scale of scales


class NF4Linear(nn.Module):
    """A linear layer that holds four bits for each weight and unpacks them when it works."""

    def __init__(self, plain: nn.Linear):
        """Pack a layer's weight.

        Args:
            plain: Its weight `(O, I)` must fill whole blocks; a bias stays as it is.

        Raises:
            ValueError: If it does not.
        """
        super().__init__()
        self.in_features, self.out_features = plain.in_features, plain.out_features
        if plain.weight.numel() % (2 * BLOCK):
            wanted = f"a weight of a multiple of {2 * BLOCK} numbers"
            raise ValueError(f"wanted {wanted}, got {plain.weight.numel()}")
        self.bias, self.dtype = plain.bias, plain.weight.dtype
        codes, absmax = quantize_nf4(plain.weight.detach(), BLOCK)
        pairs = codes.view(-1, 2)
        self.register_buffer("packed", pairs[:, 0] * 16 + pairs[:, 1])  # (O I / 2), uint8
        mean, small, scale = double_quantize(absmax)
        self.register_buffer("mean", mean)  # ()
        self.register_buffer("small", small)  # (O I / 64 / 256, 256), int8
        self.register_buffer("scale", scale)  # (O I / 64 / 256, 1)
        levels = nf4_levels().to(self.packed.device)
        self.register_buffer("two_levels", torch.cartesian_prod(levels, levels), persistent=False)

    @property
    def weight(self) -> Tensor:
        """The weight unpacked, `(O, I)`, in the dtype that it had before."""
        blocks = self.packed.numel() * 2 // BLOCK
        absmax = (self.small * self.scale).flatten()[:blocks, None] + self.mean  # (blocks, 1)
        numbers = self.two_levels[self.packed.int()].view(blocks, BLOCK)  # a byte is two codes
        return (numbers * absmax).view(self.out_features, self.in_features).to(self.dtype)

    def forward(self, x: Tensor) -> Tensor:
        """Turn x `(..., I)` into `(..., O)`."""
        y = _UnpackAndMultiply.apply(x, self)
        return y if self.bias is None else y + self.bias


class _UnpackAndMultiply(torch.autograd.Function):
    """Multiply by a weight that exists only meanwhile; the way back unpacks it once more."""

    @staticmethod
    def forward(ctx, x: Tensor, layer: NF4Linear) -> Tensor:
        ctx.layer = layer
        return x @ layer.weight.T

    @staticmethod
    def backward(ctx, slope: Tensor) -> tuple[Tensor, None]:
        return slope @ ctx.layer.weight, None


def double_quantize(absmax: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Keep scales as 8-bit integers: what remains of them once their mean is gone.

    Args:
        absmax: `(N,)`, float32.

    Returns:
        The mean `()`, integers `(N / 256, 256)`, int8, and their scales `(N / 256, 1)`, so that
        `integers * scales + mean` comes near the scales. N is rounded up.
    """
    mean = absmax.mean()
    rows = pad(absmax - mean, (0, -len(absmax) % BIG_BLOCK)).view(-1, BIG_BLOCK)
    return mean, *quantize_absmax(rows, bits=8, axis=0)


def quantize_base(model: nn.Module, targets: Sequence[str]) -> nn.Module:
    """Pack the layers with these last names, in place.

    Raises:
        ValueError: If a target matches no layer, or a weight does not fill whole blocks.
    """
    plain = {n: m for n, m in model.named_modules() if isinstance(m, nn.Linear)}
    for name, layer in choose_layers(plain, targets).items():
        model.set_submodule(name, NF4Linear(layer))
    return model


def stored_bits(layer: NF4Linear) -> float:
    """Count the bits that a packed layer keeps for each weight, its scales included."""
    kept = (layer.packed, layer.small, layer.scale, layer.mean)
    return 8 * sum(part.nbytes for part in kept) / (layer.in_features * layer.out_features)


if __name__ == "__main__":
    torch.manual_seed(0)
    plain = nn.Linear(1024, 1024, bias=False)
    nn.init.normal_(plain.weight, std=0.02)
    layer = NF4Linear(plain)
    told = {
        "four bits": 4.0,
        "with a float32 scale for each block": 4 + 32 / BLOCK,
        "with scales in 8 bits": round(stored_bits(layer), 3),
    }
    for name, bits in told.items():
        print(f"{name:36} {bits:.3f} bits a weight")
    weight = plain.weight.detach()
    miss = float((layer.weight - weight).std() / weight.std())
    print(f"a typical weight is off by {miss:.0%} of a typical weight")
