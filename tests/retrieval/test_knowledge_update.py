import pytest

from snippets.model.smollm2 import load
from snippets.retrieval.knowledge_update import BAKERY, DOOR_QUESTION, NOTHING_FOUND, answer_from
from snippets.retrieval.vector_store import open_store


def test_page_says_the_answer_follows_the_document(tmp_path):
    models, store = load(), open_store(tmp_path)
    assert answer_from(store, DOOR_QUESTION, *models) == NOTHING_FOUND
    store.add(list(BAKERY), list(BAKERY.values()))
    assert "4711" in answer_from(store, DOOR_QUESTION, *models)
    store.update("door", BAKERY["door"].replace("4711", "9935"))  # not the page's number
    said = answer_from(store, DOOR_QUESTION, *models)
    assert "9935" in said
    assert "4711" not in said
    store.delete("door")
    assert answer_from(store, DOOR_QUESTION, *models) == NOTHING_FOUND


def test_a_strange_question_gets_no_answer_and_an_empty_one_is_refused(tmp_path):
    models, store = load(), open_store(tmp_path)
    store.add(list(BAKERY), list(BAKERY.values()))
    assert answer_from(store, "What is the capital of France?", *models) == NOTHING_FOUND
    with pytest.raises(ValueError, match="wanted a text, got an empty one"):
        answer_from(store, " ", *models)
