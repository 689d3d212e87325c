"""A self-test: questions with options, one of them right, graded in the page by quiz.js.

Without the script, each question is a list with its answer in a fold.
"""

import hashlib
from pathlib import Path

from sitebuild.records import Record, link, read_records

NEEDED = ("question", "answer", "others", "why", "see")


def read_quiz(path: Path) -> list[Record]:
    """Read and check the questions.

    Raises:
        BookError: If an option stands there twice, or there are fewer than two others.
    """
    records = read_records(path, NEEDED)
    for record in records:
        options = [record["answer"], *record["others"]]
        if len(options) < 3 or len(set(map(str, options))) < len(options):
            raise record.error(f"wanted an answer and two or more others, all different: {options}")
    return records


def quiz_markdown(docs: Path, page: str) -> list[str]:
    """Write all questions; the options in an order that does not betray which is right."""
    lines = ['<div class="quiz" markdown>', ""]
    for n, record in enumerate(read_quiz((docs / page).with_suffix(".yml")), 1):
        lines += [f"{n}. {record['question']}", ""]
        options = [str(option) for option in (record["answer"], *record["others"])]
        lines += [f"    - {option}" for option in sorted(options, key=_shuffled)]
        lines += ["", '    ??? answer "Answer"', f"        **{record['answer']}**", ""]
        lines += [f"        {record['why']} {link('Read again', record['see'], page)}.", ""]
    return [*lines, "</div>"]


def _shuffled(option: str) -> str:
    return hashlib.sha256(option.encode()).hexdigest()
