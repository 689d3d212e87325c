import gguf
import numpy as np
import pytest

from snippets.compression.gguf_blocks import BLOCK_LAYOUTS, dequantize, quantize
from snippets.compression.gguf_writer import KIND_NUMBERS, gguf_tensor, write_gguf
from snippets.compression.k_quants import K_LAYOUTS
from snippets.model.gguf_file import GGUFTensor, dequantize_gguf, read_gguf
from snippets.model.smollm2_file import find_smollm2

X = np.random.default_rng(0).standard_normal((3, 5, 7, 32 * 11)).astype(np.float32)
METADATA = {
    "general.architecture": "llama",
    "general.alignment": 32,
    "a name": "Größe 😀",
    "nothing": "",
    "true": True,
    "booleans": [True, False],
    "small": 7,
    "below zero": -7,
    "above 31 bits": 2**32 - 1,
    "above 32 bits": 2**32,
    "above 63 bits": 2**64 - 1,
    "far below zero": -(2**63),
    "float": 0.5,
    "floats": [1, 0.25],
    "words": ["", "ab", "ç"],
    "integers": [1, -2, 3],
    "typed": np.array([3, 1, 2], np.int8),
    "one typed": np.float64(0.1),
    "no integers": np.array([], np.int32),
}


def plain(value):
    return value.tolist() if isinstance(value, np.ndarray | np.generic) else value


def test_metadata_come_back_equal_with_both_readers(tmp_path):
    path = tmp_path / "all.gguf"
    write_gguf(path, METADATA, {})
    expected = {key: plain(value) for key, value in METADATA.items()}
    assert read_gguf(path) == (expected, {})
    fields = gguf.GGUFReader(path).fields
    theirs = {k: f.contents() for k, f in fields.items() if not k.startswith("GGUF.")}
    assert theirs == expected


def test_types_are_those_that_llama_cpp_asks_for(tmp_path):
    path = tmp_path / "types.gguf"
    write_gguf(path, METADATA, {})
    fields = gguf.GGUFReader(path).fields
    types = {key: "_".join(t.name for t in fields[key].types) for key in METADATA}
    assert types["small"] == types["above 31 bits"] == types["general.alignment"] == "UINT32"
    assert (types["below zero"], types["float"], types["true"]) == ("INT32", "FLOAT32", "BOOL")
    assert (types["above 32 bits"], types["above 63 bits"]) == ("INT64", "UINT64")
    assert (types["integers"], types["typed"]) == ("ARRAY_INT32", "ARRAY_INT8")
    assert (types["words"], types["one typed"]) == ("ARRAY_STRING", "FLOAT64")


@pytest.mark.parametrize("kind", ["F32", *BLOCK_LAYOUTS])
def test_the_gguf_package_reads_tensors_back(tmp_path, kind):
    path = tmp_path / "tensors.gguf"
    shapes = {"four": X, "three": X[0], "two": X[0, 0], "one": X[0, 0, 0, :32]}
    write_gguf(path, {}, {name: gguf_tensor(x, kind) for name, x in shapes.items()})
    found = gguf.GGUFReader(path).tensors
    assert [tensor.name for tensor in found] == list(shapes)
    for tensor, x in zip(found, shapes.values(), strict=True):
        assert tuple(reversed(tensor.shape.tolist())) == x.shape
        assert (tensor.tensor_type.name, tensor.data_offset % 32) == (kind, 0)
        back = gguf.quants.dequantize(tensor.data, tensor.tensor_type)
        expected = x if kind == "F32" else dequantize(quantize(x, kind), kind)
        np.testing.assert_array_equal(back.reshape(x.shape), expected)


@pytest.mark.parametrize("kind", ["F32", "Q4_1", "Q8_0"])
def test_our_reader_reads_tensors_back(tmp_path, kind):
    path = tmp_path / "tensors.gguf"
    write_gguf(path, {"n": 3}, {"a": gguf_tensor(X, kind), "b": gguf_tensor(X[0], "F32")})
    metadata, tensors = read_gguf(path)
    assert (metadata, list(tensors)) == ({"n": 3}, ["a", "b"])
    expected = X if kind == "F32" else dequantize(quantize(X, kind), kind)
    np.testing.assert_array_equal(dequantize_gguf(tensors["a"]), expected)
    np.testing.assert_array_equal(dequantize_gguf(tensors["b"]), X[0])


def test_the_bytes_are_those_that_the_gguf_package_writes(tmp_path):
    ours, theirs = tmp_path / "ours.gguf", tmp_path / "theirs.gguf"
    metadata = {"general.architecture": "llama", "n": 7, "words": ["a", "bc"], "x": 0.1}
    tensors = {"norm": gguf_tensor(X[0, 0, 0, :37]), "w": gguf_tensor(X[0, 0], "Q5_1")}
    write_gguf(ours, metadata, tensors)
    writer = gguf.GGUFWriter(theirs, "llama")
    writer.add_uint32("n", 7)
    writer.add_array("words", ["a", "bc"])
    writer.add_float32("x", 0.1)
    writer.add_tensor("norm", X[0, 0, 0, :37])
    writer.add_tensor("w", quantize(X[0, 0], "Q5_1"), raw_dtype=gguf.GGMLQuantizationType.Q5_1)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    assert ours.read_bytes() == theirs.read_bytes()


def test_the_real_models_file_can_be_written_again(tmp_path):
    """Only what few readers care about may change: the type of a list of numbers, for instance."""
    path = tmp_path / "again.gguf"
    metadata, tensors = read_gguf(find_smollm2())
    few = dict(list(tensors.items())[-20:])
    metadata = {key: value for key, value in metadata.items() if value != []}
    write_gguf(path, metadata, few)
    again, found = read_gguf(path)
    assert again == metadata
    for name, tensor in few.items():
        assert (found[name].shape, found[name].kind) == (tensor.shape, tensor.kind)
        np.testing.assert_array_equal(found[name].data, tensor.data)


def test_kinds_agree_with_the_gguf_package():
    theirs = {kind: gguf.GGMLQuantizationType[kind].value for kind in KIND_NUMBERS}
    assert theirs == KIND_NUMBERS
    assert set(KIND_NUMBERS) == {"F32", *BLOCK_LAYOUTS, *K_LAYOUTS}


def test_a_file_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "kept.gguf"
    write_gguf(path, {"version": 1}, {})
    before = path.read_bytes()

    def full(*_):
        raise OSError("disk full")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(OSError, match="disk full"):
        write_gguf(path, {"version": 2}, {"a": gguf_tensor(X)})
    assert path.read_bytes() == before
    with pytest.raises(ValueError, match="name of a tensor"):
        write_gguf(path, {}, {"a": gguf_tensor(X), "": gguf_tensor(X)})
    assert [file.name for file in tmp_path.iterdir()] == ["kept.gguf"]


ONE = gguf_tensor(X[0, 0, 0])


@pytest.mark.parametrize(
    ("metadata", "tensors", "said"),
    [
        ({}, {"": ONE}, "the name of a tensor has 1 to 63 bytes, got ''"),
        ({}, {"ä" * 32: ONE}, "has 1 to 63 bytes"),
        ({}, {"a": GGUFTensor((32,), "Q3_K", ONE.data)}, "'a' is of kind 'Q3_K'; wanted F32, Q4_0"),
        ({}, {"a": GGUFTensor((), "F32", ONE.data)}, r"'a' has shape \(\); wanted 1 to 4 axes"),
        ({}, {"a": GGUFTensor((1,) * 5, "F32", ONE.data)}, "wanted 1 to 4 axes"),
        ({}, {"a": GGUFTensor((33,), "Q4_0", ONE.data)}, "the last a multiple of 32"),
        ({}, {"a": GGUFTensor((32,), "Q6_K", ONE.data)}, "the last a multiple of 256"),
        ({}, {"a": GGUFTensor((64,), "Q4_0", ONE.data)}, "'a' must have 36 bytes, .* got 1,408"),
        ({}, {"a": GGUFTensor((352,), "F32", ONE.data.view("f4"))}, "uint8, got 1,408 of float32"),
        ({"": 1}, {}, "a key has 1 to 65,535 bytes, got 0"),
        ({"x": None}, {}, "'x' must hold text, numbers, or a list of either, got None"),
        ({"x": []}, {}, r"got \[\]"),
        ({"x": [1, "a"]}, {}, r"got \[1, 'a'\]"),
        ({"x": [True, 1]}, {}, r"got \[True, 1\]"),
        ({"x": 2**64}, {}, "got 18446744073709551616"),
        ({"x": np.zeros((2, 2), np.int8)}, {}, r"'x' holds int8, \(2, 2\), which GGUF has not"),
        ({"x": np.float16(1)}, {}, "'x' holds float16"),
        ({"general.alignment": 64}, {}, "general.alignment must be 32, got 64"),
    ],
)
def test_what_the_format_cannot_hold_is_refused(tmp_path, metadata, tensors, said):
    with pytest.raises(ValueError, match=said):
        write_gguf(tmp_path / "x.gguf", metadata, tensors)
    assert not list(tmp_path.iterdir())


def test_numbers_of_another_type_are_refused():
    with pytest.raises(ValueError, match="wanted float32, got float64"):
        gguf_tensor(X.astype(np.float64))
    with pytest.raises(ValueError, match="wanted float32, .* got float16"):
        gguf_tensor(X.astype(np.float16), "Q8_0")
