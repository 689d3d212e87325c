import pytest
import torch

from sitebuild.book import Book
from snippets.basics.verbs import OWNERS, in_number, picks_are
from snippets.model.smollm2 import load

TEXTS = ["The cats", "The old dog of our neighbour", "She", "The keys to the cabinet"]


def test_a_batch_agrees_with_one_text_at_a_time_and_whole_logits():
    model, tokenizer = load()
    (one,), (several,) = tokenizer.encode(" is"), tokenizer.encode(" are")
    alone = []
    for text in TEXTS:
        with torch.no_grad():
            logits = model(torch.tensor([tokenizer.encode(text)]))[0, -1]
        alone.append(bool(logits[several] > logits[one]))
    assert picks_are(model, tokenizer, TEXTS) == alone == [True, False, False, True]


def test_nouns_for_one_and_for_several():
    assert [in_number("key", n) for n in (False, True)] == ["key", "keys"]
    assert in_number("child", True) == "children"


def test_page_says_it_slips_only_where_people_slip():
    right = [row["right"] for row in Book().result("basics.verbs")["values"]["rows"]]
    assert right[0] == right[2] == right[3] == len(OWNERS)
    assert len(OWNERS) / 2 < right[1] < len(OWNERS)  # one owner, several others nearer


def test_an_empty_text_is_refused():
    with pytest.raises(ValueError, match="wanted texts that are not empty"):
        picks_are(*load(), ["The cats", ""])
