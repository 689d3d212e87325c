"""Letters and units come from a list, and every one says where it is used."""

import pytest

from sitebuild.errors import BookError
from sitebuild.notation import notation_markdown

GOOD = """
- letter: T
  means: new tokens, or |T|
  where: part/a.md#x
  also_where: [part/b.md]
- unit: GiB
  means: 2 to the power of 30 bytes
  where: part/b.md
"""


@pytest.fixture
def docs(tmp_path):
    for name in ("part", "ecosystem"):
        (tmp_path / name).mkdir()
    (tmp_path / "part" / "a.md").write_text("# Cats\n")
    (tmp_path / "part" / "b.md").write_text("# Dogs: who is barking?\n")
    (tmp_path / "ecosystem" / "notation.yml").write_text(GOOD)
    return tmp_path


def test_units_stand_before_letters_and_lead_to_their_chapters(docs):
    text = "\n".join(notation_markdown(docs, "ecosystem/notation.md"))
    assert text.index("## Units") < text.index("**GiB**") < text.index("## Letters")
    row = r"| **T** | new tokens, or \|T\| | [Cats](../part/a.md#x), [Dogs](../part/b.md) |"
    assert row in text.splitlines()


def test_an_entry_that_is_neither_is_refused(docs):
    path = docs / "ecosystem" / "notation.yml"
    path.write_text(GOOD.replace("- unit: GiB\n  means", "- means"))
    with pytest.raises(BookError, match=":6: wanted either 'letter"):
        notation_markdown(docs, "ecosystem/notation.md")
