import pytest

from sitebuild.errors import BookError
from sitebuild.snippet import all_names, load, mirror_of


def refusal(project, text):
    project.snippet("part.bad", text)
    with pytest.raises(BookError) as caught:
        load("part.bad")
    return str(caught.value)


@pytest.mark.parametrize(
    "line", ["print(1)", "for i in range(3): pass", "with open('x') as f: pass", "if True: pass"]
)
def test_a_side_effect_is_refused_with_its_line(project, line):
    said = refusal(project, f'"""Doc."""\n\nX = 1\n{line}\n')
    assert said.startswith("snippets/part/bad.py:4: a side effect")


@pytest.mark.parametrize(
    "line",
    [
        "import requests",
        "from . import other",
        "from snippets.part import other",
        "import snippets.part.other",
        "import sitebuild.runner",
        "from __future__ import annotations",
        "def f():\n    from snippets.part.other import g",
    ],
)
def test_a_forbidden_import_is_refused_with_its_line(project, line):
    said = refusal(project, f'"""Doc."""\n{line}\n')
    assert ": forbidden import of " in said
    assert said.startswith(f"snippets/part/bad.py:{2 + line.count(chr(10))}:")


@pytest.mark.parametrize("what", ["*", "f as g"])
def test_star_and_alias_of_ours_are_refused(project, what):
    said = refusal(project, f"from snippets.part.other import {what}\n")
    assert said == "snippets/part/bad.py:1: import ours without star or alias"


def test_a_syntax_error_names_its_line(project):
    assert refusal(project, "X = 1\nY = (\n").startswith("snippets/part/bad.py:2: ")


def test_a_missing_snippet_names_the_path_that_was_looked_for(project):
    with pytest.raises(BookError, match=r"no snippet 'part.gone': snippets/part/gone.py"):
        load("part.gone")


def test_a_missing_symbol_lists_what_there_is(project):
    project.snippet("part.a", "X = 1\n\n\ndef f():\n    return X\n")
    with pytest.raises(BookError, match=r"has no 'g'; it has X, f"):
        load("part.a").chunk("g")


def test_a_chunk_takes_its_comment_and_its_decorators_along(project):
    text = "import functools\n\n# Why it is cached.\n@functools.cache\ndef f():\n    return 1\n"
    project.snippet("part.a", text)
    snippet = load("part.a")
    lines = [line for line, _ in snippet.lines(snippet.chunk("f"))]
    assert lines == text.splitlines()[2:]


def test_used_follows_what_a_symbol_reads(project):
    project.snippet("part.a", "A = 1\nB = A + 1\nC = 5\n\n\ndef f():\n    return B\n")
    snippet = load("part.a")
    assert [sorted(c.binds) for c in snippet.used({"f"})] == [["A"], ["B"], ["f"]]


def test_switches_are_read_from_the_text(project):
    project.snippet("part.a", "MEASURES = True\n")
    assert load("part.a").switch("MEASURES")
    assert not load("part.a").switch("MAKES")


def test_names_and_mirrors(project):
    project.snippet("part.a", "X = 1\n")
    assert all_names() == ["part.a"]
    assert mirror_of("part.a").as_posix() == "tests/part/test_a.py"
