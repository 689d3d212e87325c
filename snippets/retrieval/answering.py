"""Let a chat model answer many conversations, a few of like length at a time.

Source: Orca (Yu et al., 2022), section 3, https://www.usenix.org/conference/osdi22/presentation/yu
(why batches of unequal length are wasteful)
"""

from collections.abc import Sequence

from snippets.model.left_padding import write_batch
from snippets.model.smollm2 import load

CHATS_AT_ONCE = 8


def answer_all(model, tokenizer, chats: Sequence[list[dict[str, str]]], new: int = 16) -> list[str]:
    """Let the model answer chats, eight of like length at a time, in at most `new` tokens each.

    Raises:
        ValueError: If new is below 1.
    """
    if new < 1:
        raise ValueError(f"wanted at least 1 new token, got {new}")
    ids = [tokenizer.chat(chat) for chat in chats]
    order = sorted(range(len(ids)), key=lambda n: len(ids[n]))
    answers = [""] * len(ids)
    for group in (order[n : n + CHATS_AT_ONCE] for n in range(0, len(order), CHATS_AT_ONCE)):
        written = write_batch(model, [ids[n] for n in group], new, tokenizer.eos_id)
        for n, tokens in zip(group, written, strict=True):
            answers[n] = tokenizer.decode([t for t in tokens if t != tokenizer.eos_id]).strip()
    return answers


if __name__ == "__main__":
    model, tokenizer = load()
    questions = ("What is the capital of France?", "Hi", "Name a fruit.")
    chats = [[{"role": "user", "content": question}] for question in questions]
    answers = answer_all(model, tokenizer, chats, new=8)
    for question, answer in zip(questions, answers, strict=True):
        print(f"{question} {answer}")
