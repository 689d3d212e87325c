"""How suspicious is a text, and how good is a suspicion?

Sources: Shi et al. (2023), section 3, https://arxiv.org/abs/2310.16789 (min-k% prob); Fawcett
(2006), https://doi.org/10.1016/j.patrec.2005.10.010 (curves of hits against false alarms)
"""

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from snippets.model.transformer import Transformer


@torch.no_grad()
def word_surprises(model: Transformer, passages: Tensor, before: int) -> Tensor:
    """Measure -ln p of every word of passages `(B, T)`, each read after the word `before`.

    Returns:
        `(B, T)`, nats.
    """
    first = torch.full((len(passages), 1), before)
    logits = model(torch.cat([first, passages[:, :-1]], dim=1))  # (B, T, V)
    return cross_entropy(logits.mT, passages, reduction="none")


def least_expected(surprises: Tensor, share: float = 0.2) -> Tensor:
    """Average the most surprising words only: min-k% prob, with its sign turned.

    A text that was learned has no big surprises left; one that is only easy has some.

    Args:
        surprises: `(B, T)`, nats.
        share: Which share of the T words to look at.

    Returns:
        `(B,)`, nats.

    Raises:
        ValueError: If that is not a share.
    """
    if not 0 < share <= 1:
        raise ValueError(f"wanted a share above 0 and up to 1, got {share}")
    count = max(1, round(share * surprises.shape[1]))
    return surprises.topk(count, dim=1).values.mean(1)


def area_under_curve(guilty: Tensor, innocent: Tensor) -> float:
    """Say how often a guilty text looks more suspicious than an innocent one; a tie counts half.

    That is the area under the curve of hits against false alarms: 0.5 is a coin, 1 is perfect.

    Args:
        guilty: `(P,)`, suspicion, higher is worse.
        innocent: `(N,)`, the same of texts that were not seen.
    """
    lead = guilty[:, None] - innocent[None, :]  # (P, N)
    return float(((lead > 0).double() + 0.5 * (lead == 0).double()).mean())


def alarm_level(innocent: Tensor, rate: float) -> float:
    """Set the level above which to cry leak so that at most this share of innocents `(N,)` is."""
    allowed = int(rate * len(innocent))
    return float(innocent.sort(descending=True).values[allowed])


if __name__ == "__main__":
    guilty, innocent = torch.tensor([5.0, 3.0, 2.0]), torch.tensor([4.0, 2.0, 1.0, 0.0])
    area = area_under_curve(guilty, innocent)
    level = alarm_level(innocent, 0.25)
    caught = int((guilty > level).sum())
    wins = round(area * len(guilty) * len(innocent), 1)
    print(f"of {len(guilty) * len(innocent)} pairs the guilty one leads in {wins}: area {area:.3f}")
    print(f"one false alarm in four allowed: level {level}, {caught} of {len(guilty)} caught")
    once = torch.tensor([[0.1, 0.2, 0.1, 0.3, 3.0]])
    lowest = float(least_expected(once, 0.2)[0])
    print(f"surprises {[round(x, 1) for x in once[0].tolist()]}: mean {float(once.mean()):.2f}, "
          f"worst fifth {lowest:.1f}")  # fmt: skip
