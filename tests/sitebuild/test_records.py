"""Lists kept as data: what is read, and how a slip is told, with its line."""

import pytest

from sitebuild.errors import BookError
from sitebuild.records import link, page_title, read_records


def write(tmp_path, text):
    path = tmp_path / "list.yml"
    path.write_text(text)
    return path


def test_entries_know_their_fields_and_lines(tmp_path):
    path = write(
        tmp_path, "# a list\n- name: a\n  says: one\n\n- name: b\n  says: two\n  also: [c]\n"
    )
    first, second = read_records(path, ("name", "says"), ("also",))
    assert first["name"] == "a"
    assert first.get("also") == ""
    assert second.get("also") == ["c"]
    assert (first.place, second.place) == (f"{path}:2", f"{path}:5")


@pytest.mark.parametrize(("text", "message"), [
    ("- name: a\n", ":1: the entry lacks says"),
    ("- name: a\n  says: x\n- name: b\n  says: y\n  sayz: z\n", ":3: no field sayz; there are"),
    ("- just words\n", ":1: wanted 'name: value' lines, got 'just words'"),
    ("name: a\n", ":1: wanted a list of entries"),
    ("", ":1: wanted a list of entries"),
    ("- name: a\n  says: 'x\n", r":\d+: "),
    ("- name: a\n  says: b: c\n", ":2: mapping values are not allowed"),
])  # fmt: skip
def test_a_slip_is_told_with_its_line(tmp_path, text, message):
    with pytest.raises(BookError, match=message):
        read_records(write(tmp_path, text), ("name", "says"))


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(BookError, match="none.yml is missing"):
        read_records(tmp_path / "none.yml", ("name",))


def test_links_lead_from_any_depth():
    assert link("here", "a/b.md#c", "index.md") == "[here](a/b.md#c)"
    assert link("here", "a/b.md#c", "x/y.md") == "[here](../a/b.md#c)"


def test_a_title_without_its_anchor(tmp_path):
    page = write(tmp_path, "---\ntitle: x\n---\n\n# The ball { #top }\n")
    assert page_title(page) == "The ball"
