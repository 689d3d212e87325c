import pytest

from sitebuild.cli import main


@pytest.fixture
def ran(project, capsys):
    """Call the command line in a small project; give its status, output and errors."""
    project.snippet("part.a", "if __name__ == '__main__':\n    print('hello')\n")

    def call(*arguments):
        with pytest.raises(SystemExit) as stop:
            main(list(arguments))
        return stop.value.code, *capsys.readouterr()

    call.project = project
    return call


def test_run_prints_what_one_snippet_prints(ran):
    assert ran("run", "part.a") == (0, "hello\n", "")


def test_a_failure_is_status_1_with_file_and_line(ran):
    ran.project.snippet("part.b", "if __name__ == '__main__':\n    x = 1 / 0\n")
    status, _, errors = ran("run")
    assert status == 1
    assert errors.startswith("snippets/part/b.py:2: ZeroDivisionError")


def test_check_finds_unknown_snippets_on_pages_without_running_any(ran):
    ran.project.write("docs/page.md", "`#!val part.gone.x`\n")
    status, _, errors = ran("check")
    assert status == 1
    assert "docs/page.md: there is no snippet 'part.gone'" in errors
    assert not (ran.project.root / ".cache").exists()


def test_values_are_listed_with_page_line_and_snippet(ran):
    ran.project.snippet("part.c", "if __name__ == '__main__':\n    x = [1, 2 / 3]\n")
    ran.project.write(
        "docs/page.md", "# A\n\nIt is `#!val part.c.x[1]:.2f`, not `#!val part.c.x[0]`.\n"
    )
    status, printed, _ = ran("values", "part.c")
    assert status == 0
    assert printed.splitlines() == [
        "docs/page.md:3: 0.67 = part.c.x[1]:.2f",
        "docs/page.md:3: 1 = part.c.x[0]",
    ]
    ran.project.write("docs/page.md", "`#!val part.c.y`\n")
    status, _, errors = ran("values")
    assert status == 1
    assert errors.startswith("docs/page.md:1: snippet part.c leaves no value 'y'")


def test_report_lists_seconds_and_memory_and_clean_forgets_them(ran):
    status, printed, _ = ran("report")
    assert status == 0
    assert printed.splitlines()[2].split()[0] == "part.a"
    assert float(printed.splitlines()[2].split()[2]) > 0
    assert (ran.project.root / ".cache/sitebuild").exists()
    ran("clean")
    assert not (ran.project.root / ".cache/sitebuild").exists()


def test_a_book_over_its_budget_fails(ran, monkeypatch):
    monkeypatch.setattr("sitebuild.cli.BUDGET", 0)
    status, _, errors = ran("report")
    assert status == 1
    assert "over its budget of 0 s" in errors
