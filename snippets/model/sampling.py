"""From scores to the probabilities from which the next token is drawn.

Sources: Ackley, Hinton and Sejnowski (1985), section 2 (temperature); Fan et al. (2018), section
5.4, https://arxiv.org/abs/1805.04833 (top-k); Holtzman et al. (2020), section 3.1,
https://arxiv.org/abs/1904.09751 (top-p); Nguyen et al. (2024), section 3,
https://arxiv.org/abs/2407.01082 (min-p); Keskar et al. (2019), section 4.1,
https://arxiv.org/abs/1909.05858 (repetition penalty)
"""

import torch
from torch import Tensor


def next_probabilities(
    logits: Tensor,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
    min_p: float | None = None,
) -> Tensor:
    """Turn scores for the next token into the probabilities to draw from.

    Args:
        logits: `(B, V)`, float.
        temperature: Divides the scores; 0 leaves only the likeliest token.
        top_k: As in `stream`; so are top_p and min_p. They apply in this order.
        top_p: See there.
        min_p: See there.

    Returns:
        `(B, V)`, rows add up to 1.
    """
    if temperature == 0:
        return torch.zeros_like(logits).scatter(-1, logits.argmax(-1, keepdim=True), 1.0)
    best = logits.max(-1, keepdim=True).values  # (B, 1)
    scores = (logits - best) / temperature  # (B, V)
    if top_k is not None:
        last = scores.topk(min(top_k, scores.shape[-1])).values[:, -1:]  # (B, 1)
        scores = scores.masked_fill(scores < last, -torch.inf)  # (B, V)
    if top_p is not None:
        ordered, places = scores.sort(descending=True, stable=True)
        chances = ordered.softmax(-1)  # (B, V)
        late = chances.cumsum(-1) - chances >= top_p  # (B, V), others already reach p
        scores = scores.masked_fill(torch.zeros_like(late).scatter(-1, places, late), -torch.inf)
    chances = scores.softmax(-1)  # (B, V)
    if min_p is not None:
        chances = chances * (chances >= min_p * chances.max(-1, keepdim=True).values)  # (B, V)
    return chances / chances.sum(-1, keepdim=True)


def penalize(logits: Tensor, text: Tensor, penalty: float) -> Tensor:
    """Lower the scores `(B, V)` of tokens that occur in the text `(B, T)`.

    Positive scores are divided by the penalty, negative ones multiplied.
    """
    found = logits.gather(-1, text)  # (B, T)
    return logits.scatter(-1, text, torch.where(found > 0, found / penalty, found * penalty))


def check_sampling(temperature, top_k, top_p, min_p, repetition_penalty) -> None:
    """Refuse what makes no sense, with what was wanted.

    Raises:
        ValueError: If an option lies outside its range.
    """
    for name, value, wanted, fits in (
        ("temperature", temperature, "0 or more", 0 <= temperature < float("inf")),
        ("top_k", top_k, "a whole number from 1", top_k is None or top_k == int(top_k) >= 1),
        ("top_p", top_p, "more than 0 and at most 1", top_p is None or 0 < top_p <= 1),
        ("min_p", min_p, "0 to 1", min_p is None or 0 <= min_p <= 1),
        ("repetition_penalty", repetition_penalty, "more than 0", repetition_penalty > 0),
    ):
        if not fits:
            raise ValueError(f"{name}: wanted {wanted}, got {value}")


if __name__ == "__main__":
    scores = torch.tensor([[2.0, 1.0, 0.0]])
    powers = [round(power, 2) for power in scores[0].exp().tolist()]
    in_all = round(scores.exp().sum().item(), 2)
    shares, odds = {}, {}
    for temperature in (0.0, 0.5, 1.0, 2.0):
        chances = next_probabilities(scores, temperature)[0].tolist()
        shares[str(temperature)] = [round(chance, 3) for chance in chances]
        odds[str(temperature)] = round(chances[0] / chances[1], 2) if temperature else None
        print(f"temperature {temperature}: {shares[str(temperature)]}")
    for name, value in (("top_k", 2), ("top_p", 0.9), ("min_p", 0.2)):
        chances = next_probabilities(scores, **{name: value})[0].tolist()
        shares[name] = [round(chance, 3) for chance in chances]
        print(f"{name} {value}: {shares[name]}")
