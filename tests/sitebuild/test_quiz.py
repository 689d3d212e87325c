"""The self-test: what is written without a script, and what is refused."""

import re

import pytest

from sitebuild.errors import BookError
from sitebuild.quiz import quiz_markdown, read_quiz

GOOD = """
- question: "How many legs has a cat?"
  answer: "`#!val part.cat.legs`"
  others: ["3", "5", "8"]
  why: Count them.
  see: part/cat.md#legs
"""


@pytest.fixture
def docs(tmp_path):
    (tmp_path / "ecosystem").mkdir()
    (tmp_path / "ecosystem" / "conclusion.yml").write_text(GOOD)
    return tmp_path


def test_a_question_is_a_list_with_its_answer_in_a_fold(docs):
    text = "\n".join(quiz_markdown(docs, "ecosystem/conclusion.md"))
    assert "1. How many legs has a cat?" in text
    options = re.findall(r"^    - (.+)$", text, re.MULTILINE)
    assert sorted(options) == ["3", "5", "8", "`#!val part.cat.legs`"]
    assert '    ??? answer "Answer"\n        **`#!val part.cat.legs`**' in text
    assert "Count them. [Read again](../part/cat.md#legs)." in text


@pytest.mark.parametrize("others", ['["3"]', '["3", "3", "5"]', '["`#!val part.cat.legs`", "1"]'])
def test_options_that_leave_no_choice_are_refused(docs, others):
    path = docs / "ecosystem" / "conclusion.yml"
    path.write_text(GOOD.replace('["3", "5", "8"]', others))
    with pytest.raises(BookError, match=r":2: wanted an answer and two or more others"):
        read_quiz(path)
