import pytest
import torch

from snippets.model.bert import BertEncoder
from tests.shapes import check_shapes

SIZES = {"d_model": 21, "n_layers": 2, "n_heads": 3, "d_ffn": 43, "context": 17}


def encoder():
    torch.manual_seed(0)
    return BertEncoder(53, **SIZES).eval()


def test_it_is_transformers_bert():
    from transformers import BertConfig, BertModel

    torch.manual_seed(0)
    theirs = BertModel(
        BertConfig(
            vocab_size=53,
            hidden_size=21,
            num_hidden_layers=2,
            num_attention_heads=3,
            intermediate_size=43,
            max_position_embeddings=17,
        ),
        add_pooling_layer=False,
    ).eval()
    ours, there = encoder(), theirs.state_dict()
    names = {
        "words.weight": "embeddings.word_embeddings.weight",
        "places.weight": "embeddings.position_embeddings.weight",
        "norm.weight": "embeddings.LayerNorm.weight",
        "norm.bias": "embeddings.LayerNorm.bias",
    }
    from snippets.model.minilm import MINILM_NAMES

    for n in range(2):
        for our, name in MINILM_NAMES.items():
            for part in ("weight", "bias"):
                names[f"blocks.{n}.{our}.{part}"] = f"encoder.layer.{n}.{name}.{part}"
    weights = {our: there[name] for our, name in names.items()}
    ours.load_state_dict(
        {**weights, "segment": there["embeddings.token_type_embeddings.weight"][0]}
    )
    ids = torch.randint(53, (5, 13))
    readable = torch.arange(13) < torch.tensor([13, 11, 7, 2, 1])[:, None]
    with torch.no_grad():
        expected = theirs(ids, attention_mask=readable.long()).last_hidden_state
        got = ours(ids, readable)
    torch.testing.assert_close(got[readable], expected[readable], rtol=1e-5, atol=1e-5)


def test_shapes_are_as_the_comments_say(device):
    model = encoder().to(device)
    ids = torch.randint(53, (5, 13), device=device)
    check_shapes(model.forward, ids, ids >= 0)
    with torch.no_grad():
        assert model(ids, ids >= 0).shape == (5, 13, 21)
    x = torch.randn(5, 13, 21, device=device)
    check_shapes(model.blocks[0].forward, x, torch.ones(5, 1, 1, 13, dtype=bool, device=device))


def test_every_token_reads_every_other_one_and_none_reads_padding():
    model, ids = encoder(), torch.randint(53, (1, 13))
    readable = torch.arange(13)[None] < 11
    changed = ids.clone()
    changed[0, 10] = (ids[0, 10] + 1) % 53
    padded = ids.clone()
    padded[0, 11:] = 0
    with torch.no_grad():
        x = model(ids, readable)
        assert ((model(changed, readable) - x).abs().amax(-1)[0, :11] > 1e-6).all()
        torch.testing.assert_close(model(padded, readable)[:, :11], x[:, :11])


def test_too_long_a_text_is_refused():
    with pytest.raises(ValueError, match="room for 17 tokens, got 18"):
        encoder()(torch.zeros(1, 18, dtype=torch.int64), torch.ones(1, 18, dtype=torch.bool))
