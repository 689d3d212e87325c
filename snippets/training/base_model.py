"""Ask a base model a question: it goes on, as a text might go on.

Source: Ouyang et al. (2022), section 1, https://arxiv.org/abs/2203.02155 (predicting the next token
is another aim than following instructions)
"""

from snippets.model.tiny import RECIPE
from snippets.model.tiny_writes import write_after

QUESTION_TO_TINY = "What is the capital of France?\n"


def goes_on_with(text: str, seed: int) -> str:
    """Let the trained Tiny write 90 characters behind a text; errors as in `write_after`."""
    return write_after(RECIPE.steps, text, 90, seed).removeprefix(text)


if __name__ == "__main__":
    continued = goes_on_with(QUESTION_TO_TINY, seed=1)
    print(QUESTION_TO_TINY.strip())
    print(continued)
