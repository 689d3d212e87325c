from statistics import StatisticsError, fmean

import pytest
import torch
from matplotlib.figure import Figure

from snippets.model.toy_language import toy_corpus
from snippets.model.translation import EXAM, LESSONS, load_translators, translate
from snippets.model.translation_lines import draw_lines, percent, watch


@pytest.fixture(scope="module")
def models():
    return load_translators()


@pytest.fixture(scope="module")
def exam():
    return toy_corpus(LESSONS, EXAM)[1]


@pytest.fixture(scope="module")
def seen(models, exam):
    return [watch(model, exam) for model in models]


def test_agrees_with_looking_at_one_sentence_at_a_time(models, exam):
    rows = iter(watch(models[0], exam[:11]))
    for pair in exam[:11]:
        said, weights = translate(models[0], [pair.german])[0]
        if said != pair.english:
            continue
        for t, word in enumerate(pair.english):
            row, heaviest = next(rows), max(range(len(pair.german)), key=lambda s: weights[t, s])
            assert (row["word"], row["read"]) == (word, pair.german[heaviest])
            assert row["found"] == (heaviest == pair.partners[t])
            assert row["diagonal"] == (t == pair.partners[t])
            assert row["peak"] == pytest.approx(float(weights[t, heaviest]), abs=1e-5)
    assert next(rows, None) is None


def test_every_line_joins_its_two_words():
    ax = Figure().subplots()
    draw_lines(ax, "abcde", "xyz", torch.eye(3, 5))
    assert [text.get_text() for text in ax.texts] == list("abcdexyz")
    ends = [[round(float(x), 3) for x in line.get_xdata()] for line in ax.lines]
    assert ends == [[0.167, 0.1], [0.5, 0.3], [0.833, 0.5]]
    assert [line.get_linewidth() for line in ax.lines] == [4, 4, 4]


def test_a_mean_of_nothing_is_refused():
    assert percent([True, False, True, True]) == 75
    with pytest.raises(StatisticsError):
        percent([])


def test_page_says_lines_find_partners_far_better_than_the_diagonal(seen):
    for rows in seen:
        assert len(rows) > 4000
        found, diagonal, late = (
            fmean(r[key] for r in rows) for key in ("found", "diagonal", "late")
        )
        assert found > 0.85
        assert found > diagonal + 0.4
        assert late < diagonal - 0.1


def test_page_says_moved_words_get_no_more_and_no_sharper(seen):
    for rows in seen:
        assert all(r["total"] == pytest.approx(1, abs=1e-5) for r in rows)
        peaks = [fmean(r["peak"] for r in rows if r["moved"] == flag) for flag in (True, False)]
        assert peaks[0] < peaks[1] + 0.02
        assert min(peaks) > 0.7


def test_page_says_they_is_read_off_the_verb_by_at_least_one(seen):
    shares = [fmean(r["read"] == "haben" for r in rows if r["word"] == "they") for rows in seen]
    assert max(shares) > 0.5


def test_page_says_the_word_that_decides_has_no_line(models):
    sentences = [f"sie {have} den Brief gelesen".split() for have in ("hat", "haben")]
    (she, weights), (they, _) = translate(models[0], sentences)
    assert (she[0], they[0]) == ("she", "they")
    assert she[1:] == they[1:]
    assert weights[0, 0] > 0.7
    assert weights[0, 1] < 0.1


def test_page_says_nobody_reads_hat_and_im_is_read_twice(models):
    german = ["den", "Mann", "hat", "der", "kleine", "Hund", "im", "Garten", "gebissen"]
    said, weights = translate(models[0], [german])[0]
    assert said == ("the", "small", "dog", "bit", "the", "man", "in", "the", "garden")
    received = dict(zip(german, weights.sum(0).tolist(), strict=True))
    assert received.pop("hat") < 0.2
    assert received.pop("im") > 1.5
    assert all(0.7 < share < 1.3 for share in received.values())
