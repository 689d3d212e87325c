import pytest

from sitebuild.errors import BookError
from sitebuild.values import quote, table

VALUES = {
    "x": 3.14159,
    "n": 1234567,
    "name": "SwiGLU",
    "rows": [{"name": "a", "ridge": 208.0, "8": 1}, {"name": "b", "ridge": 153.04, "8": 2}],
}


def results(name):
    if name != "part.a":
        raise BookError(f"there is no snippet {name!r}")
    return {"values": VALUES, "others": {"tensor": "its type is Tensor"}}


@pytest.mark.parametrize(
    ("reference", "shown"),
    [
        ("part.a.x:.2f", "3.14"),
        ("part.a.n:,", "1,234,567"),
        ("part.a.name", "SwiGLU"),
        ('part.a.rows[0]["ridge"]:.0f', "208"),
        ("part.a.rows[-1]['name']", "b"),
        ("part.a.rows[1][8]", "2"),
        ("part.a.x:>+8.1e", "+3.1e+00"),
    ],
)
def test_a_reference_is_looked_up_and_formatted(reference, shown):
    assert quote(reference, results) == shown


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        ("part.gone.x", "no snippet 'part.gone'"),
        ("part.a.y", "leaves no value 'y'; it leaves n, name, rows, x"),
        ("part.a.tensor", "cannot be quoted: its type is Tensor"),
        ("part.a.rows[7]", r"there is no \[7\]"),
        ("part.a.rows[0]['gone']", r"there is no \['gone'\]"),
        ("part.a.n[0]", r"there is no \[0\]"),
        ("part.a.name:.2f", "format '.2f' does not fit a value of type str"),
        ("part.a.rows:,", "format ',' does not fit a value of type list"),
        ("part.a", "is no value; wanted"),
        ("part.a.x + 1", "is no value; wanted"),
        ("part.a.rows[n]", "constant"),
        ("part.a.rows[0](1)", "is no value; wanted"),
    ],
)
def test_a_wrong_reference_is_refused_with_what_was_wanted(reference, said):
    with pytest.raises(BookError, match=said):
        quote(reference, results)


def test_a_table_takes_columns_formats_and_headings():
    rows = table(["part.a.rows"], "name, ridge:.1f as FLOP per byte", results)
    assert rows == [["name", "FLOP per byte"], ["a", "208.0"], ["b", "153.0"]]


def test_a_comma_may_be_a_format():
    assert table(["part.a.rows"], "ridge:,.0f, name", results)[1] == ["208", "a"]
    assert table(["part.a.rows"], "ridge:, as r, name", results)[:2] == [
        ["r", "name"],
        ["208.0", "a"],
    ]


@pytest.mark.parametrize(
    ("path", "columns", "said"),
    [
        ("rows", "nme", "no column 'nme'; there are name, ridge, 8"),
        ("x", "name", "is no list of dicts"),
        ("rows", "name:.2f", "format '.2f' does not fit"),
    ],
)
def test_a_wrong_table_is_refused(path, columns, said):
    with pytest.raises(BookError, match=said):
        table([f"part.a.{path}"], columns, results)


def test_a_table_of_several_lists_is_sorted_by_any_column():
    lists = ["part.a.rows", "part.a.rows"]
    assert table(lists, "name", results)[1:] == [["a"], ["b"], ["a"], ["b"]]
    assert table(lists, "name", results, sort="ridge")[1:] == [["b"], ["b"], ["a"], ["a"]]
    with pytest.raises(BookError, match="no column 'nme'"):
        table(lists, "name", results, sort="nme")
