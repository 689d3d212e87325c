import struct

import gguf
import numpy as np
import pytest

from snippets.model.gguf_file import GGUFTensor, dequantize_gguf, read_gguf
from snippets.model.smollm2_file import find_smollm2


@pytest.fixture(scope="module")
def path():
    return find_smollm2()


@pytest.fixture(scope="module")
def ours(path):
    return read_gguf(path)


@pytest.fixture(scope="module")
def theirs(path):
    return gguf.GGUFReader(path)


def test_metadata_agrees_with_the_gguf_package(ours, theirs):
    metadata, _ = ours
    for key, field in theirs.fields.items():
        if not key.startswith("GGUF."):
            assert metadata[key] == field.contents(), key
    assert len(metadata) == len([k for k in theirs.fields if not k.startswith("GGUF.")])


def test_tensors_agree_with_the_gguf_package(ours, theirs):
    _, tensors = ours
    assert list(tensors) == [tensor.name for tensor in theirs.tensors]
    for tensor in theirs.tensors:
        found = tensors[tensor.name]
        assert found.shape == tuple(int(n) for n in reversed(tensor.shape))
        assert found.kind == tensor.tensor_type.name
        assert np.array_equal(found.data, tensor.data.view(np.uint8).reshape(-1))


@pytest.mark.parametrize("name", ["output_norm.weight", "blk.7.attn_k.weight", "token_embd.weight"])
def test_numbers_agree_with_the_gguf_package(ours, theirs, name):
    tensor = next(t for t in theirs.tensors if t.name == name)
    expected = gguf.quants.dequantize(tensor.data, tensor.tensor_type)
    np.testing.assert_array_equal(dequantize_gguf(ours[1][name]), expected)


def test_two_blocks_by_hand():
    halves = np.arange(16, dtype=np.uint8)  # weight i is i in the low half, 15 - i in the high
    packed = (halves | ((15 - halves) << 4)).tobytes()
    block = np.frombuffer(np.array([2.0, -3.0], np.float16).tobytes() + packed, np.uint8)
    numbers = dequantize_gguf(GGUFTensor((1, 32), "Q4_1", block))
    assert numbers.tolist() == [[2 * i - 3 for i in [*range(16), *reversed(range(16))]]]
    signed = np.array([-5] * 32, np.int8).tobytes()
    block = np.frombuffer(np.array([0.5], np.float16).tobytes() + signed, np.uint8)
    assert dequantize_gguf(GGUFTensor((32,), "Q8_0", block)).tolist() == [-2.5] * 32


def test_a_file_cut_short_anywhere_is_told_in_one_sentence(path, tmp_path):
    with path.open("rb") as file:
        head = file.read(1_800_000)
    cut = tmp_path / "cut.gguf"
    for length in [*range(0, 80), *range(81, 4000, 97), 50_001, 700_003, len(head)]:
        cut.write_bytes(head[:length])
        with pytest.raises(ValueError, match="is cut short: "):
            read_gguf(cut)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"GGML" + struct.pack("<IQQ", 3, 0, 0), "wanted a GGUF file of version 3, got b'GGML'"),
        (b"GGUF" + struct.pack("<IQQ", 9, 0, 0), "version 9"),
        (b"GGUF" + struct.pack("<IQQQcI", 3, 0, 1, 1, b"k", 99), "value of unknown type 99"),
        (
            b"GGUF" + struct.pack("<IQQQcIQIQ", 3, 1, 0, 1, b"t", 1, 32, 2, 0) + bytes(64),
            "'t' is of kind 2; wanted one of F32, Q4_1, Q8_0",
        ),
    ],
)
def test_what_it_cannot_read_is_refused(tmp_path, data, said):
    path = tmp_path / "odd.gguf"
    path.write_bytes(data)
    with pytest.raises(ValueError, match=said):
        read_gguf(path)
