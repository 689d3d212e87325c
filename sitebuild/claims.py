"""The ledger of claims: of every chapter, what was computed, what is sourced, what will age."""

import re
from dataclasses import dataclass
from pathlib import Path

from sitebuild.book import names_in
from sitebuild.paths import page_order
from sitebuild.records import link, page_text, page_title

VALUE = re.compile(r"`#!val \w+\.\w+\.")
PROOF = re.compile(r"^ *proof: (.+)$", re.MULTILINE)
SOURCE = re.compile(r"\[([^\]\[]+)\]\((https?://[^)\s]+)\)([^.;\n]{0,60})")
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
DATED = re.compile(r"[^.\n]*\b[Aa]s of (?:early |late |mid-)?(?:[A-Z][a-z]+ )?20\d\d\b[^.\n]*\.?")
LIST_PAGES = tuple(
    f"ecosystem/{name}.md" for name in ("claims", "corrections", "glossary", "notation")
)
NOT_CLAIMS = ("reference/", *LIST_PAGES)


@dataclass(frozen=True)
class Claims:
    """What one page rests on."""

    path: str
    title: str
    values: int  # numbers quoted from results
    programs: list[str]  # snippets that it names
    proofs: int  # tests that it names
    sources: list[tuple[str, str, bool]]  # words, address, whether a year stands with them
    dated: list[str]  # sentences that say of when they are


def read_claims(docs: Path, path: str) -> Claims:
    """Count on one page, front matter aside."""
    text = page_text(docs / path)
    sources: dict[str, tuple[str, str, bool]] = {}
    for words, address, behind in SOURCE.findall(text):
        dated = bool(YEAR.search(words + behind))
        sources[address] = (words, address, dated or sources.get(address, ("", "", False))[2])
    proofs = [name for line in PROOF.findall(text) for name in line.split(",")]
    return Claims(
        path,
        page_title(docs / path),
        len(VALUE.findall(text)),
        names_in(text),
        len({name.strip() for name in proofs}),
        list(sources.values()),
        [sentence.strip(" -") for sentence in DATED.findall(_plain(text))],
    )


def claims_markdown(docs: Path, page: str) -> list[str]:
    """Write one table over all chapters, then a fold for each."""
    order = page_order(docs)
    paths = [p.relative_to(docs).as_posix() for p in docs.rglob("*.md")]
    paths.sort(key=lambda path: (order.get(path, -1), path))  # the home page first
    claims = [read_claims(docs, path) for path in paths if not path.startswith(NOT_CLAIMS)]
    head = "| chapter | numbers computed | programs | tests named | sources | sentences dated |"
    lines = [head, "| --- | --: | --: | --: | --: | --: |"]
    for c in claims:
        counts = (c.values, len(c.programs), c.proofs, len(c.sources), len(c.dated))
        cells = " | ".join(f"{count:,}" for count in counts)
        lines.append(f"| {link(c.title, c.path, page)} | {cells} |")
    everything = {name for c in claims for name in c.programs}
    addresses = {address for c in claims for _, address, _ in c.sources}
    sums = (
        sum(c.values for c in claims), len(everything), sum(c.proofs for c in claims),
        len(addresses), sum(len(c.dated) for c in claims),
    )  # fmt: skip
    lines += ["| **in all** | " + " | ".join(f"**{total:,}**" for total in sums) + " |", ""]
    for c in claims:
        lines += _fold(c)
    return lines


def _fold(c: Claims) -> list[str]:
    """List of one chapter its programs, sources and dated sentences."""
    lines = [f'??? note "{c.title}"']
    lines += ["    **Computed** by " + (", ".join(f"`{n}`" for n in c.programs) or "nothing"), ""]
    if c.sources:
        lines += ["    **Sourced:**", ""]
        for words, address, dated in c.sources:
            year = "" if dated else " (no year beside it)"
            lines.append(f"    - [{words}]({address}){year}")
        lines.append("")
    if c.dated:
        lines += ["    **Will age:**", ""]
        lines += [f"    - {sentence}" for sentence in c.dated] + [""]
    return lines


def _plain(text: str) -> str:
    """Take values, links and emphasis out of a text."""
    words = re.sub(r"`#!val [^`]*`", "…", text)
    words = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", words)
    return re.sub(r"[*`|]", "", words)
