import pytest

from snippets.model.smollm2 import load
from snippets.retrieval.answering import answer_all


def test_answers_come_back_in_order_and_do_not_depend_on_company():
    model, tokenizer = load()
    questions = ("What is the capital of France?", "Hi", "What is the colour of grass, usually?")
    chats = [[{"role": "user", "content": question}] for question in questions]
    together = answer_all(model, tokenizer, chats, new=8)
    assert together == [answer_all(model, tokenizer, [chat], new=8)[0] for chat in chats]
    assert "Paris" in together[0]


def test_nothing_asked_nothing_said_and_no_room_is_refused():
    model, tokenizer = load()
    assert answer_all(model, tokenizer, []) == []
    with pytest.raises(ValueError, match="at least 1 new token, got 0"):
        answer_all(model, tokenizer, [[{"role": "user", "content": "Hi"}]], new=0)
