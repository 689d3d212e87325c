"""Score a quiz behind k examples, and say how far the score can be trusted.

Sources: Brown et al. (2020), section 2, https://arxiv.org/abs/2005.14165 (zero-, one- and
few-shot); Wilson (1927), https://doi.org/10.1080/01621459.1927.10502953 (the interval)
"""

from collections.abc import Sequence

from torch import Tensor

from snippets.model.smollm2 import load
from snippets.model.smollm2_tokenizer import SmolTokenizer
from snippets.model.transformer import Transformer
from snippets.training.option_scores import score_options

ARROW_LINE = "{asked} ->{answer}\n"  # answers bring their own space
CERTAIN = 1.96  # standard deviations that hold 95 % of a normal distribution


def wilson_interval(right: float, asked: int) -> tuple[float, float]:
    """Say between which shares the true one lies, 19 times out of 20.

    Args:
        right: How many answers were right; a mean over several rounds need not be whole.
        asked: How many were asked.

    Raises:
        ValueError: If right is not between 0 and asked, or nothing was asked.
    """
    if not 0 <= right <= asked or asked < 1:
        raise ValueError(f"wanted 0 <= right <= asked and asked >= 1, got {right} of {asked}")
    share, wide = right / asked, CERTAIN**2 / asked
    middle = (share + wide / 2) / (1 + wide)
    reach = CERTAIN * (share * (1 - share) / asked + wide / asked / 4) ** 0.5 / (1 + wide)
    return middle - reach, middle + reach


def quiz_scores(
    model: Transformer,
    tokenizer: SmolTokenizer,
    shots: Sequence[tuple[str, str]],
    asked: Sequence[str],
    options: Sequence[Sequence[str]],
    line: str = ARROW_LINE,
) -> list[Tensor]:
    """Score the options of every question behind the same examples, which are read once.

    Args:
        model: Reads.
        tokenizer: Its tokenizer.
        shots: Questions with their answers, which stand before every question.
        asked: Questions.
        options: For each question its options, each with the space before it.
        line: How a question and its answer are written down; `{answer}` stands behind `{asked}`.

    Returns:
        For each question `(O,)`: ln p of every option, summed over its tokens.

    Raises:
        ValueError: If the line lacks a place, or as in `score_options`.
    """
    before, found, _ = line.partition("{answer}")
    if not found or "{asked}" not in before:
        raise ValueError(f"wanted a line with {{asked}} and then {{answer}}, got {line!r}")
    text = "".join(line.format(asked=a, answer=b) for a, b in shots)
    prompts = [tokenizer.encode(before.format(asked=question)) for question in asked]
    ids = [[tokenizer.encode(option) for option in some] for some in options]
    return score_options(model, tokenizer.encode(text), prompts, ids)


def count_hits(scores: Sequence[Tensor]) -> int:
    """Count the questions whose first option, the right one, beats all others; a tie is a miss."""
    return sum(bool(some[0] > some[1:].max()) for some in scores)


if __name__ == "__main__":
    model, tokenizer = load()
    shots, asked = [("hot", " cold"), ("big", " small")], ["up", "early", "wet"]
    options = [(" down", " late", " dry"), (" late", " dry", " down"), (" dry", " down", " late")]
    shares = {}
    for k in (0, 2):
        scores = quiz_scores(model, tokenizer, shots[:k], asked, options)
        shares[k] = [round(some.softmax(-1)[0].item(), 1) for some in scores]
        print(
            f"{k} examples: the right one of three gets {shares[k]}, {count_hits(scores)} of 3 hit"
        )
    low, high = (round(100 * end) for end in wilson_interval(80, 100))
    print(f"80 right of 100: the truth lies between {low} and {high} percent, 19 times of 20")
