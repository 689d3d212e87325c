import sys

from snippets.tools.progress import progress


def test_it_passes_everything_on_and_keeps_silent_where_nobody_looks(capsys):
    assert list(progress(range(3), "counting")) == [0, 1, 2]
    assert capsys.readouterr() == ("", "")


def test_on_a_terminal_it_says_what_goes_on(capsys, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    assert sum(progress(range(4), "counting")) == 6
    assert "counting" in capsys.readouterr().err
