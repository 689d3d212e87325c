"""A corpus that every reader has: the documentation inside PyTorch and NumPy.

Source: the public docstrings of torch 2.13.0 and numpy 2.4.6 (both BSD), read where they stand
"""

import inspect
from collections.abc import Iterator
from dataclasses import dataclass, is_dataclass
from importlib import import_module

import numpy as np
import torch

SHORTEST_TEXT = 121  # characters; what is shorter mostly says "see there"
TORCH_MODULES = (
    "amp autograd autograd.forward_ad autograd.functional autograd.graph autograd.profiler "
    "distributions export fft func futures fx hub library linalg masked nested nn nn.attention "
    "nn.functional nn.init nn.parallel nn.utils nn.utils.parametrizations nn.utils.parametrize "
    "nn.utils.prune nn.utils.rnn optim optim.lr_scheduler optim.swa_utils profiler random "
    "signal.windows sparse special utils.checkpoint utils.data"
)  # no torch.cuda, no torch.distributed: they differ from machine to machine
NUMPY_MODULES = (
    "exceptions fft lib.format lib.mixins lib.npyio lib.scimath lib.stride_tricks linalg "
    "polynomial.polynomial random rec strings testing"
)  # one of the six families of polynomials: their texts are the same but for a name


@dataclass(frozen=True)
class DocEntry:
    """One thing with a name, and what its docstring says."""

    name: str
    text: str


def docstring_corpus() -> list[DocEntry]:
    """Collect the public docstrings of more than 120 characters, each text once, by name.

    Where several names share a text (`numpy.abs`, `numpy.absolute`), the shortest stands for all.
    """
    names: dict[str, str] = {}
    modules = [torch.__name__, *(f"torch.{name}" for name in TORCH_MODULES.split())]
    modules += [np.__name__, *(f"numpy.{name}" for name in NUMPY_MODULES.split())]
    for module in modules:
        for name, value in _public(module):
            text = _clean_text(value)
            if len(text) >= SHORTEST_TEXT:
                known = names.setdefault(text, name)
                names[text] = min(known, name, key=lambda n: (len(n), n))
    return [DocEntry(name, text) for name, text in sorted((n, t) for t, n in names.items())]


def _public(module: str) -> Iterator[tuple[str, object]]:
    """Go through what a module offers, and through the members of its classes."""
    content = vars(import_module(module))  # unlike getattr, it wakes no deprecated name
    for name in content.get("__all__", content):
        value = content.get(name)
        origin = getattr(value, "__module__", None)
        here = not isinstance(origin, str) or origin.split(".")[0] in ("torch", "numpy")
        if name.startswith("_") or not here or not callable(value):
            continue
        if isinstance(value, type):
            if issubclass(value, np.generic):
                continue  # their texts name the machine
            parents = [b for b in value.__bases__ if b.__module__ == "torch._C"]
            members = {k: v for part in (*parents, value) for k, v in vars(part).items()}
            yield from ((f"{module}.{name}.{k}", v) for k, v in members.items() if k[0] != "_")
        yield f"{module}.{name}", value


def _clean_text(value: object) -> str:
    """Give the docstring without its margin; "" if it has none of its own."""
    text = getattr(value, "__doc__", None)
    if not isinstance(text, str) or (text == type(value).__doc__):
        return ""
    if is_dataclass(value) and text.startswith(f"{value.__name__}("):
        return ""  # written by Python, and by each version in its own way
    return "\n".join(line.rstrip() for line in inspect.cleandoc(text).splitlines())


if __name__ == "__main__":
    corpus = docstring_corpus()
    entries, characters = len(corpus), sum(len(entry.text) for entry in corpus)
    print(f"{entries:,} entries, {characters:,} characters")
    example = next(entry for entry in corpus if entry.name == "torch.cumsum")
    print(f"{example.name}: {' '.join(example.text.split())[:90]} ...")
