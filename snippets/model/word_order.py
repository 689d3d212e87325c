"""Ask a real model who hits whom, with the places of the words and without.

Source: Vaswani et al. (2017), section 3.5, https://arxiv.org/abs/1706.03762
"""

from dataclasses import replace

import torch

from snippets.model.smollm2 import load

BITE_SENTENCES = (
    "The dog bit the man, so the man hit the",
    "The man bit the dog, so the dog hit the",
)


@torch.no_grad()
def next_word_chances(model, tokenizer, text: str, words: tuple[str, ...]) -> list[float]:
    """Give the probability of each word's first token as the next one.

    Raises:
        ValueError: If no words are given.
    """
    if not words:
        raise ValueError("wanted at least one word, got none")
    chances = model(torch.tensor([tokenizer.encode(text)]))[0, -1].softmax(-1)  # (V,)
    return [chances[tokenizer.encode(word)[0]].item() for word in words]


if __name__ == "__main__":
    model, tokenizer = load()
    trained, hits = model.config, []
    for label, theta in (("with", trained.rope_theta), ("without", None)):
        model.config = replace(trained, rope_theta=theta)
        for text in BITE_SENTENCES:
            dog, man = next_word_chances(model, tokenizer, text, (" dog", " man"))
            hits.append({"positions": label, "text": text, "dog": dog, "man": man})
            print(f"{label:>7} positions, {text} ... dog {dog:.2f}, man {man:.2f}")
