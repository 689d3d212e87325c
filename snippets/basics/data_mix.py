"""What was on the buffet: how much was thrown away, and how often each dish was eaten.

Source: Brown et al. (2020), section 2.2 and table 2.2, https://arxiv.org/abs/2005.14165
"""

from snippets.basics.facts_training import (
    CRAWL_AFTER_GB,
    CRAWL_BEFORE_GB,
    GPT_3_MIX,
    GPT_3_RUN,
    LLAMA_3_8B_TOKENS,
    TRAINING_TEXTS,
    WORDS_OF_A_CHILD,
    MixPart,
)


def passes_over(part: MixPart, tokens: float) -> float:
    """Say how many times a training of so many tokens goes through a part.

    Raises:
        ValueError: If the part holds no token.
    """
    if part.tokens <= 0:
        raise ValueError(f"wanted a part with tokens in it, got {part}")
    return part.weight * tokens / part.tokens


if __name__ == "__main__":
    rows = [
        {
            "part": part.name,
            "billions": part.tokens / 1e9,
            "share": part.weight,
            "passes": round(passes_over(part, GPT_3_RUN.tokens), 1),
        }
        for part in GPT_3_MIX
    ]
    for row in rows:
        print("{part}: {billions:.0f} bn tokens, read {passes} times".format(**row))
    kept = CRAWL_AFTER_GB / CRAWL_BEFORE_GB
    tokens = {text.model: text.tokens for text in TRAINING_TEXTS}
    children = round(tokens["Llama 3"] / WORDS_OF_A_CHILD, -3)
    print(f"of the web crawl {kept:.1%} was kept; Llama 3 read {children:,.0f} childhoods")
    per_parameter = round(LLAMA_3_8B_TOKENS / 8e9, -2)
    planned = round(tokens["Chinchilla"] / 70e9)
    print(f"tokens per parameter: Chinchilla {planned}, Llama 3 8B {per_parameter:,.0f}")
