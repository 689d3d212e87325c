"""Read a GGUF file: what is written at its head, and its tensors.

Source: GGUF specification, version 3, https://github.com/ggml-org/ggml/blob/master/docs/gguf.md;
block layouts in ggml-common.h of the same repository.
"""

import math
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

# Number in the file -> code of the struct module.
GGUF_SCALARS = dict(zip((0, 1, 2, 3, 4, 5, 6, 7, 10, 11, 12), "BbHhIif?Qqd", strict=True))
GGUF_STRING, GGUF_ARRAY = 8, 9
# Number in the file -> (name, weights in a block, bytes of a block).
BLOCK_KINDS = {0: ("F32", 1, 4), 3: ("Q4_1", 32, 20), 8: ("Q8_0", 32, 34)}


@dataclass(frozen=True)
class GGUFTensor:
    """A tensor as it lies in the file: `shape` as PyTorch has it, `data` the bytes, unread."""

    shape: tuple[int, ...]
    kind: str
    data: np.ndarray


class _Head:
    """Walk over the head of a file, never beyond its end."""

    def __init__(self, data: np.ndarray):
        self.data, self.place = memoryview(data), 0

    def take(self, count: int) -> memoryview:
        if count > len(self.data) - self.place:
            have = f"{len(self.data):,} bytes"
            raise ValueError(f"the GGUF file is cut short: it ends after {have}, inside its head")
        self.place += count
        return self.data[self.place - count : self.place]

    def numbers(self, code: str, count: int) -> tuple:
        size = count * struct.calcsize("<" + code)
        return struct.unpack(f"<{count}{code}", self.take(size))

    def number(self, code: str) -> Any:
        return self.numbers(code, 1)[0]

    def text(self) -> str:
        return str(self.take(self.number("Q")), "utf-8", "replace")

    def value(self, kind: int) -> Any:
        if kind != GGUF_ARRAY:
            return self.values(kind, 1)[0]
        inner, count = self.number("I"), self.number("Q")
        return self.values(inner, count)

    def values(self, kind: int, count: int) -> list:
        if kind == GGUF_STRING:
            return [self.text() for _ in range(count)]
        if kind not in GGUF_SCALARS:
            raise ValueError(f"the GGUF file holds a value of unknown type {kind}")
        return list(self.numbers(GGUF_SCALARS[kind], count))


def read_gguf(path: Path) -> tuple[dict[str, Any], dict[str, GGUFTensor]]:
    """Read the metadata and find every tensor, without reading the tensors themselves.

    Args:
        path: The file.

    Returns:
        Metadata by key, and tensors by name; the bytes of a tensor are mapped, not loaded.

    Raises:
        ValueError: If it is no GGUF file of version 3, is cut short, or has tensors of a kind
            other than F32, Q4_1 and Q8_0.
    """
    data = np.memmap(path, np.uint8, "r") if path.stat().st_size else np.zeros(0, np.uint8)
    head = _Head(data)
    magic, version = bytes(head.take(4)), head.number("I")
    if magic != b"GGUF" or version != 3:
        raise ValueError(f"wanted a GGUF file of version 3, got {magic!r}, version {version}")
    n_tensors, n_values = head.number("Q"), head.number("Q")
    metadata = {}
    for _ in range(n_values):
        key = head.text()
        metadata[key] = head.value(head.number("I"))
    infos = [_tensor_info(head) for _ in range(n_tensors)]
    align = metadata.get("general.alignment", 32)
    start = -(-head.place // align) * align  # rounded up
    return metadata, {name: _locate(data, start + at, name, s, k) for name, s, k, at in infos}


def _tensor_info(head: _Head) -> tuple[str, tuple[int, ...], int, int]:
    """Read name, shape (the file has it back to front), kind and place of a tensor."""
    name, n_axes = head.text(), head.number("I")
    axes = [head.number("Q") for _ in range(min(n_axes, 9))]
    return name, tuple(reversed(axes)), head.number("I"), head.number("Q")


def _locate(data: np.ndarray, at: int, name: str, shape: tuple[int, ...], kind: int) -> GGUFTensor:
    if kind not in BLOCK_KINDS:
        known = ", ".join(label for label, _, _ in BLOCK_KINDS.values())
        raise ValueError(f"tensor {name!r} is of kind {kind}; wanted one of {known}")
    label, weights, size = BLOCK_KINDS[kind]
    end = at + math.prod(shape) // weights * size
    if end > len(data):
        raise ValueError(f"the GGUF file is cut short: {name!r} ends at {end:,} of {len(data):,}")
    return GGUFTensor(shape, label, data[at:end])


def dequantize_gguf(tensor: GGUFTensor) -> np.ndarray:
    """Turn the blocks of a tensor back into numbers.

    Q8_0: 32 signed bytes times a 16-bit scale. Q4_1: 32 half-bytes times a scale plus a minimum.

    Returns:
        float32 of the tensor's shape.
    """
    if tensor.kind == "F32":
        return tensor.data.view("<f4").astype(np.float32).reshape(tensor.shape)  # a copy of its own
    size = {"Q8_0": 34, "Q4_1": 20}[tensor.kind]
    blocks = tensor.data.reshape(-1, size)  # (blocks, size)
    scale = blocks[:, :2].copy().view(np.float16).astype(np.float32)  # (blocks, 1)
    if tensor.kind == "Q8_0":
        return (blocks[:, 2:].view(np.int8) * scale).reshape(tensor.shape)
    low = blocks[:, 2:4].copy().view(np.float16).astype(np.float32)  # (blocks, 1)
    halves = np.concatenate([blocks[:, 4:] & 15, blocks[:, 4:] >> 4], axis=1)  # (blocks, 32)
    return (halves * scale + low).reshape(tensor.shape)
