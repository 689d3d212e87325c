"""The list of corrections: what it says of itself is checked, and its page counts it."""

import pytest

from sitebuild.corrections import corrections_markdown, read_corrections
from sitebuild.errors import BookError

GOOD = """
- number: 1
  said: '"The earth is flat"'
  right: It is round.
  how: shown
  where: part/ball.md#round
  proof: part.ball
  section: 1
- number: 2
  said: Cats bark.
  right: They do not.
  how: sourced
  source: "Cat (2020, https://example.org/cat_(animal)), page 3; https://example.org/x."
  section: 2
- number: 3
  said: All is well.
  right: We do not know.
  how: not shown
  section: 2
"""


@pytest.fixture
def docs(tmp_path):
    for name in ("part", "ecosystem"):
        (tmp_path / name).mkdir()
    (tmp_path / "part" / "ball.md").write_text("---\ntitle: x\n---\n\n# The ball { #top }\n")
    (tmp_path / "ecosystem" / "corrections.yml").write_text(GOOD)
    return tmp_path


def test_the_page_counts_and_groups(docs):
    text = "\n".join(corrections_markdown(docs, "ecosystem/corrections.md"))
    assert text.startswith("3 entries: **1** shown by a program, **1** argued from a source, **1**")
    assert text.index("## The ball { #part-ball }") < text.index("It is round.")
    assert "[where](../part/ball.md#round); by `part.ball`" in text
    assert "(2020, <https://example.org/cat_(animal)>), page 3; <https://example.org/x>." in text
    assert text.index("## Elsewhere") < text.index("They do not.") < text.index("We do not know.")


@pytest.mark.parametrize(("old", "new", "message"), [
    ("number: 2", "number: 7", ":9: wanted number 2, got 7"),
    ("how: sourced", "how: believed", ":9: how: wanted shown, sourced, not shown, got 'believed'"),
    ("  proof: part.ball\n", "", ":2: an entry that is shown needs 'proof: ...'"),
    ("  source: \"Cat", "  checked: no\n  proof: \"Cat", ":9: an entry that is sourced needs"),
])  # fmt: skip
def test_entries_that_contradict_themselves_are_refused(docs, old, new, message):
    path = docs / "ecosystem" / "corrections.yml"
    path.write_text(GOOD.replace(old, new))
    with pytest.raises(BookError, match=message):
        read_corrections(path)
