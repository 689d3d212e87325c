from sitebuild.publish import check, write


def test_programs_prints_tests_and_labs_are_written(project):
    project.snippet("part.a", "if __name__ == '__main__':\n    print('hello')\n")
    project.write("tests/part/test_a.py", "# a test\n")
    project.write("docs/labs/lab.py", "# %%\n")
    project.write("labs/standalone/lab.ipynb", "{}")
    project.write("labs/standalone/deleted_since.ipynb", "{}")
    write(project.book, project.root / "labs", project.root / "code")
    code = project.root / "code"
    assert (code / "part/a.py").read_text() == project.book.program("part.a").text
    assert (code / "part/a.txt").read_text() == "hello\n"
    assert (code / "part/test_a.py").read_text() == "# a test\n"
    assert [path.name for path in (code / "labs").iterdir()] == ["lab.ipynb"]


def test_a_failing_snippet_that_no_page_shows_is_a_mistake_all_the_same(project):
    project.snippet("part.bad", "if __name__ == '__main__':\n    x = 1 / 0\n")
    assert "snippets/part/bad.py:2: ZeroDivisionError" in check(project.book)[0]
    write(project.book, project.root / "labs", project.root / "code")
    assert not (project.root / "code/part/bad.py").exists()
