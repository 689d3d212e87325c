import pytest
import torch
from torch import nn

from sitebuild.book import Book
from snippets.compression.calibration import squared_error_limit
from snippets.compression.ptq_and_qat import (
    FakeQuantNode,
    exam_loss,
    practise,
    practised,
    row_scales,
    with_nodes,
)
from snippets.model.transformer import Transformer, TransformerConfig
from snippets.tools.threads import with_threads
from tests.shapes import check_shapes

OUT, IN = 7, 13
CONFIG = TransformerConfig(23, 12, 2, 2, 2, 6, 19, 128)


def tiny_model(seed=0):
    torch.manual_seed(seed)
    return Transformer(CONFIG)


@pytest.mark.parametrize("bits", [2, 3, 4, 8])
def test_scales_agree_with_a_search_for_each_row(device, bits):
    weight, top = torch.randn(OUT, IN, device=device), 2 ** (bits - 1) - 1
    scales, _ = check_shapes(row_scales, weight, bits)
    ours = ((weight / scales).round().clamp(-top, top) * scales - weight).square().sum(1)
    for row, error in zip(weight, ours.tolist(), strict=True):
        errors = []
        for share in torch.linspace(0.25, 1, 16):
            step = (row.abs().max() * share / top).item()
            fake = torch.fake_quantize_per_tensor_affine(row, step, 0, -top, top)
            errors.append((fake - row).square().sum().item())
        assert error == pytest.approx(min(errors), rel=1e-3)
        step = squared_error_limit(row, bits) / top  # another search, of 200 limits
        fake = torch.fake_quantize_per_tensor_affine(row, step, 0, -top, top)
        assert error <= 1.3 * (fake - row).square().sum().item() + 1e-6


def test_a_node_agrees_with_pytorchs(device):
    weight = torch.randn(OUT, IN, device=device)
    node = FakeQuantNode(weight, 4)
    wanted = torch.fake_quantize_per_channel_affine(
        weight, node.scale.flatten(), torch.zeros(OUT, dtype=torch.int32, device=device), 0, -7, 7
    )
    assert torch.equal(node(weight), wanted)


@pytest.mark.parametrize("bits", [2, 3, 8])
def test_with_nodes_every_matrix_of_the_blocks_stands_on_labels(bits):
    model = tiny_model()
    before = {name: w.clone() for name, w in model.state_dict().items()}
    quantized = with_nodes(model, bits)
    layers = [part for part in quantized.blocks.modules() if isinstance(part, nn.Linear)]
    assert len(layers) == 14
    for layer in layers:
        assert layer.weight.dtype == torch.float32
        for row in layer.weight.detach():
            assert len(row.unique()) <= 2**bits - 1
    assert all(torch.equal(w, before[name]) for name, w in model.state_dict().items())
    assert torch.equal(quantized.embed, model.embed)


def test_practice_moves_hidden_weights_and_not_the_original():
    model, ids = tiny_model(), torch.randint(23, (997,))
    nodes = with_nodes(model, 3)
    hidden = nodes.blocks[0].ffn.up.parametrizations.weight.original.clone()
    with with_threads(1):
        again = [practised(nodes, ids, seed) for seed in (0, 0, 1)]
    trained = [m.blocks[0].ffn.up.parametrizations.weight.original for m in again]
    assert torch.equal(nodes.blocks[0].ffn.up.parametrizations.weight.original, hidden)
    assert not torch.equal(trained[0], hidden)
    assert torch.equal(trained[0], trained[1])  # the same seed reads the same text
    assert not torch.equal(trained[0], trained[2])
    layer = again[0].blocks[0].ffn.up
    assert torch.equal(layer.weight, layer.parametrizations.weight[0](trained[0]))


def test_practice_learns_a_simple_text_on_two_bits():
    model, counting = with_nodes(tiny_model(), 2), torch.arange(2003) % 23
    exam = counting[:645].unfold(0, 129, 129)
    before = exam_loss(model, exam)
    practise(model, counting, seed=0)
    assert exam_loss(model, exam) < before - 0.02


def test_widths_that_make_no_sense_are_refused():
    for bits in (1, 9, 2.5):
        with pytest.raises(ValueError, match=f"from 2 to 8, got {bits}"):
            with_nodes(tiny_model(), bits)


def told():
    values = Book().result("compression.ptq_and_qat")["values"]
    return values, {row["bits"]: row for row in values["rows"]}


def test_page_says_eight_bits_need_no_rehearsal():
    values, rows = told()
    kinds = ("ptq", "control", "qat")
    assert all(abs(rows[8][kind] - values["trained"]) < 0.02 for kind in kinds)


def test_page_says_the_fewer_bits_the_more_rehearsal_wins():
    _, rows = told()
    won = [rows[bits]["lost"] - rows[bits]["left"] for bits in (4, 3, 2)]
    assert 0 < won[0] < won[1] < won[2]
    for bits in (4, 3, 2):  # the worst seed of QAT beats the best of the others
        assert rows[bits]["qat_most"] < min(rows[bits]["ptq_least"], rows[bits]["control_least"])


def test_page_says_longer_training_alone_does_not_help_rounding():
    values, rows = told()
    assert all(abs(loss - values["trained"]) < 0.03 for loss in values["longer"])
    assert all(abs(row["control"] - row["ptq"]) < 0.05 for row in rows.values())


def test_page_says_two_bits_stay_worse_than_the_original_even_so():
    values, rows = told()
    assert rows[2]["qat"] > values["trained"] + 0.2
    assert rows[2]["qat"] > rows[3]["ptq"]  # rehearsed with 3 labels, behind 7 labels unrehearsed
    assert rows[3]["left"] < 0.6 * rows[3]["lost"]
