import pytest
import torch
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

from sitebuild.book import Book
from snippets.basics.learning import wrongness
from snippets.inference.flops_counted import count_training_flops, flops_per_token
from snippets.model.transformer import Transformer, TransformerConfig

SMALL = TransformerConfig(23, 12, 3, 4, 2, 6, 29, 64)
UNTIED = TransformerConfig(23, 12, 3, 4, 2, 6, 29, 64, tied=False)


@pytest.mark.parametrize("c", [SMALL, UNTIED])
@pytest.mark.parametrize("context", [1, 7, 64, 101])
def test_formula_equals_pytorchs_counter(c, context):
    counted = count_training_flops(c, context)
    assert sum(counted.values()) == context * sum(flops_per_token(c, context).values())
    assert counted["backward"] == 2 * counted["forward"]


def test_shapes_without_memory_count_like_a_real_model():
    model, ids = Transformer(SMALL), torch.randint(23, (1, 14))
    counter = FlopCounterMode(display=False)
    with counter, sdpa_kernel(SDPBackend.MATH):
        wrongness(model, ids).backward()
    assert counter.get_total_flops() == sum(count_training_flops(SMALL, 13).values())


def test_an_untied_table_is_looked_up_and_not_multiplied():
    assert flops_per_token(SMALL, 5) == flops_per_token(UNTIED, 5)


@pytest.mark.parametrize("count", [count_training_flops, flops_per_token])
@pytest.mark.parametrize("context", [0, -3])
def test_no_text_is_refused(count, context):
    with pytest.raises(ValueError, match=f"at least 1 token, got {context}"):
        count(SMALL, context)


def test_page_says_right_to_the_last_one_and_wrong_where_attention_rules():
    values = Book().result("inference.flops_counted")["values"]
    rows = values["rows"]
    assert values["worst"] == 0
    assert all(row["blocks"] < row["all"] < 1 for row in rows)
    assert rows[3]["all"] < 0.2 < 0.8 < rows[2]["all"]
    assert rows[3]["attention"] > 0.8
    assert rows[1]["head"] > 2 * rows[2]["head"]
    assert values["even"]["Tiny"] < values["even"]["SmolLM2-135M"] < values["even"]["Llama 3 8B"]
    assert 8_192 < values["even"]["Llama 3 8B"] < 131_072
