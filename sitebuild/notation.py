"""Letters and units: what each means, and where."""

from pathlib import Path

from sitebuild.records import Record, link, page_title, read_records


def notation_markdown(docs: Path, page: str) -> list[str]:
    """Write the units, then the letters; a letter with several meanings has several rows.

    Raises:
        BookError: If an entry is neither a letter nor a unit.
    """
    path = (docs / page).with_suffix(".yml")
    records = read_records(path, ("means", "where"), ("letter", "unit", "also_where"))
    for record in records:
        if bool(record.get("letter")) == bool(record.get("unit")):
            raise record.error("wanted either 'letter: ...' or 'unit: ...'")
    lines = []
    for kind, title in (("unit", "Units"), ("letter", "Letters")):
        lines += [f"## {title} {{ #{kind}s }}", "", f"| {kind} | means | where |"]
        lines += ["| --- | --- | --- |"]
        lines += [_row(r, kind, docs, page) for r in records if r.get(kind)] + [""]
    return lines


def _row(record: Record, kind: str, docs: Path, page: str) -> str:
    places = [record["where"], *(record.get("also_where") or [])]
    links = [link(_short(docs / place.partition("#")[0]), place, page) for place in places]
    means = record["means"].replace("|", "\\|")
    return f"| **{record[kind]}** | {means} | {', '.join(links)} |"


def _short(path: Path) -> str:
    """Leave out what stands behind a colon: the column is narrow on a phone."""
    return page_title(path).partition(":")[0]
