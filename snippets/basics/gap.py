"""Two upstream tasks on one sentence: guess the next word, or fill a gap from both sides.

Sources: Radford et al. (2018), section 3.1,
https://openai.com/index/language-unsupervised/ (next); Devlin et al. (2018), section 3.1,
https://arxiv.org/abs/1810.04805 (gap)
"""

import torch

from snippets.model.smollm2 import load
from snippets.tools.perplexity import surprises

GAP_SENTENCE = ("The", "barked all night, so nobody in the house could sleep.")
GAP_WORDS = (" man", " dog", " baby", " king")


def word_shares(
    model, tokenizer, before: str, words: tuple[str, ...], after: str = ""
) -> list[float]:
    """Share 100 percent among words by how well they fit: into the text so far, or both sides.

    The model only ever reads to the right; with text behind the gap, each word is tried and the
    whole sentence weighed.

    Raises:
        ValueError: If there is nothing before the gap, or no word.
    """
    if not before or not words:
        raise ValueError(f"wanted a text before the gap and words, got {before!r}, {words}")
    start, weights = len(tokenizer.encode(before)), []
    for word in words:
        ids = torch.tensor(tokenizer.encode(before + word + (f" {after}" if after else "")))
        weights.append(-surprises(model, ids)[start - 1 :].sum())
    return torch.stack(weights).softmax(0).tolist()


if __name__ == "__main__":
    model, tokenizer = load()
    before, after = GAP_SENTENCE
    shares = {}
    for task, rest in (("next word", ""), ("gap", after)):
        found = word_shares(model, tokenizer, before, GAP_WORDS, rest)
        shares[task] = dict(
            zip(map(str.strip, GAP_WORDS), (round(s, 2) for s in found), strict=True)
        )
        print(f"{task}: {before} ... {rest}", shares[task], sep="\n   ")
