import pytest
import torch

from snippets.model.transformer import Transformer, TransformerConfig
from snippets.training.lora import add_lora
from snippets.training.step_bill import BILL_ASKED, BILL_BATCH, batch_to_pay, step_bill
from snippets.training.supervised import NOT_ASKED

IDS = torch.randint(23, (2, 7))


def small():
    config = TransformerConfig(
        23, d_model=16, n_layers=3, n_heads=4, n_kv_heads=2, head_dim=4, d_ffn=29, context=32
    )
    return Transformer(config)


def test_full_fine_tuning_pays_four_numbers_for_each_parameter():
    model = small()
    numbers = sum(weight.numel() for weight in model.parameters())
    bill = step_bill(model, IDS, IDS)
    assert bill["trainable"] == numbers
    assert bill["weights"] == bill["gradients"] == 4 * numbers
    counters = 4 * len(list(model.parameters()))  # AdamW counts the steps of every tensor
    assert bill["state"] == 2 * 4 * numbers + counters


def test_a_detour_pays_for_itself_only_and_keeps_less_for_the_way_back():
    full = step_bill(small(), IDS, IDS)
    model = add_lora(small(), 2, 2, ["query", "value"])
    bill = step_bill(model, IDS, IDS)
    assert bill["trainable"] == 3 * 2 * ((16 + 16) + (16 + 8))
    assert bill["gradients"] == 4 * bill["trainable"]
    assert bill["weights"] == full["weights"] + bill["gradients"]
    assert 0 < bill["kept"] < full["kept"]


def test_what_is_kept_grows_with_the_text_and_weights_do_not_count():
    short, long = (step_bill(small(), IDS[:, :n], IDS[:, :n])["kept"] for n in (3, 6))
    assert 1.5 < long / short < 2.5
    assert step_bill(small(), IDS[:1, :1], IDS[:1, :1])["kept"] < 4 * 23 * 16 * 20


def test_the_batch_asks_for_the_last_ten_tokens_that_come_next():
    ids, labels = batch_to_pay(97)
    asked = labels != NOT_ASKED
    assert asked.sum() == BILL_BATCH * BILL_ASKED
    assert (labels[:, -BILL_ASKED:-1] == ids[:, -BILL_ASKED + 1 :]).all()


def test_no_step_is_refused():
    with pytest.raises(ValueError, match="at least 1 step, got 0"):
        step_bill(small(), IDS, IDS, times=0)
