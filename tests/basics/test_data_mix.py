from dataclasses import replace

import pytest

from snippets.basics.data_mix import passes_over
from snippets.basics.facts_training import GPT_3_MIX, GPT_3_RUN

# "Epochs elapsed when training for 300B tokens", the last column of the paper's table
THEIRS = (0.44, 2.9, 1.9, 0.43, 3.4)


@pytest.mark.parametrize(("part", "theirs"), list(zip(GPT_3_MIX, THEIRS, strict=True)))
def test_agrees_with_the_papers_last_column_up_to_its_rounding(part, theirs):
    assert passes_over(part, GPT_3_RUN.tokens) == pytest.approx(theirs, rel=0.2)


def test_the_weights_are_all_there_is_up_to_rounding():
    assert sum(part.weight for part in GPT_3_MIX) == pytest.approx(1, abs=0.02)


def test_page_says_most_of_it_was_not_read_once():
    web = GPT_3_MIX[0]
    assert web.tokens > 0.8 * sum(part.tokens for part in GPT_3_MIX)
    assert passes_over(web, GPT_3_RUN.tokens) < 0.5


def test_an_empty_part_is_refused():
    with pytest.raises(ValueError, match="wanted a part with tokens"):
        passes_over(replace(GPT_3_MIX[0], tokens=0), 1e9)
