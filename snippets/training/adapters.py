"""Take a model's detours off, keep them in a small file, plug others in.

Source: Hu et al. (2021), section 4.2, https://arxiv.org/abs/2106.09685 (switching tasks)
"""

from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from snippets.training.lora import LoRALinear, add_lora


def adapter_weights(model: nn.Module) -> dict[str, Tensor]:
    """Collect the detours of a model by name.

    Raises:
        ValueError: If there is none.
    """
    found = {}
    for name, layer in model.named_modules():
        if isinstance(layer, LoRALinear):
            found |= {f"{name}.lora_a": layer.lora_a, f"{name}.lora_b": layer.lora_b}
    if not found:
        raise ValueError("wanted a model with LoRA layers, got one without")
    return found


def save_adapter(model: nn.Module, path: Path) -> None:
    """Write the detours alone; errors as in `adapter_weights`."""
    save_file({name: w.detach().contiguous() for name, w in adapter_weights(model).items()}, path)


@torch.no_grad()
def plug_in(model: nn.Module, path: Path) -> None:
    """Put the detours of a file in the place of those that a model has.

    Raises:
        ValueError: If the file's detours are others, or of other sizes; nothing has changed then.
    """
    mine, theirs = adapter_weights(model), load_file(path)
    sizes, found = ({n: tuple(w.shape) for n, w in some.items()} for some in (mine, theirs))
    if sizes != found:
        odd = sorted(sizes.items() ^ found.items())[0]
        raise ValueError(f"wanted {len(sizes)} weights as the model has, got {odd[0]} {odd[1]}")
    for name, weight in mine.items():
        weight.copy_(theirs[name])


if __name__ == "__main__":
    from tempfile import TemporaryDirectory

    torch.manual_seed(0)
    guitar = nn.Sequential()
    guitar.add_module("strings", nn.Linear(64, 64, bias=False))
    add_lora(guitar, rank=2, alpha=2, targets=["strings"])
    chord, heard = torch.randn(1, 64), {}
    heard["no pedal"] = guitar(chord)
    with TemporaryDirectory() as folder:
        for pedal in ("fuzz", "wah"):
            nn.init.normal_(guitar.strings.lora_b)  # as if it had been trained
            save_adapter(guitar, Path(folder, pedal))
            heard[pedal] = guitar(chord)
        kilobytes = Path(folder, "fuzz").stat().st_size / 1000
        plug_in(guitar, Path(folder, "fuzz"))
        back = torch.equal(guitar(chord), heard["fuzz"])
    nn.init.zeros_(guitar.strings.lora_b)
    off = torch.equal(guitar(chord), heard["no pedal"])
    print(f"a pedal weighs {kilobytes:.1f} kB, the guitar {64 * 64 * 4 / 1000:.1f} kB")
    print(f"fuzz again sounds like fuzz: {back}; switched off like no pedal: {off}")
