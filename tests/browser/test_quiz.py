"""The self-test grades itself, by keyboard too, and every question has one right option."""

import pytest

pytestmark = pytest.mark.parametrize(
    "page", ["ecosystem/conclusion/"], indirect=True, scope="module"
)
ANSWERS = """() => [...document.querySelectorAll('.quiz > ol > li')].map(item => ({
  options: [...item.querySelectorAll('input')].map(box => box.value),
  right: item.querySelector('details strong').textContent.trim().replace(/\\s+/g, ' '),
  shown: !item.querySelector('details').hidden,
}))"""
SAID = ".quiz [role=status]"


def choose(page, pick):
    """Choose in every question; pick gets its options and the right one."""
    for item, told in zip(
        page.locator(".quiz > ol > li").all(), page.evaluate(ANSWERS), strict=True
    ):
        item.locator("input").nth(pick(told["options"], told["right"])).check()
    page.get_by_role("button", name="Grade me").click()


def test_every_question_has_one_right_option_and_hides_it(page):
    told = page.evaluate(ANSWERS)
    assert len(told) >= 30
    for question in told:
        assert len(set(question["options"])) == len(question["options"]) >= 3
        assert question["options"].count(question["right"]) == 1, question
        assert not question["shown"]
    assert page.locator(".quiz label .val").count() == 0  # its dotted line would betray it


def test_nothing_chosen_is_nothing_right(page):
    page.get_by_role("button", name="Grade me").click()
    total = len(page.evaluate(ANSWERS))
    assert page.locator(SAID).inner_text().startswith(f"0 of {total} right. {total} not answered")


def test_all_wrong_opens_the_answers(page):
    choose(page, lambda options, right: (options.index(right) + 1) % len(options))
    total = len(page.evaluate(ANSWERS))
    assert page.locator(SAID).inner_text().startswith(f"0 of {total} right.")
    assert page.locator(".quiz li.wrong details[open]").count() == total


def test_all_right(page):
    choose(page, lambda options, right: options.index(right))
    total = len(page.evaluate(ANSWERS))
    assert page.locator(SAID).inner_text().startswith(f"{total} of {total} right.")
    assert page.locator(".quiz li.right").count() == total


def test_the_keyboard_answers_and_grades(page):
    page.reload()
    page.locator(".quiz input").first.focus()
    page.keyboard.press("ArrowDown")
    page.get_by_role("button", name="Grade me").focus()
    page.keyboard.press("Enter")
    total = len(page.evaluate(ANSWERS))
    assert f"{total - 1} not answered" in page.locator(SAID).inner_text()
