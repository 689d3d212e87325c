from snippets.model.smollm2_tokenizer import load_tokenizer
from snippets.training.facts_opposites import OPPOSITES, VERDICTS


def test_there_are_enough_and_none_stands_twice():
    assert len({pair.word for pair in OPPOSITES}) == len(OPPOSITES) >= 140
    assert len({pair.opposite for pair in OPPOSITES}) == len(OPPOSITES)
    assert len({verdict.word for verdict in VERDICTS}) == len(VERDICTS) >= 140
    assert sum(verdict.good for verdict in VERDICTS) == len(VERDICTS) / 2


def test_no_answer_is_favoured_for_being_short():
    tokenizer = load_tokenizer()
    assert {len(tokenizer.encode(f" {pair.opposite}")) for pair in OPPOSITES} == {1}
    for label in (" positive", " negative", " blue", " red"):
        assert len(tokenizer.encode(label)) == 1


def test_some_read_by_hand():
    opposite = {pair.word: pair.opposite for pair in OPPOSITES}
    assert (opposite["up"], opposite["borrow"], opposite["odd"]) == ("down", "lend", "even")
    good = {verdict.word: verdict.good for verdict in VERDICTS}
    assert good["lovely"]
    assert good["honest"]
    assert not good["nasty"]
    assert not good["greedy"]
