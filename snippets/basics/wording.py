"""The same question in other words: what that does to a model's answer.

Source: Sclar et al. (2023), https://arxiv.org/abs/2310.11324 (accuracy swings with the format)
"""

import torch

from snippets.model.smollm2 import load
from snippets.tools.perplexity import surprises

WORDINGS = {
    "question": "What is the capital of Australia?",
    "polite": "Could you please name the capital of Australia?",
    "shouting": "CAPITAL OF AUSTRALIA???",
    "leading": "Sydney is the capital of Australia, isn't it?",
}


def answer_chances(
    model, tokenizer, question: str, answers: tuple[str, ...], opening: str
) -> list[float]:
    """Say how likely each answer is as the words that follow an opening in the model's reply.

    Raises:
        ValueError: If there are no answers.
    """
    if not answers:
        raise ValueError("wanted at least one answer, got none")
    start = tokenizer.chat([{"role": "user", "content": question}]) + tokenizer.encode(opening)
    chances = []
    for answer in answers:
        ids = torch.tensor(start + tokenizer.encode(answer))
        chances.append((-surprises(model, ids)[len(start) - 1 :].sum()).exp().item())
    return chances


if __name__ == "__main__":
    model, tokenizer = load()
    cities, opening = (" Canberra", " Sydney"), "The capital of Australia is"
    rows = []
    for question in WORDINGS.values():
        canberra, sydney = answer_chances(model, tokenizer, question, cities, opening)
        rows.append(
            {"wording": question, "canberra": round(canberra, 2), "sydney": round(sydney, 2)}
        )
        print(f"{question:48} Canberra {canberra:.0%}, Sydney {sydney:.0%}")
