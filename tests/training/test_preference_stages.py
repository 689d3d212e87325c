import matplotlib.pyplot as plt

from snippets.training.preference_stages import ARROWS, BOXES, draw_stages


def test_every_arrow_joins_two_boxes_and_all_roads_lead_to_the_policy():
    reached = {"policy"}
    for _ in ARROWS:
        reached |= {start for start, end, *_ in ARROWS if end in reached}
    assert reached == set(BOXES)
    assert not [end for start, end, *_ in ARROWS if start == "policy"]


def test_page_says_both_shortcuts_leave_out_the_judge():
    shortcuts = {words: (start, end) for start, end, words, _, short in ARROWS if short}
    assert set(shortcuts) == {"DPO", "GRPO"}
    assert {end for _, end in shortcuts.values()} == {"policy"}
    assert not [start for start, _ in shortcuts.values() if start.startswith("judge")]


def test_it_draws_every_name_once():
    figure, ax = plt.subplots()
    draw_stages(ax)
    written = [text.get_text() for text in ax.texts]
    assert all(written.count(name) == 1 for name in BOXES)
    plt.close(figure)
