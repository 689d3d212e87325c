"""The built pages, and how a test asks for each of them."""

from pathlib import Path

import pytest

SITE = Path("site")
PAGES = [p for p in sorted(SITE.rglob("*.html")) if p.name != "404.html"]
PATHS = [p.relative_to(SITE).as_posix().removesuffix("index.html") for p in PAGES]
CHAPTERS = [path for path in PATHS if not path.startswith("reference/")]
PATHS = CHAPTERS + [path for path in PATHS if path not in CHAPTERS]  # so pytest can group by page


def each(paths):
    """Run a test on each page; with no site/ once, so that it fails instead of vanishing."""
    return pytest.mark.parametrize("page", paths or ["nothing/"], indirect=True, scope="module")


def show(page, look):
    """Load a page as a reader's system asks for it, unless it looks so already."""
    scheme = {"light": "default", "dark": "slate"}[look]
    if page.evaluate("document.body.dataset.mdColorScheme") != scheme:
        page.emulate_media(color_scheme=look)
        page.wait_for_load_state("networkidle")
        page.reload()
        page.wait_for_function(f"document.body.dataset.mdColorScheme === '{scheme}'")
    open_folds(page)


def open_folds(page):
    page.evaluate("document.querySelectorAll('.md-content details').forEach(d => d.open = true)")
