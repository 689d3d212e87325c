import math

import pytest
import torch

from sitebuild.book import Book
from snippets.model.characters import Characters
from snippets.training.four_starts import (
    START_RATES,
    START_WINDOW,
    course_of,
    fixed_windows,
    known_ids,
    letter_loss,
    manual_text,
)
from snippets.training.initialization import WAYS_TO_START


def test_strange_characters_are_left_out_and_the_rest_keeps_its_order():
    characters = Characters("abc ")
    assert characters.decode(known_ids("a{b}_c é", characters)) == "abc "


def test_the_three_parts_are_the_whole_manual_and_share_no_entry():
    from snippets.model.characters import play_ids
    from snippets.retrieval.docstrings import docstring_corpus

    characters = play_ids()[0]
    known, texts = set(characters.symbols), [entry.text for entry in docstring_corpus()]
    letters = sum(symbol in known for text in texts for symbol in text)
    parts = manual_text()
    between = 2 * (len(texts) - len(parts))  # two line breaks between entries
    assert sum(map(len, parts.values())) == letters + between
    exam, read = (characters.decode(parts[name].tolist()) for name in ("exam", "read"))
    cleaned = ["".join(s for s in text if s in known) for text in texts]
    assert cleaned[10] in exam
    assert cleaned[10] not in read
    assert cleaned[12] in read
    assert cleaned[12] not in exam


def test_windows_lie_at_equal_distances():
    size = START_WINDOW + 1
    windows = fixed_windows(torch.arange(3 * size + 7), 3)
    assert windows.shape == (3, size)
    assert (windows[:, 0].diff() == (3 * size + 7) // 3).all()
    assert (windows.diff(dim=1) == 1).all()
    with pytest.raises(ValueError, match=f"wanted {4 * size} tokens, got {4 * size - 1}"):
        fixed_windows(torch.arange(4 * size - 1), 4)


def test_counting_letters_costs_the_entropy_of_the_text():
    ids = torch.tensor([1] * 50_000 + [2] * 50_000)
    assert letter_loss(ids, ids) == pytest.approx(math.log(2), abs=2e-3)


def test_a_course_repeats_and_lora_begins_where_warm_does():
    first = course_of("LoRA", 0.0, 4)
    assert first == course_of("LoRA", 0.0, 4)
    assert max(first) == min(first)  # no rate, no change
    warm = course_of("warm", START_RATES["warm"], 4)
    assert warm[0] == pytest.approx(first[0], abs=1e-5)
    assert warm[-1] < warm[0] - 1


def test_page_says_warm_wins_and_cold_comes_after_frozen_and_lora():
    by = Book().result("training.four_starts")["values"]["by"]
    assert list(by) == list(WAYS_TO_START)
    for one, other in (("warm", "LoRA"), ("warm", "frozen"), ("frozen", "cold"), ("LoRA", "cold")):
        gap = by[other]["after"] - by[one]["after"]
        assert gap > by[one]["spread"] + by[other]["spread"], (one, other)
    assert by["warm"]["before"] == by["LoRA"]["before"] < by["cold"]["before"]
    assert by["frozen"]["before"] >= by["cold"]["before"] - 0.2  # a new head knows nothing either
    counted = Book().result("training.four_starts")["values"]["counted"]
    assert max(row["after"] for row in by.values()) < counted - 0.3
    assert abs(by["frozen"]["after"] - by["LoRA"]["after"]) < 0.1
    assert by["warm"]["before"] < Book().result("training.start_loss")["values"]["blind"] - 0.2


def test_page_says_half_of_what_a_head_gains_needs_no_knowledge():
    values = Book().result("training.four_starts")["values"]
    by, counted = values["by"], values["counted"]
    margin = by["frozen"]["spread"] + by["noise"]["spread"]
    assert by["frozen"]["after"] < by["noise"]["after"] - 0.2 - margin
    assert by["noise"]["after"] < counted - 0.3
    assert 0.05 < by["noise"]["after"] - by["cold"]["after"] < 0.25
    assert values["half"] == pytest.approx(0.5, abs=0.15)
    assert values["read_here"] * 90 < 1000 * 16 * 128  # a hundredth of Tiny's own training


def test_the_rates_are_the_best_of_three_for_one_more_seed():
    tried = {
        "cold": (0.03, 0.3),
        "warm": (0.001, 0.01),
        "frozen": (0.01, 0.1),
        "LoRA": (0.003, 0.03),
    }
    for way, others in tried.items():
        best = course_of(way, START_RATES[way], 9, "choose")[-1]
        assert all(best < course_of(way, rate, 9, "choose")[-1] + 0.02 for rate in others), way
