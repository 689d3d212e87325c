from pathlib import Path

import pytest

from snippets.tools import cache_folder as module
from snippets.tools.cache_folder import cache_folder

NAME = "dummies-guide-to-llms"


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "home")
    for variable in ("XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(variable, raising=False)
    return tmp_path / "home"


def test_it_lies_at_home_and_is_made(home):
    assert cache_folder() == home / ".cache" / NAME
    assert cache_folder().is_dir()


@pytest.mark.parametrize(
    ("platform", "variable"), [("linux", "XDG_CACHE_HOME"), ("win32", "LOCALAPPDATA")]
)
def test_the_systems_variable_decides(tmp_path, monkeypatch, platform, variable):
    monkeypatch.setattr(module.sys, "platform", platform)
    monkeypatch.setenv(variable, str(tmp_path / "deep" / "down"))
    assert cache_folder() == tmp_path / "deep" / "down" / NAME
    assert cache_folder().is_dir()


@pytest.mark.parametrize("useless", ["", "some/relative/place"])
def test_a_relative_place_does_not_count(home, monkeypatch, useless):
    monkeypatch.setenv("XDG_CACHE_HOME", useless)
    assert cache_folder() == home / ".cache" / NAME


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    with pytest.raises(OSError, match=rf"{NAME}: .+; set XDG_CACHE_HOME to a folder") as caught:
        cache_folder()
    assert "\n" not in str(caught.value)


def test_a_folder_that_cannot_be_written_is_told(monkeypatch):
    monkeypatch.setattr(module.os, "access", lambda *_: False)
    with pytest.raises(OSError, match="may not be written to; set XDG_CACHE_HOME"):
        cache_folder()
