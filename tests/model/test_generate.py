import pytest
import torch
from transformers import LlamaConfig, LlamaForCausalLM

from snippets.model.generate import generate, stream
from snippets.model.smollm2 import load
from snippets.model.transformer import Transformer, TransformerConfig

B, T, V = 3, 5, 53
CONFIG = TransformerConfig(V, 28, 2, 4, 2, 14, 37, context=31)


@pytest.fixture
def model(device):
    model = Transformer(CONFIG).to(device)
    with torch.no_grad():
        for weight in model.parameters():
            weight.normal_(0, 0.3 if weight.ndim == 2 else 1.0)
    return model


@pytest.fixture
def ids(device):
    return torch.randint(V, (B, T), device=device)


def by_hand(model, ids, count):
    """Greedy decoding in the shortest way that there is."""
    with torch.no_grad():
        for _ in range(count):
            ids = torch.cat([ids, model(ids)[:, -1:].argmax(-1)], dim=1)
    return ids


@pytest.mark.parametrize("use_cache", [True, False])
def test_greedy_is_argmax_again_and_again(model, ids, use_cache):
    out = generate(model, ids, 13, use_cache=use_cache)
    assert out.shape == (B, T + 13)
    assert torch.equal(out, by_hand(model, ids, 13))


@pytest.mark.parametrize("penalty", [1.0, 1.8])
def test_agrees_with_transformers_generate(ids, penalty):
    config = LlamaConfig(
        vocab_size=V,
        hidden_size=28,
        intermediate_size=37,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=14,
        max_position_embeddings=31,
        rms_norm_eps=1e-5,
        tie_word_embeddings=True,
        bos_token_id=None,
        eos_token_id=11,
        pad_token_id=11,
    )
    theirs, ours = LlamaForCausalLM(config).eval(), Transformer(CONFIG)
    with torch.no_grad():  # both list their weights in another order, so copy by shape and turn
        for n, block in enumerate(ours.blocks):
            there = theirs.model.layers[n]
            pairs = [
                (block.norm_1, there.input_layernorm),
                (block.norm_2, there.post_attention_layernorm),
            ]
            for part, name in zip(("query", "key", "value", "out"), "qkvo", strict=True):
                pairs.append(
                    (getattr(block.attention, part), getattr(there.self_attn, f"{name}_proj"))
                )
            for part in ("gate", "up", "down"):
                pairs.append((getattr(block.ffn, part), getattr(there.mlp, f"{part}_proj")))
            for here, other in pairs:
                here.weight.copy_(other.weight.normal_(1.0 if here.weight.ndim == 1 else 0.0, 0.3))
        ours.embed.copy_(theirs.model.embed_tokens.weight.normal_(0.0, 0.3))
    ids = ids.cpu()
    expected = theirs.generate(
        ids,
        attention_mask=torch.ones_like(ids),
        do_sample=False,
        max_new_tokens=20,
        repetition_penalty=penalty,
    )
    out = generate(ours, ids, 20, repetition_penalty=penalty, stop=[11])
    assert torch.equal(out, expected)


def test_chance_repeats_with_its_generator_and_changes_without(model, ids, device):
    def draw(seed):
        chance = torch.Generator(device).manual_seed(seed)
        return generate(model, ids, 11, 1.0, top_k=20, generator=chance)

    assert torch.equal(draw(1), draw(1))
    assert not torch.equal(draw(1), draw(2))


def test_draws_follow_the_models_probabilities(model, device):
    ids = torch.zeros(4000, 1, dtype=torch.long, device=device)
    drawn = generate(model, ids, 1, temperature=1.0)[:, 1]
    with torch.no_grad():
        chances = model(ids[:1])[0, -1].softmax(-1)
    shares = torch.bincount(drawn, minlength=V) / len(drawn)
    assert (shares - chances).abs().max() < 0.03
    one = generate(model, ids[:50], 1, temperature=1.0, top_k=1)
    assert (one[:, 1] == chances.argmax()).all()


@pytest.mark.parametrize("use_cache", [True, False])
def test_a_stop_token_ends_a_text(model, ids, use_cache):
    free = generate(model, ids, 13)
    end = int(free[0, T + 3])  # what the first text writes at its fourth step
    first = [int((row[T:] == end).nonzero()[0]) if end in row[T:] else 12 for row in free]
    out = generate(model, ids, 13, use_cache=use_cache, stop=[end])
    assert out.shape[1] == T + 1 + max(first)
    for row, whole, step in zip(out, free, first, strict=True):
        assert torch.equal(row[: T + step + 1], whole[: T + step + 1])
        assert (row[T + step + 1 :] == end).all()


def test_a_penalty_avoids_what_was_said(model, ids):
    out = generate(model, ids[:1], 20, repetition_penalty=1e6)[0]
    assert len(set(out[T:].tolist())) == 20


def test_streaming_gives_the_same_one_by_one(model, ids):
    pieces = stream(model, ids, 7)
    first = next(pieces)
    assert first.shape == (B,)
    assert torch.equal(torch.stack([first, *pieces], 1), generate(model, ids, 7)[:, T:])
    assert torch.is_grad_enabled()


@pytest.mark.parametrize("options", [{}, {"use_cache": False}, {"repetition_penalty": 1.7}])
def test_what_is_not_readable_changes_nothing(model, ids, device, options):
    filler = torch.randint(V, (B, 2), device=device)
    readable = torch.ones(B, T + 2, dtype=torch.bool, device=device)
    readable[:, :2] = False
    padded = generate(model, torch.cat([filler, ids], 1), 13, readable=readable, **options)
    assert torch.equal(padded[:, :2], filler)
    assert torch.equal(padded[:, 2:], generate(model, ids, 13, **options))


def test_nothing_to_write_gives_the_prompt_back(model, ids):
    assert torch.equal(generate(model, ids, 0), ids)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"top_p": 0}, "top_p: wanted more than 0 and at most 1, got 0"),
        ({"temperature": -1}, "temperature: wanted 0 or more, got -1"),
        ({"max_new_tokens": 27}, "wanted 0 to 26 new tokens in a context of 31, got 27"),
        ({"max_new_tokens": -1}, "wanted 0 to 26 new tokens in a context of 31, got -1"),
        ({"ids": torch.zeros(5, dtype=torch.long)}, r"wanted ids \(B, T\) of int64.*got \(5,\)"),
        ({"ids": torch.zeros(1, 0, dtype=torch.long)}, r"T >= 1, got \(1, 0\)"),
        ({"ids": torch.zeros(1, 3)}, "got .* torch.float32"),
        ({"readable": torch.ones(B, T)}, r"wanted bool \(3, 5\), got torch.float32 \(3, 5\)"),
        ({"readable": torch.ones(B, 2) > 0}, r"wanted bool \(3, 5\), got torch.bool \(3, 2\)"),
        ({"readable": torch.arange(T).expand(B, T) < 3}, "padding on the left only"),
        ({"readable": torch.arange(T).expand(B, T) != 2}, "padding on the left only"),
    ],
)
def test_what_makes_no_sense_is_refused(model, ids, wrong, said):
    with pytest.raises(ValueError, match=said):
        generate(**({"model": model, "ids": ids, "max_new_tokens": 2} | wrong))
    assert generate(model, ids, 26).shape[1] == 31


def test_page_says_what_the_real_model_answers():
    model, tokenizer = load()
    prompt = tokenizer.chat([{"role": "user", "content": "What is the capital of France?"}])
    for use_cache in (True, False):
        out = generate(model, torch.tensor([prompt]), 12, use_cache=use_cache, stop=[2])
        answer = tokenizer.decode(out[0, len(prompt) :].tolist())
        assert answer == "The capital of France is Paris.<|im_end|>"
