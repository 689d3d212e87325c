from pathlib import Path

import pytest
import torch

from snippets.model import smollm2 as module
from snippets.model.generate import generate
from snippets.model.gguf_file import read_gguf
from snippets.model.smollm2 import load, smollm2_config, unpack_weights
from snippets.model.smollm2_file import find_smollm2
from snippets.tools.kept_weights import open_weights

QUESTIONS = ["What is the capital of France?", "What is 17 + 25?", "List three primary colors."]
CHAT = [{"role": "user", "content": QUESTIONS[0]}]


@pytest.fixture(scope="module")
def real():
    return load()


def test_logits_agree_with_transformers_on_a_chat(real, theirs):
    model, tokenizer = real
    ids = torch.tensor([tokenizer.chat(CHAT)])
    with torch.no_grad():
        assert (model(ids) - theirs(ids).logits).abs().max() < 1e-3


def test_logits_agree_with_transformers_on_1024_tokens(real, theirs):
    ids = torch.randint(49_152, (1, 1024))
    with torch.no_grad():
        assert (real[0](ids) - theirs(ids).logits).abs().max() < 1e-3


@pytest.mark.parametrize("question", QUESTIONS)
def test_greedy_tokens_agree_with_transformers(real, theirs, question):
    model, tokenizer = real
    ids = torch.tensor([tokenizer.chat([{"role": "user", "content": question}])])
    with torch.no_grad():  # one pass over ours tells what theirs would say at each of 32 steps
        ours = generate(model, ids, 32)
        expected = theirs(ours).logits[:, ids.shape[1] - 1 : -1].argmax(-1)
    assert torch.equal(ours[:, ids.shape[1] :], expected)


def test_weights_are_transformers_weights(real, theirs):
    model, config = real[0], theirs.config
    there = theirs.state_dict()
    assert sum(w.numel() for w in model.parameters()) == sum(w.numel() for w in theirs.parameters())
    torch.testing.assert_close(model.embed, there["model.embed_tokens.weight"], rtol=0, atol=0)
    for n in (0, 17, config.num_hidden_layers - 1):
        for ours, name in (("query", "q_proj"), ("key", "k_proj"), ("out", "o_proj")):
            weight = getattr(model.blocks[n].attention, ours).weight
            expected = there[f"model.layers.{n}.self_attn.{name}.weight"]
            torch.testing.assert_close(weight, expected, rtol=0, atol=0)


def test_the_cache_agrees_on_the_real_model(real):
    model, tokenizer = real
    ids = torch.tensor([tokenizer.chat(CHAT)])
    cache = model.new_cache(room=ids.shape[1])
    with torch.no_grad():
        expected = model(ids)
        parts = [model(part, cache) for part in ids.split([ids.shape[1] - 3, 1, 1, 1], dim=1)]
    torch.testing.assert_close(torch.cat(parts, 1), expected, rtol=1e-4, atol=1e-3)


def test_bfloat16_is_float32_rounded(real):
    model, _ = load(torch.bfloat16)
    for (name, weight), exact in zip(model.named_parameters(), real[0].parameters(), strict=True):
        assert torch.equal(weight, exact.to(torch.bfloat16)), name
    assert model.embed.nbytes == real[0].embed.nbytes // 2


def test_without_unpermuting_the_rows_it_is_another_model(real):
    model, tokenizer = real
    metadata, tensors = read_gguf(find_smollm2())
    stored = module.dequantize_gguf(tensors["blk.0.attn_q.weight"])
    ours = model.blocks[0].attention.query.weight
    assert not torch.equal(ours, torch.from_numpy(stored))
    assert torch.equal(ours[[0, 32, 1, 33]], torch.from_numpy(stored[:4]))
    assert smollm2_config(metadata) == model.config


def test_training_never_reaches_the_copy(real):
    path = next(module.cache_folder().glob("smollm2*-float32.safetensors"))
    model, _ = load()
    with torch.no_grad():
        model.norm.weight.zero_()
        model.embed[0] = 7.0
    assert open_weights(path) is not None
    assert not torch.equal(load()[0].norm.weight, model.norm.weight)


def test_an_integer_dtype_is_refused():
    with pytest.raises(ValueError, match=r"floating dtype.*torch.int8"):
        load(torch.int8)


def test_page_says_what_stands_in_the_file():
    metadata, tensors = read_gguf(Path(find_smollm2()))
    config = smollm2_config(metadata)
    assert (config.n_layers, config.d_model, config.n_heads, config.n_kv_heads) == (30, 576, 9, 3)
    weights = unpack_weights(tensors, config)
    assert sum(weight.numel() for weight in weights.values()) == 134_515_008
