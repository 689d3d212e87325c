import pytest
import torch

from snippets.model.attention_weights import attention_weights, hamlet_tokens
from snippets.model.head_jobs import (
    HALF,
    NURSERY_RHYMES,
    induction_scores,
    previous_scores,
    repeated_blocks,
    sink_scores,
    top_heads,
)
from snippets.model.residual_stream import residual_streams
from snippets.model.smollm2 import load
from snippets.tools.texts import read_play

L, H, BLOCK = 2, 3, 7
T = 2 * BLOCK


@pytest.fixture(scope="module")
def real():
    return load()


@pytest.fixture(scope="module")
def measured(real):
    """Scores of all heads as in the demo, and how much the second copy leaves on its sink."""
    model, tokenizer = real
    prose = attention_weights(model, torch.tensor([hamlet_tokens(tokenizer, 256)]))
    texts = repeated_blocks(4, 64, model.config.vocab_size)
    copying = sum(attention_weights(model, text[None]) for text in texts) / len(texts)
    scores = sink_scores(prose), previous_scores(prose), induction_scores(copying, 64)
    return *scores, sink_scores(copying[:, :, 64:])


def test_the_scores_agree_with_loops():
    weights = torch.rand(L, H, T, T)
    for layer in range(L):
        for head in range(H):
            w = weights[layer, head]
            sink = sum(w[t, 0] for t in range(2, T)) / (T - 2)
            previous = sum(w[t, t - 1] for t in range(2, T)) / (T - 2)
            after = sum(w[t, t - BLOCK + 1] for t in range(BLOCK, T)) / BLOCK
            torch.testing.assert_close(sink_scores(weights)[layer, head], sink)
            torch.testing.assert_close(previous_scores(weights)[layer, head], previous)
            torch.testing.assert_close(induction_scores(weights, BLOCK)[layer, head], after)


def test_each_ideal_head_has_one_job():
    weights = torch.zeros(1, 3, T, T)
    ids = repeated_blocks(1, BLOCK, 10_000)[0].tolist()
    for t in range(T):
        earlier = [s for s in range(t) if ids[s] == ids[t]]
        for head, read in enumerate((0, max(t - 1, 0), earlier[-1] + 1 if earlier else t)):
            weights[0, head, t, read] = 1
    scores = sink_scores(weights), previous_scores(weights), induction_scores(weights, BLOCK)
    torch.testing.assert_close(torch.cat(scores), torch.eye(3))


def test_the_second_half_repeats_the_first():
    texts = repeated_blocks(5, BLOCK, 10_000)
    assert texts.shape == (5, T)
    assert torch.equal(texts[:, :BLOCK], texts[:, BLOCK:])
    assert texts.unique().numel() == 5 * BLOCK
    assert torch.equal(texts, repeated_blocks(5, BLOCK, 10_000))


def test_top_heads_are_sorted():
    scores = torch.rand(L, H)
    order = sorted((float(scores[a, b]), (a, b)) for a in range(L) for b in range(H))[::-1]
    assert top_heads(scores, 5) == [place for _, place in order[:5]]


def test_a_text_of_another_length_is_refused():
    with pytest.raises(ValueError, match="2 x 7 tokens, got 13"):
        induction_scores(torch.rand(L, H, 13, 13), BLOCK)


def test_page_says_sinks_are_many_and_the_other_two_are_few(measured):
    sink, previous, induction, _ = measured
    assert 0.2 < (sink > HALF).float().mean() < 0.35  # "more than a quarter" is a value on the page
    assert (previous > HALF).sum() < 10
    assert (induction > HALF).sum() < 10
    assert ((sink <= HALF) & (previous <= HALF) & (induction <= HALF)).sum() > 270 * 0.6
    for score in (sink, previous, induction):
        assert (score - HALF).abs().min() > 2e-4  # no count hangs on a rounding error


def test_page_says_who_wins_and_by_how_much(measured):
    for score, winner in zip(measured, ((18, 8), (16, 0), (18, 6)), strict=False):
        first, second = score.flatten().sort(descending=True)[0][:2]
        assert top_heads(score, 1) == [winner]
        assert first > second + 0.01
    assert measured[0][18, 8] > 0.995  # "hardly ever looks anywhere else"


def test_page_says_no_sink_before_the_first_token_swells(measured, real):
    model, tokenizer = real
    streams = residual_streams(model, torch.tensor([hamlet_tokens(tokenizer, 64)]))
    first = streams[:, 0].norm(dim=-1)  # entry n is what layer n is given
    assert first[12] > 50 * first[11]
    sinks = (measured[0] > HALF).any(1).nonzero().flatten().tolist()
    assert sinks[0] == 12
    assert measured[0][:12].max() < 0.4


def test_page_says_induction_heads_rest_on_the_first_token(measured):
    sink, _, induction, resting = measured
    five = top_heads(induction, 5)
    assert all(induction[head] > HALF + 0.02 for head in five)
    assert all(sink[head] > HALF + 0.1 for head in five)
    assert all(resting[head] < sink[head] - 0.4 for head in five)


def test_page_says_another_play_finds_the_same_heads(real):
    model, tokenizer = real
    ids = tokenizer.encode(read_play("macbeth")[30_001:32_000])[:256]
    weights = attention_weights(model, torch.tensor([ids]))
    assert top_heads(sink_scores(weights), 1) == [(18, 8)]
    assert top_heads(previous_scores(weights), 1) == [(16, 0)]


def test_page_says_what_the_two_rhymes_show(real):
    model, tokenizer = real
    jack, peter = ([*map(int, tokenizer.encode(rhyme))] for rhyme in NURSERY_RHYMES)
    for ids in (jack, peter):
        weights = attention_weights(model, torch.tensor([ids]))
        assert weights[18, 8, :, 0].min() > 0.9
        before = weights[16, 0].argmax(-1)[1:] == torch.arange(len(ids) - 1)
        assert before.all()
    assert attention_weights(model, torch.tensor([jack]))[18, 6, :, 0].min() > 0.9
    weights = attention_weights(model, torch.tensor([peter]))[18, 6]
    names = [tokenizer.decode([i]).strip() for i in peter]
    assert names[12:16] == names[5:9] == ["pe", "ck", "of", "pickled"]
    for t in (12, 13, 14, 15):  # the second "a peck of pickled": what came next the first time?
        assert weights[t].argmax() == t - 6
        assert weights[t, t - 6] > HALF
    assert weights[10, 0] > 0.9  # before anything repeats, it rests
