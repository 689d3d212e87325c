"""Write a GGUF file: a head that says what is in it, then the tensors as they are.

Source: GGUF specification, version 3, https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
"""

import math
import os
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from snippets.compression.gguf_blocks import BLOCK_LAYOUTS, quantize
from snippets.compression.k_quants import K_LAYOUTS
from snippets.model.gguf_file import GGUF_ARRAY, GGUF_SCALARS, GGUF_STRING, GGUFTensor, read_gguf

ALIGNMENT = 32  # every tensor begins at a multiple of so many bytes
_KINDS = ("F32", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q4_K", "Q6_K")
KIND_NUMBERS = dict(zip(_KINDS, (0, 2, 3, 6, 7, 8, 12, 14), strict=True))
_NUMBERS = {np.dtype("<" + code): number for number, code in GGUF_SCALARS.items()}


def gguf_tensor(x: np.ndarray, kind: str = "F32") -> GGUFTensor:
    """Pack numbers `(..., N)`, float32, for a file; errors as in `gguf_blocks.quantize`."""
    if kind != "F32":
        return GGUFTensor(x.shape, kind, quantize(x, kind).reshape(-1))
    if x.dtype != np.float32:
        raise ValueError(f"wanted float32, got {x.dtype}")
    return GGUFTensor(x.shape, kind, np.ascontiguousarray(x, "<f4").reshape(-1).view(np.uint8))


def write_gguf(path: Path, metadata: Mapping[str, Any], tensors: Mapping[str, GGUFTensor]) -> None:
    """Write a file that GGUF readers open; what stood there before stays if anything goes wrong.

    Args:
        path: Where to; its folder must exist.
        metadata: Whole numbers are kept in 32 bits if they fit, others in 64, floats in 32; arrays
            of numpy keep their type. Programs that run models want "general.architecture".
        tensors: What to keep, in this order; see `gguf_tensor`.

    Raises:
        ValueError: If a name is empty or too long, a kind unknown, a value of no type that the
            format has, or if the bytes of a tensor do not fit its shape.
        OSError: If there is no room, or no permission.
    """
    values = b"".join(_text(key) + _value(key, metadata[key]) for key in metadata)
    infos, place = b"", 0
    for name, tensor in tensors.items():
        infos += _tensor_info_bytes(name, tensor, place)
        place += _padded(tensor.data.nbytes)
    head = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(metadata)) + values + infos
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            file.write(head.ljust(_padded(len(head)), b"\0"))
            for tensor in tensors.values():
                file.write(np.ascontiguousarray(tensor.data).data)
                file.write(bytes(_padded(tensor.data.nbytes) - tensor.data.nbytes))
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def _padded(size: int) -> int:
    return -(-size // ALIGNMENT) * ALIGNMENT


def _text(text: str) -> bytes:
    data = text.encode()
    return struct.pack("<Q", len(data)) + data


def _value(key: str, value: Any) -> bytes:
    """Write the number of a type, then the value itself."""
    if not key or len(key.encode()) > 65_535:
        raise ValueError(f"a key has 1 to 65,535 bytes, got {len(key.encode()):,}")
    if key == "general.alignment" and value != ALIGNMENT:
        raise ValueError(f"general.alignment must be {ALIGNMENT}, got {value!r}")
    if isinstance(value, str):
        return struct.pack("<I", GGUF_STRING) + _text(value)
    if isinstance(value, list | tuple) and value and all(isinstance(item, str) for item in value):
        head = struct.pack("<IIQ", GGUF_ARRAY, GGUF_STRING, len(value))
        return head + b"".join(map(_text, value))
    numbers = value if isinstance(value, np.ndarray | np.generic) else _typed(key, value)
    number = _NUMBERS.get(numbers.dtype.newbyteorder("<"))
    if number is None or numbers.ndim > 1:
        raise ValueError(f"{key!r} holds {numbers.dtype}, {numbers.shape}, which GGUF has not")
    head = (number,) if numbers.ndim == 0 else (GGUF_ARRAY, number)
    count = b"" if numbers.ndim == 0 else struct.pack("<Q", len(numbers))
    data = numbers.astype(numbers.dtype.newbyteorder("<")).tobytes()
    return struct.pack(f"<{len(head)}I", *head) + count + data


def _typed(key: str, value: Any) -> np.ndarray:
    """Choose the type of plain numbers: bool, else 32 bits if they fit, else 64."""
    items = list(value) if isinstance(value, list | tuple) else [value]
    kinds = {type(item) for item in items}
    if kinds == {bool}:
        return np.array(value)
    if kinds <= {int, float} and float in kinds:
        return np.array(value, np.float32)
    if kinds == {int}:
        low, high = min(items), max(items)
        for code in "IiqQ":
            limits = np.iinfo(code)
            if limits.min <= low and high <= limits.max:
                return np.array(value, code)
    raise ValueError(f"{key!r} must hold text, numbers, or a list of either, got {value!r:.60}")


def _tensor_info_bytes(name: str, tensor: GGUFTensor, place: int) -> bytes:
    """Write name, shape (back to front), kind and place of a tensor."""
    if not 1 <= len(name.encode()) <= 63:
        raise ValueError(f"the name of a tensor has 1 to 63 bytes, got {name!r}")
    if tensor.kind not in KIND_NUMBERS:
        raise ValueError(f"{name!r} is of kind {tensor.kind!r}; wanted {', '.join(KIND_NUMBERS)}")
    weights = 1 if tensor.kind == "F32" else 256 if tensor.kind in K_LAYOUTS else 32
    size = 4 if tensor.kind == "F32" else (BLOCK_LAYOUTS | K_LAYOUTS)[tensor.kind].itemsize
    if not 1 <= len(tensor.shape) <= 4 or min(tensor.shape) < 1 or tensor.shape[-1] % weights:
        wanted = f"1 to 4 axes, the last a multiple of {weights}"
        raise ValueError(f"{name!r} has shape {tensor.shape}; wanted {wanted}")
    expected = math.prod(tensor.shape) // weights * size
    if tensor.data.dtype != np.uint8 or tensor.data.nbytes != expected:
        got = f"{tensor.data.nbytes:,} of {tensor.data.dtype}"
        raise ValueError(f"{name!r} must have {expected:,} bytes, uint8, got {got}")
    axes = tuple(reversed(tensor.shape))
    kind = KIND_NUMBERS[tensor.kind]
    return _text(name) + struct.pack(f"<I{len(axes)}QIQ", len(axes), *axes, kind, place)


if __name__ == "__main__":
    from tempfile import TemporaryDirectory

    matrix = np.random.default_rng(0).standard_normal((64, 128)).astype(np.float32)
    tensors = {"matrix": gguf_tensor(matrix, "Q8_0"), "norm": gguf_tensor(matrix[0])}
    with TemporaryDirectory() as folder:
        path = Path(folder, "two-tensors.gguf")
        write_gguf(path, {"general.architecture": "none", "layers": 2}, tensors)
        file_bytes, beginning = path.stat().st_size, path.read_bytes()[:8]
        metadata, found = read_gguf(path)
        shapes = {name: tensor.shape for name, tensor in found.items()}
    tensor_bytes = sum(tensor.data.nbytes for tensor in tensors.values())
    print(f"{file_bytes:,} bytes, {tensor_bytes:,} of them tensors; begins with {beginning!r}")
    print("read back:", metadata, shapes)
