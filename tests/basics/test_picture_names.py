import unicodedata

import pytest

from snippets.basics.picture_names import picture_names, split_evenly

TEXTS = [(f"{kind} {n}", float(kind)) for kind in (0, 1) for n in range(13)]


def test_names_are_unicodes_and_occur_once():
    names = [name for name, _ in picture_names()]
    assert len(set(names)) == len(names)
    known = {unicodedata.lookup("COW FACE"), unicodedata.lookup("COW")}
    assert {unicodedata.name(symbol).lower().removesuffix(" face") for symbol in known} == {"cow"}
    for name in names:
        try:
            unicodedata.lookup(name)
        except KeyError:
            unicodedata.lookup(f"{name} face")


def test_some_are_what_they_are_called():
    labels = dict(picture_names())
    assert {labels[name] for name in ("dromedary camel", "lady beetle", "bat", "t-rex")} == {1.0}
    assert {labels[name] for name in ("oden", "clinking beer mugs", "tomato", "bagel")} == {0.0}


def test_both_parts_are_even_and_apart_and_the_exam_stays():
    some, exam = split_evenly(TEXTS, 6, 4, seed=5)
    more, same = split_evenly(TEXTS, 14, 4, seed=5)
    assert exam == same
    assert more[:6] == some
    assert not set(more) & set(exam)
    assert sum(label for _, label in more) == 7
    assert sum(label for _, label in exam) == 2
    assert split_evenly(TEXTS, 6, 4, seed=6)[0] != some


@pytest.mark.parametrize(("examples", "match"), [(5, "even numbers"), (24, "14 texts of each")])
def test_too_few_or_odd_is_refused(examples, match):
    with pytest.raises(ValueError, match=match):
        split_evenly(TEXTS, examples, 4, seed=0)
