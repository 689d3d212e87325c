import pytest
import torch

from sitebuild.book import Book
from snippets.compression.phone_memory import largest_model, weights_in_gb


def test_agrees_with_the_bytes_of_a_tensor():
    weights = torch.zeros(1009, 13, dtype=torch.bfloat16)
    assert weights_in_gb(weights.numel(), 16) == pytest.approx(weights.nbytes / 1e9)
    packed = torch.zeros(32 // 2, dtype=torch.uint8), torch.zeros(1, dtype=torch.float16)
    assert weights_in_gb(32, 4.5) == pytest.approx(sum(part.nbytes for part in packed) / 1e9)


@pytest.mark.parametrize("bits", [2.25, 4.5, 16])
def test_the_largest_model_just_fits(bits):
    assert weights_in_gb(largest_model(7, bits), bits) == pytest.approx(7)


def test_nothing_is_refused():
    with pytest.raises(ValueError, match="above 0, got 0 parameters"):
        weights_in_gb(0, 4)
    with pytest.raises(ValueError, match="got 8 GB, 0 bits"):
        largest_model(8, 0)


def test_page_says_a_tenth_of_a_phone_holds_about_a_billion_weights():
    values = Book().result("compression.phone_memory")["values"]
    by = {row["model"]: row for row in values["sizes"]}
    apps = [row["app"] for row in values["allowed"]]
    memory = [row["memory"] for row in values["allowed"]]
    assert by["Llama 3.1 8B"]["whole"] > max(memory)
    assert by["Llama 3.1 8B"]["four"] > max(apps)
    assert min(apps) < by["Llama 3.2 1B"]["four"] < sorted(apps)[1]
    assert by["Llama 3.2 3B"]["four"] > max(apps)
    assert values["shrinks"] == pytest.approx(values["by_size"] * values["by_bits"], rel=0.02)
