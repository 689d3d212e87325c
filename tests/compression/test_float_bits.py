import math
import struct

import ml_dtypes
import numpy as np
import pytest
import torch

from sitebuild.book import Book
from snippets.compression.float_bits import (
    FLOAT_FORMATS,
    decode_float,
    encode_float,
    largest_number,
    short_number,
)

BY_NAME = {layout.name: layout for layout in FLOAT_FORMATS}
ORACLES = {
    "float16": (np.uint16, np.float16, torch.float16),
    "bfloat16": (np.uint16, ml_dtypes.bfloat16, torch.bfloat16),
    "E5M2": (np.uint8, ml_dtypes.float8_e5m2, torch.float8_e5m2),
    "E4M3": (np.uint8, ml_dtypes.float8_e4m3fn, torch.float8_e4m3fn),
    "E2M1": (np.uint8, ml_dtypes.float4_e2m1fn, None),
}


def all_patterns(layout):
    return range(2**layout.bits)


def ours(layout):
    return np.array([decode_float(pattern, layout) for pattern in all_patterns(layout)])


def same_numbers(a, b):
    """Compare with signs of zeros; not-a-numbers must stand in the same places."""
    np.testing.assert_array_equal(a, b)
    np.testing.assert_array_equal(np.signbit(a[a == 0]), np.signbit(b[a == 0]))


@pytest.mark.parametrize("name", ORACLES)
def test_every_pattern_agrees_with_numpy_and_ml_dtypes(name):
    layout, (storage, dtype, _) = BY_NAME[name], ORACLES[name]
    patterns = np.arange(2**layout.bits).astype(storage)
    with np.errstate(invalid="ignore"):  # some NaNs complain when they are copied
        expected = patterns.view(dtype).astype(np.float64)
    same_numbers(ours(layout), expected)


@pytest.mark.parametrize("name", [name for name, oracle in ORACLES.items() if oracle[2]])
def test_every_pattern_agrees_with_pytorch(name):
    layout, (storage, _, dtype) = BY_NAME[name], ORACLES[name]
    patterns = torch.from_numpy(np.arange(2**layout.bits).astype(storage))
    same_numbers(ours(layout), patterns.view(dtype).double().numpy())


def test_float32_agrees_with_the_struct_module():
    patterns = np.random.default_rng(0).integers(0, 2**32, 9973, dtype=np.uint32)
    patterns[:9] = [0, 1, 2**31, 2**31 + 1, 2**23 - 1, 2**23, 0x7F7FFFFF, 0x7F800000, 0xFF800000]
    found = np.array([decode_float(int(pattern), BY_NAME["float32"]) for pattern in patterns])
    expected = np.array([struct.unpack("<f", struct.pack("<I", p))[0] for p in patterns])
    same_numbers(found, expected)


@pytest.mark.parametrize("layout", FLOAT_FORMATS[1:], ids=lambda layout: layout.name)
def test_every_number_is_its_own_nearest(layout):
    for pattern in all_patterns(layout):
        number = decode_float(pattern, layout)
        if math.isfinite(number):
            assert encode_float(number, layout) == pattern


@pytest.mark.parametrize("name", ORACLES)
def test_the_nearest_agrees_with_ml_dtypes(name):
    """Also half way between two neighbours, and a hair to either side."""
    layout, (storage, dtype, _) = BY_NAME[name], ORACLES[name]
    numbers = ours(layout)
    numbers = np.sort(numbers[np.isfinite(numbers)])
    middles = (numbers[1:] + numbers[:-1]) / 2
    x = np.concatenate([middles, middles * (1 - 1e-6), middles * (1 + 1e-6)]).astype(np.float32)
    x = x[np.abs(x) <= largest_number(layout)]
    x = x if len(x) < 10_000 else x[::13]
    expected = x.astype(dtype).view(storage)
    assert [encode_float(float(number), layout) for number in x] == expected.tolist()


def test_float32_nearest_agrees_with_the_struct_module():
    x = np.random.default_rng(0).standard_normal(997) * 10.0 ** np.linspace(-44, 38, 997)
    expected = [struct.unpack("<I", struct.pack("<f", number))[0] for number in x]
    assert [encode_float(float(number), BY_NAME["float32"]) for number in x] == expected


def test_limits_agree_with_pytorch():
    for name, dtype in [("float32", torch.float32), *((n, o[2]) for n, o in ORACLES.items())]:
        if dtype is not None:
            info, layout = torch.finfo(dtype), BY_NAME[name]
            assert largest_number(layout) == info.max
            assert decode_float(1, layout) == info.smallest_normal * info.eps
            assert 2.0**-layout.mantissa_bits == info.eps
    assert largest_number(BY_NAME["E2M1"]) == 6


def test_page_says_what_the_formats_trade():
    """What bfloat16 and E5M2 win in reach, they lose in steps; E5M2 is half a float16."""
    half, brain = BY_NAME["float16"], BY_NAME["bfloat16"]
    wide, fine = BY_NAME["E5M2"], BY_NAME["E4M3"]
    assert largest_number(brain) > 1e33 * largest_number(half)
    assert largest_number(wide) > 100 * largest_number(fine)
    assert 2**half.mantissa_bits == 8 * 2**brain.mantissa_bits
    assert 2**fine.mantissa_bits == 2 * 2**wide.mantissa_bits
    for pattern in range(256):
        number = decode_float(pattern << 8, half)
        assert number == decode_float(pattern, wide) or math.isnan(number)
    assert largest_number(brain) > 0.99 * largest_number(BY_NAME["float32"])


def test_page_says_minus_two_point_three_is_nobodys_label():
    rows = Book().result("compression.float_bits")["values"]["rows"]
    away = {row["name"]: abs(float(row["nearest"]) + 2.3) for row in rows}
    assert len(rows) == 8
    assert min(away.values()) > 0
    assert away["float32"] < away["float16"] < away["bfloat16"] < away["INT8"] < away["E4M3"]
    assert away["E4M3"] < away["E5M2"] < away["E2M1"]


def test_page_says_e2m1_has_fifteen_labels():
    numbers = ours(BY_NAME["E2M1"])
    assert len(set(numbers.tolist())) == 15  # zero has two patterns
    assert sorted(set(np.abs(numbers).tolist())) == [0, 0.5, 1, 1.5, 2, 3, 4, 6]


def test_page_says_the_puzzle_is_one_and_a_half():
    values = Book().result("compression.float_bits")["values"]
    assert values["puzzle"] == float(np.uint8(0b00111100).view(ml_dtypes.float8_e4m3fn)) == 1.5


def test_numbers_are_written_short():
    assert [short_number(x) for x in (65504.0, 0.0078125, 6.0)] == ["65,504", "0.0078125", "6"]
    assert [short_number(x) for x in (3.4028e38, 1.1755e-38, 6e-8)] == [
        "3.4e38",
        "1.2e-38",
        "6.0e-8",
    ]


@pytest.mark.parametrize("layout", FLOAT_FORMATS, ids=lambda layout: layout.name)
def test_what_a_format_has_not_is_refused(layout):
    for pattern in (-1, 2**layout.bits):
        with pytest.raises(ValueError, match=f"{layout.name} has {layout.bits} bits, got the patt"):
            decode_float(pattern, layout)
    for x in (math.nan, math.inf, 1.1 * largest_number(layout)):
        with pytest.raises(ValueError, match=f"{layout.name} ends at .*, got "):
            encode_float(x, layout)
