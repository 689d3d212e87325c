import pytest

from snippets.retrieval.docstrings import docstring_corpus
from snippets.retrieval.hybrid_search import known_items, search_both
from snippets.retrieval.two_at_once import share_on_top


def test_agrees_with_counting_by_hand():
    rankings = [[3, 5, 7], [5, 3, 7], [3, 7, 5], [7]]
    assert share_on_top(rankings, [{3, 5}] * 4) == 0.5
    assert share_on_top(rankings, [{3}, {5}, {3}, {3}]) == 0.75


def test_one_and_the_same_list_cannot_please_all_pairs():
    ranking = list(range(5))
    pairs = [{a, b} for a in range(5) for b in range(a)]
    assert share_on_top([ranking] * len(pairs), pairs) == 1 / len(pairs)


def test_page_says_two_are_harder_than_twice_one_above_all_for_meaning():
    corpus = docstring_corpus()
    number = {entry.name: n for n, entry in enumerate(corpus)}
    items = [number[known.names] for known in known_items(corpus)]
    lasts = [corpus[n].name.rsplit(".", 1)[-1] for n in items]
    one = search_both(corpus, [f"what does {last} do" for last in lasts])
    pairs = [(k, (k + 11) % 60) for k in range(60)]  # not the demo's
    names = [" and ".join(sorted((lasts[a], lasts[b]))) for a, b in pairs]
    two = search_both(corpus, [f"what do {name} do" for name in names])
    shares = []
    for way in (0, 1):
        single = share_on_top([found[way] for found in one], [{n} for n in items])
        wanted = [{items[a], items[b]} for a, b in pairs]
        shares.append((single, share_on_top([found[way] for found in two], wanted)))
    (words_1, words_2), (meaning_1, meaning_2) = shares
    assert meaning_2 < meaning_1**2 / 2
    assert words_2 > 2 * meaning_2
    assert words_2 < words_1**2


def test_lists_without_wishes_are_refused():
    with pytest.raises(ValueError, match="wanted a wish for each list, got 1 and 2"):
        share_on_top([[1]], [{1}, {2}])
    with pytest.raises(ValueError, match="got 0 and 0"):
        share_on_top([], [])
