"""The calculator computes what Python computes, refuses what it refuses, and can be sent."""

import json
from urllib.parse import urlencode

import pytest

from snippets.inference.capacity import plan
from snippets.inference.capacity_tables import CAPACITY_CASES

NAMES = ("model", "device", "n_devices", "context", "batch", "precision")
GOOD = dict(zip(NAMES, ("Anthropic 52B", "A100 40 GB", 4, 2048, 1, "bf16"), strict=True))
BAD = [
    {"model": "Llama-9"},
    {"device": "abacus"},
    {"precision": "fp7"},
    {"precision": "fp8"},
    {"n_devices": 0},
    {"n_devices": 3},
    {"n_devices": 128},
    {"context": -5},
    {"context": 8193},
    {"batch": 0},
    {"batch": 1.5},
]
pytestmark = pytest.mark.parametrize("page", ["inference/capacity/"], indirect=True, scope="module")
PLAN = "asked => document.querySelector('capacity-calculator').plan(JSON.parse(asked))"
SAID = "capacity-calculator [role=status]"


def why(asked):
    """Say why Python makes no plan."""
    try:
        plan(**asked)
    except ValueError as error:
        return str(error)
    return pytest.fail(f"Python makes a plan of {asked}")


def ask(page, asked):
    return page.evaluate(PLAN, json.dumps({k: str(v) for k, v in asked.items()}))


@pytest.mark.parametrize("case", CAPACITY_CASES, ids=lambda c: f"{c[0]} on {c[2]} {c[1]}")
def test_the_page_computes_what_python_computes(page, case):
    told, wanted = ask(page, dict(zip(NAMES, case, strict=True))), vars(plan(*case))
    assert told.keys() == wanted.keys()
    for name, value in wanted.items():
        near = pytest.approx(value, rel=1e-12) if isinstance(value, float) else value
        assert told[name] == near, name


@pytest.mark.parametrize("change", BAD, ids=str)
def test_the_page_refuses_in_pythons_words(page, origin, change):
    refusal = why(GOOD | change)
    page.goto(f"{origin}/inference/capacity/?{urlencode(GOOD | change)}")
    assert page.locator(SAID).inner_text() == f"Not possible: {refusal}."
    assert page.locator("capacity-calculator dd").count() == 0


def test_by_keyboard_and_kept_in_the_address(page, origin):
    page.goto(f"{origin}/inference/capacity/#calculator")
    page.get_by_label("Cards", exact=True).focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("8")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "context"
    before = page.locator(SAID).inner_text()
    users = plan("Llama-3-70B", "H100 SXM", 8, 8192, 16).users_that_fit
    assert f"room for {users} users" in before
    assert "n_devices=8" in page.url
    assert page.url.endswith("#calculator")
    page.reload()
    assert page.locator(SAID).inner_text() == before


def test_it_fits_on_a_phone(page, origin):
    page.goto(f"{origin}/inference/capacity/")
    usual = page.viewport_size
    page.set_viewport_size({"width": 360, "height": 740})
    try:
        box = page.locator("capacity-calculator").bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360
        inside = "e => e.scrollWidth <= e.clientWidth"
        assert page.locator("capacity-calculator").evaluate(inside)
    finally:
        page.set_viewport_size(usual)


def test_without_javascript_the_table_stays(page, browser, origin):
    plain = browser.new_context(java_script_enabled=False)
    try:
        other = plain.new_page()
        other.goto(f"{origin}/inference/capacity/")
        assert "needs JavaScript" in other.locator("capacity-calculator").inner_text()
        rows = other.locator("table:has(th:text-is('users that fit')) tbody tr")
        assert rows.count() == len(CAPACITY_CASES)
    finally:
        plain.close()


def test_nothing_to_complain_about(page, origin):
    page.wait_for_load_state("networkidle")
    page.complaints.clear()  # leaving a page early, as above, breaks off what it still loads
    page.goto(f"{origin}/inference/capacity/?{urlencode(GOOD)}", wait_until="networkidle")
    page.get_by_label("Users at once").fill("0")
    assert page.complaints == []
