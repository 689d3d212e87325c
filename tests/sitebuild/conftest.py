"""A small book of its own for each test."""

import os
import textwrap
from pathlib import Path

import markdown
import pytest

from sitebuild.book import Book


class Project:
    """A project folder in which tests plant snippets, tests and pages."""

    def __init__(self, root):
        self.root = root
        self.book = Book(root / "cache", limit=20)

    def write(self, path, text):
        place = self.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(textwrap.dedent(text).lstrip("\n"), "utf-8")
        return place

    def snippet(self, name, text):
        return self.write(Path("snippets", *name.split(".")).with_suffix(".py"), text)

    def render(self, text):
        """Render with plain Python-Markdown: no MkDocs anywhere."""
        extensions = ["sitebuild", "tables", "pymdownx.superfences", "md_in_html"]
        configs = {"sitebuild": {"book": self.book}, "pymdownx.arithmatex": {"generic": True}}
        self.book.fresh()
        return markdown.Markdown(
            extensions=[*extensions, "pymdownx.arithmatex", "admonition", "pymdownx.details"],
            extension_configs=configs,
        ).convert(textwrap.dedent(text).lstrip("\n"))


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return Project(tmp_path)


@pytest.fixture(scope="module")
def shared_project(tmp_path_factory):
    """One project for all tests of a file, where starting the worker would cost too much."""
    before, root = Path.cwd(), tmp_path_factory.mktemp("book")
    os.chdir(root)
    yield Project(root)
    os.chdir(before)
