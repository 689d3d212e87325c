"""Two ways to make a text ask questions about itself: hide the next token, or hide some tokens.

Sources: Radford et al. (2018), https://openai.com/index/language-unsupervised/ (GPT: the next
token); Devlin et al. (2018), section 3.1 and A.1, https://arxiv.org/abs/1810.04805 (BERT: masked)
"""

import torch
from torch import Tensor

from snippets.model.characters import Characters

NO_QUESTION = -100  # where nothing is asked; PyTorch's cross_entropy skips it


def ask_for_next(ids: Tensor) -> tuple[Tensor, Tensor]:
    """Read `(B, T)`, answer `(B, T)`: at each place the token behind it; nothing at the last."""
    end = torch.full_like(ids[:, :1], NO_QUESTION)
    return ids, torch.cat([ids[:, 1:], end], dim=1)


def ask_for_hidden(
    ids: Tensor, mask_id: int, vocab_size: int, generator: torch.Generator, share: float = 0.15
) -> tuple[Tensor, Tensor]:
    """Hide some tokens: 8 of 10 behind the mask, 1 behind a random token, 1 left as it is.

    The same number is asked about in every text, share times T, rounded.

    Returns:
        What to read, `(B, T)`, and the answers, `(B, T)`, `NO_QUESTION` where nothing is asked.

    Raises:
        ValueError: If share is not between 0 and 1.
    """
    if not 0 < share < 1:
        raise ValueError(f"wanted a share between 0 and 1, got {share}")
    order = torch.rand(ids.shape, generator=generator).argsort(1)  # (B, T)
    asked = order < round(share * ids.shape[1])  # (B, T)
    answers = torch.where(asked, ids, NO_QUESTION)  # (B, T)
    dice = torch.rand(ids.shape, generator=generator)  # (B, T)
    any_token = torch.randint(vocab_size, ids.shape, generator=generator)  # (B, T)
    read = torch.where(asked & (dice < 0.8), mask_id, ids)
    return torch.where(asked & (dice >= 0.9), any_token, read), answers


if __name__ == "__main__":
    chance = torch.Generator().manual_seed(1)
    ids = torch.randint(1000, (1, 512), generator=chance)
    next_answers = ask_for_next(ids)[1]
    hidden_answers = ask_for_hidden(ids, 1000, 1000, chance)[1]
    asked = [int((answers != NO_QUESTION).sum()) for answers in (next_answers, hidden_answers)]
    print(f"questions in 512 tokens: next {asked[0]}, hidden {asked[1]}")
    ratio = round(asked[0] / asked[1], 1)

    sentence = "the cat sat on the mat and purred"
    characters = Characters(sentence + "_")
    ids = torch.tensor([characters.encode(sentence)])
    mask = characters.encode("_")[0]
    read, answers = ask_for_hidden(ids, mask, len(characters), chance)
    shown = characters.decode(read[0].tolist())
    print("masked:", shown)
    wanted = {n: characters.decode([i]) for n, i in enumerate(answers[0].tolist()) if i >= 0}
    print("asked for, by place:", wanted)
