"""The ledger counts what a page quotes, names and dates."""

from sitebuild.claims import claims_markdown, read_claims

PAGE = """---
title: A page, as of May 2020
---

# The page { #top }

It is `#!val part.a.x:,d` and `#!val part.b.y`. [Cat](https://example.org/cat) (2020), section 3.
As of November 2026, there are `#!val part.a.z` *cats*. See [dog](https://example.org/dog).

/// snippet | part.a
    show: double
    proof: test_one, test_two
///

/// values | part.c.rows
    columns: a
///
"""


def page(tmp_path):
    for path in ("part/a.md", "ecosystem/glossary.md"):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(PAGE)
    return tmp_path


def test_a_page_is_counted(tmp_path):
    claims = read_claims(page(tmp_path), "part/a.md")
    assert claims.title == "The page"
    assert claims.values == 3
    assert claims.programs == ["part.a", "part.b", "part.c"]
    assert claims.proofs == 2
    assert claims.sources == [
        ("Cat", "https://example.org/cat", True),
        ("dog", "https://example.org/dog", False),
    ]
    assert claims.dated == ["As of November 2026, there are … cats."]


def test_the_table_leaves_out_the_lists_and_adds_up(tmp_path):
    lines = claims_markdown(page(tmp_path), "ecosystem/claims.md")
    assert "| [The page](../part/a.md) | 3 | 3 | 2 | 2 | 1 |" in lines
    assert "| **in all** | **3** | **3** | **2** | **2** | **1** |" in lines
    assert sum(line.startswith("???") for line in lines) == 1
    assert "    - [dog](https://example.org/dog) (no year beside it)" in lines
