"""What a model gives you: a probability for every token there is. Picking one is up to you.

Source: Vaswani et al. (2017), section 3.4, https://arxiv.org/abs/1706.03762
"""

import torch

from snippets.model.smollm2 import load

BEGINNINGS = ("The capital of France is", "The cat sat on the")


@torch.no_grad()
def top_tokens(model, tokenizer, text: str, count: int = 5) -> list[tuple[str, float]]:
    """List the likeliest next tokens with their probabilities.

    Raises:
        ValueError: If the text is empty.
    """
    ids = torch.tensor([tokenizer.encode(text)])
    if ids.shape[1] == 0:
        raise ValueError("wanted a text of at least one token, got ''")
    chances = model(ids)[0, -1].softmax(-1)  # (V,)
    best = chances.topk(count)
    return [(tokenizer.decode([int(i)]), p.item()) for p, i in zip(*best, strict=True)]


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    model, tokenizer = load()
    figure, axes = plt.subplots(1, 2, figsize=(6.4, 2.8))
    tops, heads, rest = [], [], []
    for ax, text in zip(axes, BEGINNINGS, strict=True):
        best = top_tokens(model, tokenizer, text)
        tops.append(round(best[0][1], 2))
        heads.append(best[0][0].strip())
        rest.append(round(1 - sum(chance for _, chance in best), 2))
        print(f"{text} ... " + ", ".join(f"{t.strip()} {p:.2f}" for t, p in best))
        ax.barh([t.strip() for t, _ in reversed(best)], [100 * p for _, p in reversed(best)])
        ax.set(
            title=f"{text} ...", xlabel="probability, percent", ylabel="next token", xlim=(0, 100)
        )
    vocabulary = model.config.vocab_size
    print(f"shared by the other {vocabulary - 5:,} tokens: {rest[0]:.2f} and {rest[1]:.2f}")
    plt.show()
