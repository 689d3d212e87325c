"""Weights that are costly to make: make them once, keep them in a file, map that into memory.

Source: the safetensors format, https://huggingface.co/docs/safetensors
"""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from filelock import FileLock
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from snippets.tools.cache_folder import cache_folder


def kept_under(
    name: str, made_from: bytes, make: Callable[[], dict[str, Tensor]]
) -> dict[str, Tensor]:
    """Keep weights in the cache folder; a change in what they are made from makes them anew.

    Args:
        name: What the file's name starts with.
        made_from: Recipe, versions and data, as bytes; the file's name ends with their digest.
        make: Makes the weights, as in `kept_weights`; errors also as there.
    """
    digest = hashlib.sha256(made_from).hexdigest()[:16]
    return kept_weights(cache_folder() / f"{name}-{digest}.safetensors", make)


def kept_weights(path: Path, make: Callable[[], dict[str, Tensor]]) -> dict[str, Tensor]:
    """Open the copy; make it first if there is none, or none that is sound.

    Two programs that need the same copy at once make it once: the second one waits.

    Args:
        path: Where the copy lies; its name says what it is made from.
        make: Makes the weights; each must fill a multiple of 8 bytes.

    Raises:
        OSError: If the copy cannot be kept or read back.
    """
    weights = open_weights(path)
    if weights is None:
        with FileLock(path.with_suffix(".lock")):
            weights = open_weights(path)  # another program may just have made it
            if weights is None:
                weights = make()  # used as they are: mapping them too would need twice the memory
                keep_weights(path, weights)
                if open_weights(path) is None:
                    raise OSError(f"{path} cannot be read back: is the disk full or broken?")
    return weights


def keep_weights(path: Path, weights: dict[str, Tensor]) -> None:
    """Write weights in one piece or not at all, with a check sum in the head.

    Raises:
        OSError: If there is no room, or no permission.
    """
    part = path.with_suffix(f".{os.getpid()}.part")
    total = sum(int(weight.flatten().view(torch.int64).sum()) for weight in weights.values())
    try:
        save_file(weights, part, {"checksum": str(total % 2**64)})
        os.replace(part, path)
    except (OSError, SafetensorError) as error:
        megabytes = sum(weight.nbytes for weight in weights.values()) // 1_000_000
        raise OSError(f"cannot keep {megabytes} MB in {path.parent}: {error}") from None
    finally:
        part.unlink(missing_ok=True)


def open_weights(path: Path) -> dict[str, Tensor] | None:
    """Map a copy into memory; None if there is none, or if a number in it has changed."""
    try:
        with safe_open(path, "pt") as file:
            if (file.metadata() or {}).get("checksum") == _checksum(path):
                return {name: file.get_tensor(name) for name in file.offset_keys()}
    except (OSError, SafetensorError):
        pass
    return None


def _checksum(path: Path) -> str:
    """Add up all that stands behind the head, as 64-bit words: nearly as fast as a plain read."""
    total, words = 0, np.zeros(2**17, np.int64)
    with path.open("rb", buffering=0) as file:
        file.seek(8 + int.from_bytes(file.read(8), "little"))
        while count := file.readinto(words):
            total += int(words[: count // 8].sum())
    return str(total % 2**64)


if __name__ == "__main__":
    from tempfile import TemporaryDirectory

    made = []

    def make() -> dict[str, Tensor]:
        """Pretend that this took long."""
        made.append(len(made) + 1)
        return {"primes": torch.tensor([2.0, 3.0, 5.0, 7.0])}

    with TemporaryDirectory() as folder:
        copy = Path(folder, "primes.safetensors")
        for _ in range(3):
            primes = kept_weights(copy, make)["primes"].tolist()
    print(f"asked 3 times, made {len(made)} time: {primes}")
