"""Judge every squeezed model on the same text: how surprised it is, and how far it strays.

Sources: Jelinek, Mercer, Bahl and Baker (1977), https://doi.org/10.1121/1.2016299 (perplexity);
Kullback and Leibler (1951), section 2, https://doi.org/10.1214/aoms/1177729694 (divergence)
"""

import inspect
import math
from collections.abc import Callable, Iterable

import torch
from torch import Tensor, nn
from torch.nn.functional import kl_div, nll_loss

from snippets.model.smollm2 import load
from snippets.model.smollm2_tokenizer import SmolTokenizer
from snippets.tools.texts import read_play

# Pages of PyTorch's manual, a style very different from a play's.
MANUAL = (nn.Conv2d, nn.LSTM, nn.Embedding, nn.BatchNorm2d, nn.Transformer)


def token_windows(tokenizer: SmolTokenizer, text: str, count: int, length: int) -> Tensor:
    """Cut the beginning of a text into `count` pieces of `length` tokens: ids `(count, length)`.

    Raises:
        ValueError: If the text is too short.
    """
    ids = tokenizer.encode(text[: 20 * count * length])  # a token is shorter than that
    if len(ids) < count * length:
        raise ValueError(f"wanted {count * length:,} tokens, the text has {len(ids):,}")
    return torch.tensor(ids[: count * length]).view(count, length)


def manual_pages(layers: Iterable[type]) -> str:
    """Read what PyTorch's manual says about some layers."""
    return "\n\n".join(inspect.cleandoc(layer.__doc__ or "") for layer in layers)


def fixed_rows(tokenizer: SmolTokenizer, length: int = 256) -> Tensor:
    """Give the text on which all are judged, `(2, length)`: Hamlet, and the manual of PyTorch."""
    texts = (read_play("hamlet"), manual_pages(MANUAL))
    return torch.cat([token_windows(tokenizer, text, 1, length) for text in texts])


def compare_places(scores: Tensor, said: Tensor, ids: Tensor) -> Tensor:
    """Compare what two models say about what comes next, place by place.

    Args:
        scores: Logits of the one, `(T, V)`.
        said: ln p of the other, `(T, V)`, float32.
        ids: `(T,)`, int64, what did come next.

    Returns:
        `(T, 3)`: how surprised the one is and how far it strays from the other (KL), both in
        nats, and 1 where both have the same favourite.
    """
    says = scores.float().log_softmax(-1)
    surprise = nll_loss(says, ids, reduction="none")
    divergence = kl_div(says, said, reduction="none", log_target=True).sum(-1)
    return torch.stack([surprise, divergence, says.argmax(-1) == said.argmax(-1)], dim=1)


class Referee:
    """Remembers what the original model says about a text, and compares others with it."""

    def __init__(self, original: Callable[[Tensor], Tensor], rows: Tensor):
        """Let the original model read the text once.

        Args:
            original: Turns ids `(B, T)` into logits `(B, T, V)`.
            rows: `(B, T)`, int64, T >= 2.
        """
        self.rows = rows
        self.said = [self._log_chances(original, row) for row in rows]  # B of (T - 1, V)

    @torch.no_grad()
    def verdict(self, model: Callable[[Tensor], Tensor]) -> dict[str, float]:
        """Let a model read the text and compare it with the original, as `compare` does."""
        return self.compare(model(row[None, :-1])[0] for row in self.rows)

    def compare(self, logits: Iterable[Tensor]) -> dict[str, float]:
        """Compare logits, `(T - 1, V)` for each row, with what the original said.

        Returns:
            "perplexity" over all rows, of the first row ("play") and of the last ("manual");
            "divergence" (KL, nats per token) and "same", the share of places where both models
            have the same favourite.
        """
        losses, divergences, same = [], [], []
        for row, said, scores in zip(self.rows, self.said, logits, strict=True):
            few = zip(scores.split(16), said.split(16), row[1:].split(16), strict=True)
            told = torch.cat([compare_places(*places) for places in few])  # (T - 1, 3)
            loss, divergence, agrees = told.double().mean(0).tolist()
            losses.append(loss)
            divergences.append(divergence)
            same.append(agrees)
        return {
            "perplexity": math.exp(sum(losses) / len(losses)),
            "divergence": sum(divergences) / len(divergences),
            "same": sum(same) / len(same),
            "play": math.exp(losses[0]),
            "manual": math.exp(losses[-1]),
        }

    @staticmethod
    @torch.no_grad()
    def _log_chances(model: Callable[[Tensor], Tensor], row: Tensor) -> Tensor:
        """Give ln p of every token that could come next, `(T - 1, V)`."""
        return model(row[None, :-1])[0].float().log_softmax(-1)


if __name__ == "__main__":
    model, tokenizer = load()
    referee = Referee(model, fixed_rows(tokenizer, length=96))
    original = referee.verdict(model)
    for layer in (m for m in model.modules() if isinstance(m, nn.Linear)):
        layer.weight.data = layer.weight * 0.98
    altered = referee.verdict(model)
    for name, verdict in {"original": original, "all matrices 2 % smaller": altered}.items():
        told = ", ".join(f"{what} {value:.2f}" for what, value in verdict.items())
        print(f"{name}: {told}")
