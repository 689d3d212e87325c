import math
from dataclasses import replace
from itertools import product

import pytest
import torch

from snippets.model.beam import Beam, beam_search
from snippets.model.generate import generate
from snippets.model.smollm2 import load
from tests.model.test_transformer import CONFIG, llama, loud
from tests.shapes import check_shapes

B, T, V = 3, 5, 53


@pytest.fixture
def model(device):
    return loud(replace(CONFIG, context=31), device)


@pytest.fixture
def ids(device):
    return torch.randint(V, (B, T), device=device)


def theirs(model, ids, new, width, length_power, stop):
    """Let transformers search; the new tokens and scores of all hypotheses of each text."""
    out = model.generate(
        ids,
        attention_mask=torch.ones_like(ids),
        do_sample=False,
        num_beams=width,
        num_return_sequences=width,
        length_penalty=length_power,
        early_stopping=False,
        max_new_tokens=new,
        eos_token_id=stop or None,
        pad_token_id=0,
        return_dict_in_generate=True,
        output_scores=True,
    )
    rows = out.sequences[:, ids.shape[1] :].tolist()
    ends = [next((n + 1 for n, t in enumerate(row) if t in stop), len(row)) for row in rows]
    rows = [row[:end] for row, end in zip(rows, ends, strict=True)]
    pairs = list(zip(out.sequences_scores.tolist(), rows, strict=True))
    return [pairs[n : n + width] for n in range(0, len(pairs), width)]


def assert_same(ours, expected):
    for found, others in zip(ours, expected, strict=True):
        assert [tokens for _, tokens in found] == [tokens for _, tokens in others]
        for (score, _), (other, _) in zip(found, others, strict=True):
            assert score == pytest.approx(other, abs=1e-3)


@pytest.mark.parametrize("stop", [[], [11], [3, 11, 19, 40]])
@pytest.mark.parametrize(("width", "length_power"), [(2, 1.0), (5, 0.0), (3, 2.0), (4, -1.0)])
def test_agrees_with_transformers_on_random_models(width, length_power, stop):
    model, ids = loud(replace(CONFIG, context=31)), torch.randint(V, (B, T))
    expected = theirs(llama(model), ids, 13, width, length_power, stop)
    assert_same(beam_search(model, ids, 13, width, length_power, stop), expected)


def test_agrees_with_transformers_on_the_real_model():
    """The weights are the file's, as test_smollm2.py shows; all that computes is transformers'."""
    model, tokenizer = load()
    question = [{"role": "user", "content": "What is the capital of France?"}]
    ids, stop = torch.tensor([tokenizer.chat(question)]), [tokenizer.eos_id]
    expected = theirs(llama(model), ids, 8, 3, 1.0, stop)
    assert_same(beam_search(model, ids, 8, 3, 1.0, stop), expected)
    assert tokenizer.decode(expected[0][0][1]) == "The capital of France is Paris.<|im_end|>"


def every_text(model, ids, length):
    """Give the log-probability of every continuation there is."""
    texts = torch.tensor(list(product(range(model.config.vocab_size), repeat=length)))
    with torch.no_grad():
        whole = torch.cat([ids.expand(len(texts), -1), texts], dim=1)
        chances = model(whole)[:, ids.shape[1] - 1 : -1].log_softmax(-1)
    return texts, chances.gather(-1, texts[..., None])[..., 0]  # (N, length)


def test_a_wide_beam_finds_what_trying_everything_finds():
    model, ids = loud(replace(CONFIG, vocab_size=5)), torch.randint(5, (1, 3))
    texts, chances = every_text(model, ids, 3)
    totals = chances.sum(1)
    best = int(totals.argmax())
    for width in (1, 2, 3, 5, 25):
        score, tokens = beam_search(model, ids, 3, width, length_power=0.0)[0][0]
        place = int((texts == torch.tensor(tokens)).all(1).nonzero())
        assert score == pytest.approx(float(totals[place]), abs=1e-4)
        assert score <= float(totals[best]) + 1e-4
        assert width < 25 or tokens == texts[best].tolist()


@pytest.mark.parametrize("length_power", [0.0, 0.7, 1.0])
def test_with_stops_too_a_wide_beam_finds_what_trying_everything_finds(length_power):
    model, ids, stop = loud(replace(CONFIG, vocab_size=5)), torch.randint(5, (1, 3)), 2
    texts, chances = every_text(model, ids, 4)
    scores = {}
    for text, chance in zip(texts.tolist(), chances, strict=True):
        end = text.index(stop) + 1 if stop in text else 4
        scores[tuple(text[:end])] = float(chance[:end].sum()) / end**length_power
    score, tokens = beam_search(model, ids, 4, 5**4, length_power, [stop])[0][0]
    assert tuple(tokens) == max(scores, key=scores.__getitem__)
    assert score == pytest.approx(max(scores.values()), abs=1e-4)


def test_width_one_is_greedy(model, ids):
    found = beam_search(model, ids, 13, width=1)
    expected = generate(model, ids, 13)[:, T:].tolist()
    assert [best for ((_, best),) in found] == expected


@pytest.mark.parametrize("stop", [[], [7, 11]])
def test_with_and_without_a_cache_alike(model, ids, stop):
    assert_same(
        beam_search(model, ids, 11, 3, 1.0, stop, use_cache=False),
        beam_search(model, ids, 11, 3, 1.0, stop, use_cache=True),
    )


def test_texts_of_a_batch_do_not_see_each_other(model, ids):
    together = beam_search(model, ids, 9, 3, stop=[11])
    alone = [beam_search(model, row[None], 9, 3, stop=[11])[0] for row in ids]
    assert_same(together, alone)


def test_shape_comments_hold():
    beam = Beam(3)
    check_shapes(beam.grow, torch.randn(1, V).log_softmax(-1))
    parents, checked = check_shapes(beam.grow, torch.randn(3, V).log_softmax(-1))
    assert checked == 2
    assert set(parents) <= {0, 1, 2}


def test_page_says_greedy_takes_the_cat_and_a_beam_of_two_the_owl():
    first = torch.tensor([[0.5, 0.4, 0.1]]).log()
    rows = torch.tensor([[0.4, 0.3, 0.3], [0.9, 0.1, 0.0], [0.5, 0.5, 0.0]]).log()
    for width, chance, path in ((1, 0.20, [0, 0]), (2, 0.36, [1, 0]), (3, 0.36, [1, 0])):
        beam = Beam(width)
        beam.grow(first)
        beam.grow(rows[:width])
        total, tokens = beam.results()[0]
        assert tokens == path
        assert math.exp(2 * total) == pytest.approx(chance)  # score is the mean of two


def search_tables(tables, width):
    """Search where the chances of step k stand in a table with k + 1 axes."""
    beam = Beam(width, length_power=0.0)
    for table in tables:
        beam.grow(torch.stack([table[tuple(tokens)] for _, tokens in beam.growing]))
    return beam.results()[0][0]


def test_page_says_a_beam_is_mostly_likelier_than_greedy_but_not_always():
    more = less = 0
    for _ in range(300):
        tables = [torch.randn(*[5] * steps).log_softmax(-1) for steps in range(1, 6)]
        gain = search_tables(tables, 2) - search_tables(tables, 1)
        more, less = more + (gain > 1e-4), less + (gain < -1e-4)
    assert more > 5 * less > 0


def test_page_says_a_plain_sum_favours_short_texts():
    best = {}
    for length_power in (0.0, 1.0):
        beam = Beam(2, length_power, stop=[0])
        beam.grow(torch.tensor([[0.4, 0.6]]).log())  # stop at once, or go on
        if beam.growing:
            beam.grow(torch.tensor([[0.4, 0.6]]).log())
        best[length_power] = beam.results()[0][1]
    assert best == {0.0: [0], 1.0: [1, 1]}  # 0.4 beats 0.6 x 0.6, but 0.6 beats 0.4


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"width": 0}, "from 1, got 0, 2"),
        ({"max_new_tokens": 0}, "from 1, got 4, 0"),
        ({"max_new_tokens": 30, "use_cache": False}, "room for 31 tokens, this would be 32"),
        ({"max_new_tokens": 30}, "room for 31 tokens, this would be 32"),
    ],
)
def test_what_makes_no_sense_is_refused(model, ids, wrong, said):
    with pytest.raises(ValueError, match=said):
        beam_search(**({"model": model, "ids": ids, "max_new_tokens": 2} | wrong))
    assert len(beam_search(model, ids, 26)[0][0][1]) == 26
