import pytest
import torch
from torch.nn.functional import cross_entropy

from snippets.model.generate import generate
from snippets.model.transformer import Transformer, TransformerConfig
from snippets.training.supervised import (
    NOT_ASKED,
    answer_logits,
    fine_tune,
    pack_examples,
    would_write,
)

EXAMPLES = [([3, 5, 7], [11, 2]), ([13], [17, 19, 2]), ([3, 7, 5, 13, 7], [2])]


def small():
    config = TransformerConfig(
        23, d_model=12, n_layers=2, n_heads=3, n_kv_heads=1, head_dim=4, d_ffn=17, context=64
    )
    return Transformer(config)


def test_the_prompt_and_the_padding_are_never_learned():
    ids, labels = pack_examples(EXAMPLES)
    assert labels.tolist() == [
        [NOT_ASKED, NOT_ASKED, 11, 2, NOT_ASKED],
        [17, 19, 2, NOT_ASKED, NOT_ASKED],
        [NOT_ASKED] * 4 + [2],
    ]
    assert ids[0, :4].tolist() == [3, 5, 7, 11]


def test_a_leaking_prompt_would_change_the_gradient():
    """The gradient is that of the answers' tokens alone, computed example by example."""
    model = small()
    cross_entropy(*answer_logits(model, *pack_examples(EXAMPLES))).backward()
    together = model.embed.grad.clone()
    model.zero_grad()
    tokens = sum(len(answer) for _, answer in EXAMPLES)
    for prompt, answer in EXAMPLES:
        logits = model(torch.tensor([prompt + answer[:-1]]))[0, len(prompt) - 1 :]
        (cross_entropy(logits, torch.tensor(answer), reduction="sum") / tokens).backward()
    torch.testing.assert_close(together, model.embed.grad)
    model.zero_grad()
    ids, labels = pack_examples(EXAMPLES)
    leaking = torch.cat([ids[:, 1:], labels[:, -1:]], 1)
    cross_entropy(*answer_logits(model, ids, leaking)).backward()
    assert (together - model.embed.grad).abs().max() > 0.01


def test_one_step_gives_the_weights_that_transformers_gives():
    from transformers import LlamaConfig, LlamaForCausalLM

    ours = small()
    c = ours.config
    theirs = LlamaForCausalLM(
        LlamaConfig(
            vocab_size=c.vocab_size, hidden_size=c.d_model, intermediate_size=c.d_ffn,
            num_hidden_layers=c.n_layers, num_attention_heads=c.n_heads,
            num_key_value_heads=c.n_kv_heads, head_dim=c.head_dim, rms_norm_eps=c.norm_eps,
            rope_theta=c.rope_theta, tie_word_embeddings=True,
        )
    )  # fmt: skip
    names = {"q_proj": "attention.query", "k_proj": "attention.key", "v_proj": "attention.value",
             "o_proj": "attention.out", "gate_proj": "ffn.gate", "up_proj": "ffn.up",
             "down_proj": "ffn.down"}  # fmt: skip
    mine = dict(ours.named_parameters())
    with torch.no_grad():
        theirs.model.embed_tokens.weight.copy_(ours.embed)
        for n, layer in enumerate(theirs.model.layers):
            for name, our in names.items():
                part = getattr(layer.self_attn, name, None) or getattr(layer.mlp, name)
                part.weight.copy_(mine[f"blocks.{n}.{our}.weight"])
    rate = 1e-2
    optimizer = torch.optim.AdamW(theirs.parameters(), rate, weight_decay=0.0)
    ids, labels = pack_examples(EXAMPLES)
    whole = torch.full((len(ids), ids.shape[1] + 1), NOT_ASKED)
    whole[:, 1:] = labels
    theirs(torch.cat([ids, ids[:, -1:]], 1), labels=whole).loss.backward()
    torch.nn.utils.clip_grad_norm_(theirs.parameters(), 1.0)
    optimizer.step()
    fine_tune(ours, [EXAMPLES], rate, steps=1, warm_up=1)
    torch.testing.assert_close(ours.embed, theirs.model.embed_tokens.weight, rtol=1e-4, atol=1e-5)
    last = theirs.model.layers[1].mlp.down_proj.weight
    torch.testing.assert_close(ours.blocks[1].ffn.down.weight, last, rtol=1e-4, atol=1e-5)


def test_what_would_be_written_is_what_is_written():
    model = small()
    losses = fine_tune(model, [EXAMPLES] * 120, 1e-2, steps=120, warm_up=3)
    assert losses[-1] < 0.1 < 2 < losses[0]
    asked = [*EXAMPLES, ([3, 5, 7], [11, 3]), ([13], [19, 17, 2])]
    told = would_write(model, asked)
    for (prompt, answer), says in zip(asked, told, strict=True):
        written = generate(model, torch.tensor([prompt]), len(answer))[0, len(prompt) :].tolist()
        assert says == (written == answer)
    assert told == [True] * 3 + [False] * 2


def test_a_frozen_model_an_empty_answer_and_a_loss_that_is_no_number_are_refused():
    model = small()
    with pytest.raises(ValueError, match="got one that is all frozen"):
        fine_tune(model.requires_grad_(False), [EXAMPLES], 1e-3, 1, 0)
    with pytest.raises(ValueError, match=r"at least one token, got \[\(1, 0\)\]"):
        pack_examples([([1], [])])
    with pytest.raises(ValueError, match="wanted prompts and answers"):
        pack_examples([])
    broken = small()
    with torch.no_grad():
        broken.embed.fill_(float("nan"))
    with pytest.raises(ValueError, match="wanted a loss, got nan at step 0: lower the rate"):
        fine_tune(broken, [EXAMPLES], 1e-3, 1, 0)
