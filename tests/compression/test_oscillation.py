import pytest

from snippets.compression.oscillation import chase


def test_agrees_with_the_update_by_hand():
    hidden, shown = chase(0.7, 0.1, 0.07, 200)
    weight = 0.1
    for got, label in zip(hidden, shown, strict=True):
        assert got == pytest.approx(weight, abs=1e-4)
        assert label == (1.0 if got > 0.5 else 0.0)
        weight = got - 0.07 * (label - 0.7)


def test_a_target_on_a_label_is_reached_and_kept():
    hidden, shown = chase(2.0, 0.1, 0.07, 200)
    assert shown[-100:] == [2.0] * 100
    assert len(set(hidden[-100:])) == 1


def test_no_steps_are_refused():
    with pytest.raises(ValueError, match="wanted at least 1 step, got 0"):
        chase(0.7, 0.1, 0.07, 0)


@pytest.mark.parametrize("target", [0.7, 0.2, 0.45])
def test_page_says_it_never_rests_and_is_right_on_average(target):
    hidden, shown = chase(target, 0.1, 0.07, 2000)
    late = shown[500:]
    assert sum(a != b for a, b in zip(late, late[1:], strict=False)) > 300
    assert sum(late) / len(late) == pytest.approx(target, abs=0.01)
    assert max(abs(w - 0.5) for w in hidden[500:]) < 0.07
