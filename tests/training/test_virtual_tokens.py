import pytest
import torch

from snippets.model.transformer import Transformer, TransformerConfig
from snippets.training.supervised import fine_tune
from snippets.training.virtual_tokens import PrefixTuning, PromptTuning

L, G, P, D, C = 5, 2, 3, 6, 24
FIRST = torch.tensor([7, 11, 13])
IDS = torch.tensor([[2, 3, 5, 17, 19], [19, 2, 2, 3, 5]])


def small():
    torch.manual_seed(1)
    config = TransformerConfig(
        23, d_model=C, n_layers=L, n_heads=4, n_kv_heads=G, head_dim=D, d_ffn=31, context=32
    )
    return Transformer(config)


@pytest.mark.parametrize("kind", [PromptTuning, PrefixTuning])
def test_untrained_it_is_as_if_the_tokens_had_been_typed(kind):
    """Both start from real tokens; reading those in front must give the same vectors."""
    model = small()
    with torch.no_grad():
        typed = model.read(torch.cat([FIRST.expand(2, -1), IDS], 1))[:, P:]
        torch.testing.assert_close(kind(model, FIRST).read(IDS), typed)
        assert (typed - model.read(IDS)).abs().max() > 0.01


@pytest.mark.filterwarnings("ignore:.is_gradient_checkpointing. is deprecated:FutureWarning")
def test_sizes_agree_with_peft():
    from peft import PrefixTuningConfig, PromptTuningConfig, get_peft_model
    from transformers import LlamaConfig, LlamaForCausalLM

    def theirs(config):
        model = LlamaForCausalLM(
            LlamaConfig(
                vocab_size=23, hidden_size=C, intermediate_size=31, num_hidden_layers=L,
                num_attention_heads=4, num_key_value_heads=G, head_dim=D,
            )
        )  # fmt: skip
        return get_peft_model(model, config).get_nb_trainable_parameters()[0]

    prompt = theirs(PromptTuningConfig(task_type="CAUSAL_LM", num_virtual_tokens=P))
    assert PromptTuning(small(), FIRST).vectors.numel() == prompt == P * C
    prefix = theirs(
        PrefixTuningConfig(
            task_type="CAUSAL_LM", num_virtual_tokens=P, num_layers=L, token_dim=G * D,
            num_attention_heads=G,
        )
    )  # fmt: skip
    assert PrefixTuning(small(), FIRST).kept.numel() == prefix == L * 2 * P * G * D


@pytest.mark.parametrize(("kind", "rate"), [(PromptTuning, 0.05), (PrefixTuning, 0.05)])
def test_only_the_virtual_tokens_learn(kind, rate):
    model = small()
    before = {name: w.clone() for name, w in model.named_parameters()}
    tuned = kind(model, FIRST)
    start = next(w for w in tuned.parameters() if w.requires_grad).clone()
    losses = fine_tune(tuned, [[([2, 3], [5]), ([3, 2], [7])]] * 80, rate, 80, 4)
    assert losses[-1] < losses[0] - 0.03  # all else is frozen, and random
    assert all(torch.equal(before[name], w) for name, w in model.named_parameters())
    learned = [w for w in tuned.parameters() if w.requires_grad]
    assert len(learned) == 1
    assert not torch.equal(learned[0], start)


@pytest.mark.parametrize("kind", [PromptTuning, PrefixTuning])
def test_no_token_to_start_from_is_refused(kind):
    with pytest.raises(ValueError, match=r"ids \(P,\) with P >= 1 to start from, got \(0,\)"):
        kind(small(), FIRST[:0])


def test_a_text_that_leaves_no_room_for_the_prefix_is_refused():
    with pytest.raises(ValueError, match="room for 32 tokens, this would be 33"):
        PrefixTuning(small(), FIRST).read(torch.ones(1, 30, dtype=torch.int64))
