import pytest
import torch

from snippets.compression.grid import output_loss, round_to_nearest
from snippets.compression.squeezed import (
    MATRIX_WEIGHTS,
    SMOLLM2_MATRICES,
    grouped_bits,
    mixed_ids,
    round_blocks,
)
from snippets.model.smollm2 import load
from snippets.model.transformer import Transformer, TransformerConfig


def small_model():
    torch.manual_seed(0)
    return Transformer(TransformerConfig(13, 16, 2, 4, 2, 4, 24, context=32)).eval()


def test_each_way_rounds_every_matrix_and_the_model_stays_as_it_is():
    model, ids = small_model(), torch.randint(13, (2, 10))
    before = {name: w.clone() for name, w in model.state_dict().items()}
    ways = {
        "as it is": lambda w, x, h: w,
        "nearest": lambda w, x, h: round_to_nearest(w, 3, 8),
    }
    weights, lost = round_blocks(model, ids, ways)
    assert all(torch.equal(w, model.state_dict()[name]) for name, w in before.items())
    assert len(lost["nearest"]) == len(weights["nearest"]) == 14
    assert lost["as it is"] == [0] * 14
    for name, weight in weights["nearest"].items():
        assert torch.equal(weight, round_to_nearest(before[name], 3, 8))
        assert torch.equal(weights["as it is"][name], before[name])


def test_losses_are_measured_on_what_each_layer_reads():
    model, ids = small_model(), torch.randint(13, (2, 10))
    seen = []

    def way(weight, inputs, hessian):
        assert torch.allclose(hessian, inputs.T @ inputs)
        seen.append((weight, hessian))
        return weight * 0.9

    _, lost = round_blocks(model, ids, {"smaller": way})
    assert lost["smaller"] == pytest.approx([0.01] * 14, rel=1e-3)
    assert output_loss(seen[0][0], seen[0][0] * 0, seen[0][1]) == 1


def test_the_sizes_are_those_of_the_real_model():
    block = load()[0].blocks[0]
    shapes = [tuple(w.shape) for w in block.parameters() if w.ndim == 2]
    assert sorted(shapes) == sorted(SMOLLM2_MATRICES)
    assert sum(w.numel() for w in block.parameters() if w.ndim == 2) == MATRIX_WEIGHTS


@pytest.mark.parametrize(("bits", "group", "kept"), [(4, 64, 20), (4, 128, 20), (8, 1536, 16)])
def test_bits_agree_with_a_count_of_all_that_is_stored(bits, group, kept):
    """Oracle: cut every row into groups and count them one by one; 576 is no multiple of 128."""
    stored = 0
    for out, columns in SMOLLM2_MATRICES:
        groups = len(torch.empty(columns).split(group))
        stored += out * (columns * bits + groups * kept)
    assert grouped_bits(bits, group, kept) == pytest.approx(stored / MATRIX_WEIGHTS)


def test_the_calibration_text_is_half_play_and_half_manual():
    _, tokenizer = load()
    ids = mixed_ids(tokenizer, 4, 32)
    texts = [tokenizer.decode(row.tolist()) for row in ids]
    assert ids.shape == (4, 32)
    assert "Macbeth" in texts[0]
    assert "ttention" in texts[2]
