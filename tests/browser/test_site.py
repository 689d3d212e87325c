"""What a reader's browser makes of the built pages. Tests of one page share its one load."""

import re
from pathlib import Path

import pytest

from tests.browser.pages import CHAPTERS, PAGES, PATHS, SITE, each, open_folds, show


def test_the_site_has_something_to_look_at(origin):
    pages = [p.read_text("utf-8") for p in PAGES]
    for wanted in ('<div class="snippet-code" data-copy=', "<svg role=", "<math "):
        assert any(wanted in page for page in pages), wanted


@each(CHAPTERS)
def test_keys_skip_to_the_text_and_toggle_every_fold(page):
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches('.md-skip')")
    page.keyboard.press("Enter")
    reached = 0
    for _ in range(1000):
        page.keyboard.press("Tab")
        where = page.evaluate(FOCUS)
        if where == "outside":
            break
        if where == "fold":
            page.keyboard.press("Enter")
            assert page.evaluate(TOGGLED), "Enter does not toggle a fold"
            reached += 1
    assert reached == page.locator(".md-content summary:visible").count()


FOCUS = """() => {
  const it = document.activeElement;
  if (!it.matches('.md-content *')) return 'outside';
  if (!it.matches('summary')) return 'other';
  window.wasOpen = it.parentElement.open;
  return 'fold';
}"""
TOGGLED = """() => {
  const fold = document.activeElement.parentElement, toggled = fold.open !== wasOpen;
  fold.open = true;  // there may be folds in it
  return toggled;
}"""


@each(CHAPTERS)
def test_copy_buttons_give_the_published_program(page):
    page.bring_to_front()
    open_folds(page)
    for block in page.locator("div.snippet .snippet-code[data-copy]").all():
        source = block.locator(".filename").inner_text().strip()  # snippets/part/name.py
        published = SITE / "code" / Path(source).relative_to("snippets")
        page.evaluate("navigator.clipboard.writeText('nothing was copied')")
        block.hover()  # scrolls to it, at which the button appears
        block.locator(".md-code__button[data-md-type=copy]").click()
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied == published.read_text("utf-8").rstrip(), source


@each(CHAPTERS)
def test_paper_has_pages_and_no_shut_folds(page):
    page.evaluate("document.querySelectorAll('.md-content details').forEach(d => d.open = false)")
    paper = page.pdf()
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) >= 1
    assert page.evaluate("shutOnPaper") == 0  # counted by a listener that conftest.py adds


@each(PATHS)
def test_figures_have_words_and_ids_are_unique(page):
    unnamed = page.evaluate(
        "[...document.querySelectorAll('figure svg')].filter(svg => svg.getAttribute('role') !=="
        " 'img' || !svg.getAttribute('aria-label')?.trim()).map(svg => svg.outerHTML.slice(0, 99))"
    )
    assert unnamed == []
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(element => element.id)")
    assert sorted({i for i in ids if ids.count(i) > 1}) == []


@each(PATHS)
def test_mathematics_is_mathml(page):
    text = page.evaluate(TEXT)
    assert re.findall(r".{0,20}(?:\\[(\[]|\$\$).{0,20}", text) == []
    assert page.locator(".arithmatex").count() == 0
    assert all(page.locator("math").evaluate_all("all => all.map(m => m.childElementCount > 0)"))


TEXT = """() => {
  const copy = document.querySelector('.md-content').cloneNode(true);
  copy.querySelectorAll('pre, code, script, style').forEach(element => element.remove());
  return copy.textContent;
}"""


@each(PATHS)
@pytest.mark.parametrize("look", ["light", "dark"])
def test_a_phone_scrolls_in_one_direction_only(page, look):
    show(page, look)
    page.set_viewport_size({"width": 360, "height": 780})
    width, culprits = page.evaluate("document.documentElement.scrollWidth"), page.evaluate(WIDE)
    page.set_viewport_size({"width": 1280, "height": 720})
    assert width <= 360, "\n".join(culprits)


# What sticks out, unless something around it scrolls or hides what sticks out of that.
WIDE = """() => {
  const held = e => e.matches('.md-content') ? false
    : getComputedStyle(e).overflowX !== 'visible' || held(e.parentElement);
  return [...document.querySelectorAll('.md-content *')]
    .filter(e => e.getBoundingClientRect().right > 360 && !held(e.parentElement))
    .map(e => e.getBoundingClientRect().right.toFixed() + ' px: ' + e.outerHTML.slice(0, 120));
}"""


@each(PATHS)
def test_a_page_is_quiet_and_asks_nobody_else(page):
    """Run last on each page, so it also judges what happened during the other tests."""
    open_folds(page)
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    page.wait_for_load_state("networkidle")
    assert page.complaints == []
