from dataclasses import replace

import pytest
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from snippets.basics.facts_training import GPT_3_RUN, HUMAN_TEXT_TOKENS, TRAINING_TEXTS
from snippets.basics.multiplications import multiplications_per_step


def test_agrees_with_pytorchs_counter_on_a_stack_of_matrices():
    model = nn.Sequential(*(nn.Linear(64, 64, bias=False) for _ in range(5)))
    x = torch.randn(101, 64, requires_grad=True)  # so that the first layer also goes back
    with FlopCounterMode(display=False) as counter:
        model(x).sum().backward()
    run = replace(GPT_3_RUN, parameters=5 * 64 * 64, tokens_per_step=101)
    assert counter.get_total_flops() == 2 * multiplications_per_step(run)


def test_page_says_millions_of_multiplications_for_one_move():
    per_change = multiplications_per_step(GPT_3_RUN) / GPT_3_RUN.parameters
    assert 9e6 < per_change < 10e6
    assert GPT_3_RUN.tokens / GPT_3_RUN.tokens_per_step < 100_000
    assert TRAINING_TEXTS[-1].tokens > 100 * TRAINING_TEXTS[0].tokens
    assert TRAINING_TEXTS[-1].tokens / HUMAN_TEXT_TOKENS > 0.1


def test_nothing_to_multiply_is_refused():
    with pytest.raises(ValueError, match="above 0"):
        multiplications_per_step(replace(GPT_3_RUN, parameters=0))
