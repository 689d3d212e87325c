"""Watch a real language model write: at every step its five best guesses, then the likeliest.

Source: Bengio et al. (2003), section 2, https://www.jmlr.org/papers/v3/bengio03a.html (a network
that gives a probability for every next word); SmolLM2 (2025), https://arxiv.org/abs/2502.02737
"""

from snippets.model.next_token import top_tokens
from snippets.model.smollm2 import load

OPENING = "Once upon a time, there was a little"


def watch_writing(model, tokenizer, text: str, steps: int) -> list[tuple[str, list]]:
    """Write on, always with the likeliest token.

    Returns:
        For each step the text so far, and the five likeliest next tokens with probabilities.

    Raises:
        ValueError: If the text is empty or there is nothing to write.
    """
    if steps < 1:
        raise ValueError(f"wanted at least 1 step, got {steps}")
    watched = []
    for _ in range(steps):
        best = top_tokens(model, tokenizer, text)
        watched.append((text, best))
        text += best[0][0]
    return watched


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    model, tokenizer = load()
    watched = watch_writing(model, tokenizer, OPENING, 8)
    first = [(token.strip(), round(chance, 2)) for token, chance in watched[0][1]]
    sure = [round(best[0][1], 2) for _, best in watched]
    for (_, best), chance in zip(watched, sure, strict=True):
        others = ", ".join(token.strip() for token, _ in best[1:4])
        print(f"{best[0][0].strip():>8} {chance:.2f}   rather than {others}")
    written = watched[-1][0] + watched[-1][1][0][0]
    print(written)

    figure, ax = plt.subplots(figsize=(6.4, 2.6))
    tokens, chances = zip(*reversed(watched[0][1]), strict=True)
    ax.barh([token.strip() for token in tokens], [100 * chance for chance in chances])
    ax.set(title=f"{OPENING} ...", xlabel="probability, percent", ylabel="next token")
    plt.show()
