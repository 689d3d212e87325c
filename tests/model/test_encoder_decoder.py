import pytest
import torch
from torch import nn

from snippets.model.encoder_decoder import WIDTH_2017, count_sublayers, listen, make_2017
from snippets.model.transformer import DecoderBlock, TransformerConfig

B, S, T = 2, 7, 5


@pytest.mark.parametrize("n_layers", [1, 3])
def test_page_says_only_the_last_encoder_layer_is_read_and_by_every_decoder_layer(n_layers):
    model = make_2017(n_layers)
    rows = listen(model, torch.randn(B, S, WIDTH_2017), torch.randn(B, T, WIDTH_2017))
    encoder = [(f"encoder.{n}.self_attn", S, S, False) for n in range(n_layers)]
    decoder = [
        row
        for n in range(n_layers)
        for row in (
            (f"decoder.{n}.self_attn", T, T, False),
            (f"decoder.{n}.cross_attn", T, S, True),
        )
    ]
    assert [tuple(row.values()) for row in rows] == encoder + decoder


def test_the_source_reaches_the_decoder_through_keys_and_values_only():
    model = make_2017(1).eval()
    source, target = torch.randn(B, S, WIDTH_2017), torch.randn(B, T, WIDTH_2017)
    with torch.no_grad():
        memory = model.encoder(source)
        torch.testing.assert_close(model(source, target), model.decoder(target, memory))
        cross = model.decoder.layers[0].multihead_attn
        cross.out_proj.weight.zero_()
        cross.out_proj.bias.zero_()
        deaf = model(source, target)
        torch.testing.assert_close(model(torch.randn(B, S, WIDTH_2017), target), deaf)


def test_page_says_two_and_three_sublayers_and_ours_two():
    model = make_2017(1)
    assert count_sublayers(model.encoder.layers[0]) == 2
    assert count_sublayers(model.decoder.layers[0]) == 3
    ours = DecoderBlock(TransformerConfig(5, 8, 1, 2, 1, 4, 16, 8), 0)
    assert count_sublayers(ours) == 2
    assert not any("cross" in name for name, _ in ours.named_modules())
    assert not any(isinstance(part, nn.MultiheadAttention) for part in ours.modules())


def test_no_layers_are_refused():
    with pytest.raises(ValueError, match="at least 1 layer, got 0"):
        make_2017(0)
