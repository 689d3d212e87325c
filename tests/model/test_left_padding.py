from dataclasses import replace

import pytest
import torch

from snippets.model.generate import generate
from snippets.model.left_padding import UNEQUAL_QUESTIONS, pad_left, until_stop, write_batch
from snippets.model.smollm2 import load
from tests.model.test_transformer import CONFIG, llama, loud
from tests.shapes import check_shapes

V = 53
LENGTHS = (2, 11, 5)


@pytest.fixture
def model(device):
    return loud(replace(CONFIG, context=31), device)


@pytest.fixture
def texts():
    return [torch.randint(1, V, (length,)).tolist() for length in LENGTHS]


@pytest.mark.parametrize("penalty", [1.0, 1.8])
def test_agrees_with_transformers(texts, penalty):
    """No text may hold the filler: transformers penalizes padding, we do not."""
    model = loud(replace(CONFIG, context=31))
    ids, readable = pad_left(texts, filler=0)
    expected = llama(model).generate(
        ids,
        attention_mask=readable.long(),
        do_sample=False,
        max_new_tokens=13,
        eos_token_id=11,
        pad_token_id=0,
        repetition_penalty=penalty,
    )[:, ids.shape[1] :]
    out = generate(model, ids, 13, readable=readable, stop=[11], repetition_penalty=penalty)
    found = out[:, ids.shape[1] :]
    for row, other in zip(found.tolist(), expected.tolist(), strict=True):
        assert until_stop(row, 11) == until_stop(other, 11)


@pytest.mark.parametrize("options", [{}, {"use_cache": False}, {"repetition_penalty": 1.7}])
def test_a_batch_writes_what_each_prompt_gets_alone(model, texts, options):
    together = write_batch(model, texts, 13, stop=11, **options)
    assert together == [write_batch(model, [text], 13, stop=11, **options)[0] for text in texts]
    assert len({len(text) for text in texts}) == len(texts)


@pytest.mark.parametrize("filler", [0, 7, 52])
def test_the_filler_does_not_matter(model, texts, filler, device):
    ids, readable = pad_left(texts, filler)
    plain, _ = pad_left(texts, 1)
    out = generate(model, ids.to(device), 9, readable=readable.to(device), repetition_penalty=1.5)[
        :, ids.shape[1] :
    ]
    same = generate(
        model, plain.to(device), 9, readable=readable.to(device), repetition_penalty=1.5
    )[:, ids.shape[1] :]
    assert torch.equal(out, same)


def test_page_says_a_shift_of_all_places_changes_no_score(model, texts, device):
    ids, readable = (some.to(device) for some in pad_left(texts, 0))
    with torch.no_grad():
        padded = model(ids, readable=readable)[:, -1]
        for row, text in zip(padded, texts, strict=True):
            alone = model(torch.tensor([text], device=device))[0, -1]
            torch.testing.assert_close(row, alone, rtol=1e-3, atol=1e-3)


def test_by_hand():
    ids, readable = pad_left([[5, 6, 7], [8]], filler=0)
    assert ids.tolist() == [[5, 6, 7], [0, 0, 8]]
    assert readable.tolist() == [[True, True, True], [False, False, True]]
    assert until_stop([3, 2, 9, 2], 2) == [3, 2]
    assert until_stop([3, 9], 2) == [3, 9]


def test_shape_comments_hold(texts):
    (ids, readable), checked = check_shapes(pad_left, texts, 0)
    assert (ids.shape, readable.shape, checked) == ((3, 11), (3, 11), 3)


def test_page_says_on_the_left_and_hidden_or_it_is_another_answer():
    model, tokenizer = load()
    stop = tokenizer.eos_id
    chats = [tokenizer.chat([{"role": "user", "content": q}]) for q in UNEQUAL_QUESTIONS]
    ids, readable = pad_left(chats, stop)
    right = [chat + [stop] * (ids.shape[1] - len(chat)) for chat in chats[:2]]
    alone = write_batch(model, chats[:1], 4, stop) + write_batch(model, chats[1:2], 12, stop)
    together = write_batch(model, chats, 8, stop)
    assert tokenizer.decode(alone[1]) == "The capital of France is Paris.<|im_end|>"
    assert together[0][:4] == alone[0]
    assert together[1] == alone[1]
    read = generate(model, ids[:1], 4)[:, ids.shape[1] :].tolist()
    behind = generate(model, torch.tensor(right), 1)[:, ids.shape[1] :].tolist()
    assert read[0] != alone[0]
    assert behind == [[stop], [stop]]  # both texts are ended at once


@pytest.mark.parametrize("texts", [[], [[3, 4], []]])
def test_an_empty_text_is_refused(texts):
    with pytest.raises(ValueError, match="at least one token, got lengths"):
        pad_left(texts, 0)
