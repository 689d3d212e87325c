"""The filter of the corrections finds what was typed and puts everything back."""

import pytest

pytestmark = pytest.mark.parametrize(
    "page", ["ecosystem/corrections/"], indirect=True, scope="module"
)
ITEMS = ".corrections > ul > li"


def seen(page):
    return page.locator(f"{ITEMS}:visible").count()


def test_typed_words_narrow_the_list_and_empty_shows_all(page):
    box = page.get_by_role("searchbox", name="Find in the entries")
    assert seen(page) == 176
    box.fill("KV cache")
    found = page.locator(f"{ITEMS}:visible").all_inner_texts()
    assert 0 < len(found) < 40
    assert all("kv" in text.lower() and "cache" in text.lower() for text in found)
    assert page.locator("h2:visible").count() < 20
    box.fill("zebra crossing")
    assert seen(page) == 0
    box.fill("")
    assert seen(page) == 176
