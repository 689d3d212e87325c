from functools import cache

from snippets.basics.manual_sentences import manual_sentences, split_by_function
from snippets.basics.picture_names import split_evenly
from snippets.basics.transfer_learning import TRANSFER_SEEDS, Task
from snippets.basics.transfer_sentences import SENTENCE_EXAMPLES, TRAINED_AT
from snippets.model.minilm import load_minilm_parts
from snippets.retrieval.docstrings import docstring_corpus

OTHER_SEEDS = (3, 4, 7)


@cache
def tasks():
    pool, exam = split_by_function(manual_sentences(docstring_corpus()))
    most = SENTENCE_EXAMPLES[-1]
    return [
        Task(load_minilm_parts(), split_evenly(pool, most, 2, seed)[0], exam, seed)
        for seed in OTHER_SEEDS
    ]


@cache
def share(way, size):
    return sum(task.share_right(way, size) for task in tasks()) / len(OTHER_SEEDS)


def test_page_says_counting_catches_up():
    first, second, _, most = SENTENCE_EXAMPLES
    early, late = (share("frozen", n) - share("counting", n) for n in (second, most))
    assert early > 0.05
    assert abs(late) < 0.04  # level, within what two draws differ by
    assert late < early - 0.03
    assert share("frozen", most) > 0.7
    assert share("counting", most) > share("counting", first) + 0.15


def test_page_says_training_all_changes_little_and_from_scratch_lies_below():
    task = tasks()[0]
    frozen = task.share_right("frozen", TRAINED_AT)
    assert task.share_right("fresh", TRAINED_AT) < frozen - 0.05
    assert abs(task.share_right("full", TRAINED_AT) - frozen) < 0.08
    assert not set(OTHER_SEEDS) & set(TRANSFER_SEEDS)
