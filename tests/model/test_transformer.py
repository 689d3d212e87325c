from dataclasses import replace

import pytest
import torch
from transformers import LlamaConfig, LlamaForCausalLM

from snippets.model.transformer import DecoderBlock, Transformer, TransformerConfig
from tests.shapes import check_shapes

B, T, V = 2, 11, 53
CONFIG = TransformerConfig(V, 42, 3, 6, 2, 10, 37, 17, rope_theta=500.0, norm_eps=1e-4)
NAMES = {
    "attention.query": "self_attn.q_proj",
    "attention.key": "self_attn.k_proj",
    "attention.value": "self_attn.v_proj",
    "attention.out": "self_attn.o_proj",
    "ffn": "mlp",
    "gate": "gate_proj",
    "up": "up_proj",
    "down": "down_proj",
    "norm_1": "input_layernorm",
    "norm_2": "post_attention_layernorm",
    "blocks": "model.layers",
}


def llama(model):
    """Build the same model with transformers and give it the same weights."""
    c = model.config
    theirs = LlamaForCausalLM(
        LlamaConfig(
            vocab_size=c.vocab_size,
            hidden_size=c.d_model,
            intermediate_size=c.d_ffn,
            num_hidden_layers=c.n_layers,
            num_attention_heads=c.n_heads,
            num_key_value_heads=c.n_kv_heads,
            head_dim=c.head_dim,
            max_position_embeddings=c.context,
            rms_norm_eps=c.norm_eps,
            tie_word_embeddings=c.tied,
            rope_parameters={"rope_type": "default", "rope_theta": c.rope_theta},
            attn_implementation="eager",
        )
    )
    state = {}
    for name, weight in model.state_dict().items():
        for ours, name_there in NAMES.items():
            name = name.replace(ours + ".", name_there + ".") if ours in name else name
        state[name] = weight
    state["model.embed_tokens.weight"] = state.pop("embed")
    state["model.norm.weight"] = state.pop("norm.weight")
    state["lm_head.weight"] = state.pop("head", state["model.embed_tokens.weight"])
    theirs.load_state_dict(state)
    return theirs.eval()


def loud(config, device="cpu"):
    """Make a model whose weights are large enough for every part to matter."""
    model = Transformer(config).to(device)
    with torch.no_grad():
        for weight in model.parameters():
            weight.normal_(0, 0.4 if weight.ndim == 2 else 1.0)
    return model


@pytest.mark.parametrize("tied", [True, False])
def test_agrees_with_transformers(device, tied):
    model = loud(replace(CONFIG, tied=tied))
    ids = torch.randint(V, (B, T))
    with torch.no_grad():
        expected = llama(model)(ids).logits.to(device)
        logits = model.to(device)(ids.to(device))
    torch.testing.assert_close(logits, expected, rtol=1e-4, atol=1e-4)
    assert expected.std() > 0.5


@pytest.mark.parametrize("steps", [(11,), (1,) * 11, (5, 1, 3, 2), (10, 1)])
def test_with_a_cache_the_answer_is_the_same(device, steps):
    model, ids = loud(CONFIG, device), torch.randint(V, (B, T), device=device)
    cache, parts, start = model.new_cache(B, room=T), [], 0
    with torch.no_grad():
        for count in steps:
            parts.append(model(ids[:, start : start + count], cache))
            start += count
        expected = model(ids)
    torch.testing.assert_close(torch.cat(parts, 1), expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("cached", [False, True])
def test_padding_on_the_left_changes_nothing(device, cached):
    model, ids = loud(CONFIG, device), torch.randint(V, (B, T), device=device)
    padded = torch.cat([torch.zeros(B, 3, dtype=torch.long, device=device), ids], 1)
    readable = torch.arange(3 + T, device=device).expand(B, -1) >= 3
    with torch.no_grad():
        expected = model(ids)[:, -1]
        if cached:
            cache = model.new_cache(B)
            model(padded[:, :-1], cache, readable[:, :-1])
            logits = model(padded[:, -1:], cache, readable)[:, -1]
        else:
            logits = model(padded, readable=readable)[:, -1]
    torch.testing.assert_close(logits, expected, rtol=1e-3, atol=1e-3)


def test_the_future_cannot_change_the_past(device):
    model, ids = loud(CONFIG, device), torch.randint(V, (B, T), device=device)
    other = ids.clone()
    other[:, -1] = (other[:, -1] + 1) % V
    with torch.no_grad():
        before, after = model(ids), model(other)
        everything = loud(replace(CONFIG, causal=False), device)
        gap = (everything(ids) - everything(other)).abs().amax((0, 2))
    torch.testing.assert_close(before[:, :-1], after[:, :-1])
    assert (before[:, -1] - after[:, -1]).abs().max() > 1e-3
    assert gap.min() > 1e-3  # without the mask, every place sees the change


def test_without_positions_a_transformer_that_reads_both_ways_sees_a_bag():
    bag = loud(replace(CONFIG, causal=False, rope_theta=None)).double()
    ids, order = torch.randint(V, (B, T)), torch.randperm(T)
    with torch.no_grad():
        torch.testing.assert_close(bag(ids[:, order]), bag(ids)[:, order])
        seated = loud(replace(CONFIG, causal=False)).double()
        assert (seated(ids[:, order]) - seated(ids)[:, order]).abs().max() > 0.1


def test_shape_comments_hold():
    model, ids = Transformer(CONFIG), torch.randint(V, (B, T))
    x, checked = check_shapes(model.read, ids)
    assert (x.shape, checked) == ((B, T, CONFIG.d_model), 2)
    angles = torch.ones(T, 5)
    check_shapes(model.blocks[0].forward, x, angles, angles)
    _, checked = check_shapes(model.blocks[0].attention.forward, x, angles, angles)
    assert checked == 4
    one = x[:, :1], angles[:1], angles[:1]
    _, checked = check_shapes(model.blocks[0].attention.forward, *one)
    assert checked == 4
    assert isinstance(model.blocks[0], DecoderBlock)
    assert model(ids).shape == (B, T, V)


def test_gradients_reach_every_weight():
    model = Transformer(CONFIG)
    model(torch.randint(V, (B, T))).sum().backward()
    assert all(weight.grad.abs().sum() > 0 for weight in model.parameters())


def test_page_says_an_untrained_model_knows_nothing():
    config = replace(CONFIG, d_model=64, n_layers=2)
    loss = torch.nn.functional.cross_entropy(
        Transformer(config)(torch.randint(V, (1, 17)))[0], torch.randint(V, (17,))
    )
    assert abs(float(loss.detach()) - torch.tensor(float(V)).log()) < 0.1


def test_too_many_tokens_are_refused():
    model = Transformer(CONFIG)
    with pytest.raises(ValueError, match="room for 17 tokens, this would be 18"):
        model(torch.zeros(1, 18, dtype=torch.long))
    cache = model.new_cache(room=5)
    model(torch.zeros(1, 3, dtype=torch.long), cache)
    with pytest.raises(ValueError, match="room for 5 tokens, this would be 6"):
        model(torch.zeros(1, 3, dtype=torch.long), cache)
    assert cache.length == 3


@pytest.mark.parametrize("wrong", [{"n_kv_heads": 4}, {"head_dim": 9}])
def test_impossible_sizes_are_refused(wrong):
    with pytest.raises(ValueError, match=r"cannot share 4|even head_dim, got 9"):
        replace(CONFIG, **wrong)
