import pytest

from snippets.training.base_model import QUESTION_TO_TINY, goes_on_with


def test_page_says_it_does_not_answer_but_goes_on_like_a_play():
    texts = [goes_on_with(QUESTION_TO_TINY, seed) for seed in range(5)]
    assert not any("Paris" in text for text in texts)
    assert all("\n" in text for text in texts)  # lines, as in a play
    assert sum("Enter" in text or "Exit" in text for text in texts) >= 2
    assert len(set(texts)) == 5
    assert all(len(text) == 90 for text in texts)


def test_what_tiny_cannot_write_is_refused():
    with pytest.raises(ValueError, match="cannot write"):
        goes_on_with("日本", 0)
