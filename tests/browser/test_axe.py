"""Whether everybody can read the built chapters, as far as a program can tell: light and dark."""

import pytest

from tests.browser.pages import CHAPTERS, each, show


@each(CHAPTERS)
@pytest.mark.parametrize("look", ["light", "dark"])
def test_axe_finds_nothing(page, look):
    axe = pytest.importorskip("axe_playwright_python.base").AXE_SCRIPT
    show(page, look)
    page.evaluate(MERGE_EQUAL_WORDS)
    page.evaluate(axe)
    found = page.evaluate("axe.run({resultTypes: ['violations'], preload: false})")["violations"]
    assert not found, "\n\n" + "\n".join(map(_violation, found))


def _violation(rule):
    nodes = rule["nodes"]
    lines = [f"{rule['id']} ({rule['impact']}), {len(nodes)} places; {rule['help']}"]
    for node in nodes[:8]:
        target = " ".join(str(part) for part in node["target"])
        summary = " ".join(node["failureSummary"].split())
        lines.append(f"  {target}\n    {node['html'][:120]}\n    {summary}")
    return "\n".join(lines)


# A page holds thousands of words of code, but only some dozen kinds, and axe takes a millisecond
# for each word: the first of its kind stays a word of its own, the others become plain text.
MERGE_EQUAL_WORDS = """() => {
  const seen = new Set(), again = [];
  for (const word of document.querySelectorAll('.md-content pre span:not(:has(*))')) {
    const places = ['pre', 'div', 'details', '.snippet, .jp-Cell'].map(s => word.closest(s));
    const kind = [word, ...places].map(e => e?.className).join();
    if (seen.has(kind)) again.push(word);
    seen.add(kind);
  }
  again.forEach(word => word.replaceWith(word.textContent));
  document.body.normalize();
}"""
