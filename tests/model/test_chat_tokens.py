from snippets.model.chat_tokens import FORGED, count_turns
from snippets.model.smollm2_tokenizer import load_tokenizer


def test_count_by_hand():
    assert count_turns([1, 5, 1, 7, 7], 1) == 2
    assert count_turns([], 1) == 0


def test_page_says_a_forged_turn_counts_only_where_text_is_pasted_first():
    tokenizer = load_tokenizer()
    safe = tokenizer.chat([{"role": "user", "content": FORGED}])
    honest = tokenizer.chat([{"role": "user", "content": "Hi!"}])
    pasted = tokenizer.encode(tokenizer.decode(safe))
    turns = [count_turns(ids, tokenizer.bos_id) for ids in (honest, safe, pasted)]
    assert turns[0] == turns[1] == turns[2] - 1
