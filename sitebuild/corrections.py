"""What the article said that this book retells, what is right, and where the book shows it."""

import re
from collections import Counter
from pathlib import Path

from sitebuild.paths import page_order
from sitebuild.records import Record, link, page_title, read_records

NEEDED = ("number", "said", "right", "how", "section")
OPTIONAL = ("where", "proof", "source", "checked")
HOW = {
    "shown": "shown by a program",
    "sourced": "argued from a source",
    "not shown": "not shown in this book",
}


def read_corrections(path: Path) -> list[Record]:
    """Read and check the list.

    Raises:
        BookError: If an entry contradicts itself.
    """
    records = read_records(path, NEEDED, OPTIONAL)
    for n, record in enumerate(records, 1):
        if record["number"] != n:
            raise record.error(f"wanted number {n}, got {record['number']}")
        if record["how"] not in HOW:
            raise record.error(f"how: wanted {', '.join(HOW)}, got {record['how']!r}")
        wanted = {"shown": ("where", "proof"), "sourced": ("source",), "not shown": ()}
        for field in wanted[record["how"]]:
            if not record.get(field):
                raise record.error(f"an entry that is {record['how']} needs '{field}: ...'")
    return records


def corrections_markdown(docs: Path, page: str) -> list[str]:
    """Write the counts, and all entries by the page that shows them, in the order of the book."""
    records = read_corrections((docs / page).with_suffix(".yml"))
    counts = Counter(record["how"] for record in records)
    told = ", ".join(f"**{counts[how]}** {words}" for how, words in HOW.items())
    lines = [f"{len(records)} entries: {told}.", ""]
    named = {record.get("where").partition("#")[0] for record in records}
    order = page_order(docs)
    for where in sorted(named, key=lambda name: (not name, order.get(name, len(order)), name)):
        title = page_title(docs / where) if where else "Elsewhere"
        slug = re.sub(r"\W+", "-", where.removesuffix(".md")) or "elsewhere"
        lines += [f"## {title} {{ #{slug} }}", "", '<div class="corrections" markdown>', ""]
        for record in records:
            if record.get("where").partition("#")[0] == where:
                lines += [_entry(record, page), ""]
        lines += ["</div>", ""]
    return lines


def _entry(record: Record, page: str) -> str:
    """Write one entry as an item of a list."""
    how = record["how"].replace(" ", "-")
    told = [f'<span class="how {how}">{HOW[record["how"]]}</span>']
    if record.get("where"):
        told.append(link("where", record["where"], page))
    if record.get("proof"):
        told.append(f"by `{record['proof']}`")
    if record.get("source"):
        told.append(f"source: {_linked(record['source'])}")
    if record.get("checked") is False:
        told.append("we could not open the source")
    said = f"- **{record['number']}** *{record['said'].strip()}*<br>\n"
    return f"{said}    {record['right'].strip()}<br>\n    <small>{'; '.join(told)}</small>"


def _linked(source: str) -> str:
    """Put addresses into angle brackets, so that Markdown links them."""

    def bracketed(match: re.Match[str]) -> str:
        address = match[0].rstrip(".")
        if address.endswith(")") and address.count("(") < address.count(")"):
            address = address[:-1]  # it closes a bracket that was opened before
        return f"<{address}>{match[0][len(address) :]}"

    return re.sub(r"(?<!<)https?://[^\s;,>]+", bracketed, source)
