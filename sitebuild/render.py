"""Write the HTML of a snippet on the page: code, output, figures, proof and what to do with it."""

import ast
import textwrap
from html import escape
from typing import Any

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from sitebuild.book import Book
from sitebuild.errors import BookError
from sitebuild.snippet import DEFS, first_line, load, mirror_of

DRAWN = ("demo", "output")  # show the demo's code, or fold it away; what it made is shown for both
MEASURED = " data-measured data-search-exclude"  # does not repeat, so the search index lacks it


def snippet_html(book: Book, name: str, show: list[str], proof: list[str], alts: list[str]) -> str:
    """Write a snippet block.

    Raises:
        BookError: If a symbol or a test does not exist, or an alternative text is missing.
    """
    snippet, program, result = load(name), book.program(name), book.result(name)
    ran = any(symbol in DRAWN for symbol in show)
    figures = result["figures"] if ran else []
    if figures and name in book.page.drawn:
        raise BookError(f"the figures of {name} stand on this page already")
    if len(alts) != len(figures):
        raise BookError(f"{name} shows {len(figures)} figures here but has {len(alts)} alt texts")
    book.page.drawn |= {name} if figures else set()
    parts, path = [], snippet.path.as_posix()
    shown = [source(name, symbol) for symbol in show if symbol != "output"]
    if shown:
        parts.append(code(book, "\n\n\n".join(shown), path, program.text))
    if ran and result["stdout"]:
        parts.append(
            '<div class="snippet-output"><span class="snippet-label">Output</span>'
            f'<pre tabindex="0" class="no-copy"><samp>{escape(result["stdout"])}</samp></pre></div>'
        )
    parts += [figure(f, alt) for f, alt in zip(figures, alts, strict=True)]
    if "output" in show:
        body = code(book, source(name, "demo"), path, program.text)
        parts.append(fold("program", "The code behind this", body))
    if proof:
        tests = "\n\n\n".join(mirror_source(name, test) for test in proof)
        shown_test = code(book, tests, mirror_of(name).as_posix(), None)
        parts.append(fold("proof", "How do we know?", shown_test))
    measured = MEASURED if program.measures else ""
    return f'<div class="snippet"{measured}>{"".join(parts)}{actions(book, name, result)}</div>'


def source(name: str, symbol: str) -> str:
    """Cut a symbol out of its file, as short as a slide wants it.

    The demo comes without its `if`, a function with the first line of its docstring alone; the
    rest is in the copied program and in the reference.
    """
    snippet = load(name)
    lines = [line for line, _ in snippet.lines(snippet.chunk(symbol))]
    if symbol == "demo":
        return textwrap.dedent("\n".join(lines[1:]))
    nodes = [n for n in ast.walk(ast.parse("\n".join(lines))) if isinstance(n, DEFS)]
    docs = [node.body[0] for node in nodes if ast.get_docstring(node)]
    for doc in sorted(docs, key=lambda doc: -doc.lineno):  # the last first: lines above stay put
        if doc.end_lineno and doc.end_lineno > doc.lineno:
            lines[doc.lineno - 1 : doc.end_lineno] = [lines[doc.lineno - 1] + '"""']
    return "\n".join(lines)


def mirror_source(name: str, test: str) -> str:
    """Cut a test out of the file that mirrors the snippet."""
    path = mirror_of(name)
    text = path.read_text("utf-8") if path.is_file() else ""
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef) and node.name == test:
            return "\n".join(text.splitlines()[first_line(node) - 1 : node.end_lineno])
    raise BookError(f"there is no test {test!r} in {path}")


def code(book: Book, text: str, title: str, copied: str | None) -> str:
    """Highlight code; the copy button takes the whole program, or is absent."""

    def make() -> str:
        formatter = HtmlFormatter(cssclass="highlight", wrapcode=True, filename=title)
        return str(highlight(text, PythonLexer(), formatter))

    html = book.highlighted.get(f"{title}\n{text}", make)
    if copied is None:
        return html.replace('<div class="highlight">', '<div class="highlight no-copy">', 1)
    return f'<div class="snippet-code" data-copy="{escape(copied)}">{html}</div>'


def figure(drawn: dict[str, str], alt: str) -> str:
    """Wrap an SVG with its alternative text."""
    start = f'<svg role="img" aria-label="{escape(alt)}"'
    svg = drawn["svg"].replace("<svg", start, 1)
    return f'<figure class="snippet-figure" tabindex="0" data-search-exclude>{svg}</figure>'


def fold(kind: str, summary: str, body: str) -> str:
    """Wrap a body into a fold, which the site's search leaves out."""
    return (
        f'<details class="{kind}" data-search-exclude><summary>{summary}</summary>{body}</details>'
    )


def actions(book: Book, name: str, result: dict[str, Any]) -> str:
    """Write the row under a snippet: the whole program, its test, its reference, its versions."""
    part, module = name.split(".")
    root, program = book.page.root, book.program(name)
    links = [
        (f"{root}code/{part}/{module}.py", f"Download {module}.py", " download"),
        (f"{root}code/{part}/test_{module}.py", "Test", ""),
        (f"{root}reference/{part}/#snippets.{name}", "Reference", ""),
    ]
    row = "".join(f'<a href="{href}"{more}>{text}</a>' for href, text, more in links)
    versions = [f"{n} {v}" for n, v in program.needs.items()]
    minor = ".".join(result["python"].split(".")[:2])
    facts = [f"Python {minor}", *versions, result["device"], result["key"][:8]]
    if program.measures:
        facts.insert(0, f"measured on {result['machine']}, {result['date']}")
    return (
        f'<p class="snippet-actions">{row}'
        f'<span class="provenance">{escape(" · ".join(facts))}</span></p>'
    )


def table_html(rows: list[list[str]], measured: str) -> str:
    """Write a table; numbers are set to the right."""
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in rows[0])
    body = "".join("<tr>" + "".join(_cell(cell) for cell in row) + "</tr>" for row in rows[1:])
    note = f"<caption>measured on {escape(measured)}</caption>" if measured else ""
    mark = MEASURED if measured else ""
    return (
        f'<div class="snippet-table"{mark}><table>{note}<thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def report_html(book: Book, names: list[str]) -> str:
    """List what every snippet cost: the one place where a page tells seconds and memory."""
    head, first = ["snippet", "seconds", "peak memory in MB"], book.result(names[0])
    cells = [[name, f"{seconds:.2f}", f"{peak:.0f}"] for name, seconds, peak in book.costs(names)]
    return table_html([head, cells[-1], *cells[:-1]], f"{first['machine']}, {first['date']}")


def _cell(text: str) -> str:
    number = text[:1].isdigit() or (text[:1] in "-+." and text[1:2].isdigit())
    return f"<td{' class=number' if number else ''}>{escape(text)}</td>"


def failure_html(said: str) -> str:
    """Show a mistake where the result would stand, so that serving can go on."""
    title, _, details = said.partition("\n")
    return (
        f'<div class="admonition failure"><p class="admonition-title">{escape(title)}</p>'
        f'<pre tabindex="0"><code>{escape(details or title)}</code></pre></div>'
    )
