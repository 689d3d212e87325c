from dataclasses import replace

import pytest
import torch
from torch import nn

from snippets.model.toy_language import make_pair, toy_corpus
from snippets.model.translation import (
    EXAM,
    LESSONS,
    Translator,
    load_translators,
    train_translator,
    translate,
    word_ids,
)
from tests.shapes import check_shapes

PAIRS = toy_corpus(200, 1)[0]
B, T, C = 2, 5, 14
BIT = ("den Mann hat der Hund gebissen", "der Mann hat den Hund gebissen")


@pytest.fixture(scope="module")
def models():
    return load_translators()


@pytest.fixture
def model():
    model = Translator(PAIRS, C)
    for weight in model.parameters():
        nn.init.normal_(weight, std=0.5)
    return model.eval()


def fill(attention, ours):
    """Give PyTorch's attention the numbers of ours."""
    parts = (ours.query, ours.key, ours.value)
    attention.in_proj_weight.copy_(torch.cat([part.weight for part in parts]))
    attention.in_proj_bias.copy_(torch.cat([part.bias for part in parts]))
    attention.out_proj.load_state_dict(ours.out.state_dict())


@torch.no_grad()
def test_agrees_with_pytorchs_encoder_and_decoder_layers(model):
    sizes = {"d_model": C, "nhead": 1, "dim_feedforward": 2 * C, "dropout": 0, "batch_first": True}
    encoder, decoder = nn.TransformerEncoderLayer(**sizes), nn.TransformerDecoderLayer(**sizes)
    fill(encoder.self_attn, model.read_own)
    fill(decoder.self_attn, model.write_own)
    fill(decoder.multihead_attn, model.look_over)
    for layer, network in ((encoder, model.think_german), (decoder, model.think_english)):
        layer.linear1.load_state_dict(network[0].state_dict())
        layer.linear2.load_state_dict(network[2].state_dict())
    norms = (encoder.norm1, encoder.norm2, decoder.norm1, decoder.norm2, decoder.norm3)
    for theirs, ours in zip(norms, model.norms, strict=True):
        theirs.load_state_dict(ours.state_dict())

    german = word_ids(model.vocabularies[0], [PAIRS[0].german, PAIRS[1].german[:4]])
    english = torch.randint(3, 20, (B, T))
    padding, future = german == 0, torch.ones(T, T).triu(1) > 0
    x = model.german(german) + model.places.weight[: german.shape[1]]
    memory = encoder.train()(x, src_key_padding_mask=padding)  # its fast path drops the padding
    y = model.english(english) + model.places.weight[16 : 16 + T]
    y = decoder(y, memory, tgt_mask=future, memory_key_padding_mask=padding)

    (ours, readable), checked = check_shapes(model.read, german)
    torch.testing.assert_close(ours[~padding], memory[~padding])
    assert checked == 2
    (logits, _), checked = check_shapes(model.write, english, ours, readable)
    torch.testing.assert_close(logits, model.guess(y))
    assert checked == 2


@torch.no_grad()
def test_greedy_agrees_with_one_word_at_a_time(model):
    german, english = model.vocabularies
    sentences = [pair.german for pair in PAIRS[:7]]
    for sentence, (said, weights) in zip(sentences, translate(model, sentences), strict=True):
        memory = model.read(word_ids(german, [sentence]))
        words = ["(start)"]
        while len(words) <= 16 and words[-1] != "(end)":
            logits, table = model.write(word_ids(english, [words]), *memory)
            words.append(english[int(logits[0, -1].argmax())])
        said_alone = tuple(words[1:-1] if words[-1] == "(end)" else words[1:])
        assert said == said_alone
        torch.testing.assert_close(weights, table[0, : len(said)])


def test_partners_are_never_used_and_a_seed_repeats():
    lost = [replace(pair, partners=(0,) * len(pair.partners)) for pair in PAIRS]
    first, second, other = (
        train_translator(pairs, seed, 2) for pairs, seed in ((PAIRS, 5), (lost, 5), (PAIRS, 6))
    )
    same = [
        [torch.equal(a, b) for a, b in zip(first.parameters(), m.parameters(), strict=True)]
        for m in (second, other)
    ]
    assert all(same[0])
    assert not all(same[1])


def test_page_says_all_three_translate_what_they_never_saw(models):
    lessons, exam = toy_corpus(LESSONS, EXAM)
    assert not {pair.german for pair in lessons} & {pair.german for pair in exam}
    for model in models:
        answers = translate(model, [pair.german for pair in exam])
        right = sum(said == pair.english for (said, _), pair in zip(answers, exam, strict=True))
        assert right > 0.97 * EXAM
    assert len(models) == 3
    assert sum(weight.numel() for weight in models[0].parameters()) < 50_000


def test_page_says_den_and_der_decide_who_bit_whom(models):
    known = {word for pair in toy_corpus(LESSONS, EXAM)[0] for word in [" ".join(pair.german)]}
    assert not known & set(BIT)
    for model in models:
        said = [" ".join(translate(model, [german.split()])[0][0]) for german in BIT]
        assert said == ["the dog bit the man", "the man bit the dog"]


@torch.no_grad()
def test_page_says_the_source_enters_through_keys_and_values_only(models):
    model, english = models[0], torch.tensor([[1, 7, 9]])
    memories = [model.read(word_ids(model.vocabularies[0], [german.split()])) for german in BIT]
    heard = [model.write(english, *memory)[0] for memory in memories]
    assert (heard[0] - heard[1]).abs().max() > 0.1
    kept = model.look_over.value.weight.clone(), model.look_over.value.bias.clone()
    model.look_over.value.weight.zero_()
    model.look_over.value.bias.zero_()
    deaf = [model.write(english, *memory)[0] for memory in memories]
    model.look_over.value.weight.copy_(kept[0])
    model.look_over.value.bias.copy_(kept[1])
    torch.testing.assert_close(deaf[0], deaf[1], rtol=0, atol=0)


@torch.no_grad()
def test_the_encoder_reads_both_ways_and_the_decoder_backwards_only(models):
    model = models[0]
    german, english = (torch.tensor([[5, 9, 11, 6, 8]]) for _ in range(2))
    memory, readable = model.read(german)
    logits, _ = model.write(english, memory, readable)
    german[0, -1], english[0, -1] = 12, 12
    assert ((model.read(german)[0] - memory).abs().amax(-1) > 1e-4).all()
    changed = (model.write(english, memory, readable)[0] - logits).abs().amax(-1)[0]
    assert changed[:-1].max() < 1e-5 < changed[-1]


def test_unknown_words_and_long_sentences_are_refused(models):
    with pytest.raises(ValueError, match=r"unknown: \['Wolf'\]"):
        translate(models[0], [["der", "Wolf"]])
    with pytest.raises(ValueError, match="at most 16 words"):
        translate(models[0], [["der"] * 17])


def test_the_longest_sentence_fits():
    longest = make_pair("the big Hund", "gesucht", "a red Katze", "when", "heute",
                        "hinter einem Haus", True)  # fmt: skip
    assert len(longest.english) + 2 == 16
