"""An encoder that sorts texts into two kinds: fit its head alone, or train all of it.

Sources: Yosinski et al. (2014), https://arxiv.org/abs/1411.1792 (copied layers, frozen or trained
on); Reimers and Gurevych (2019), section 3, https://arxiv.org/abs/1908.10084 (the mean over tokens)
"""

import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits as yes_or_no_loss

from snippets.model.bert import BertEncoder
from snippets.model.minilm import load_minilm_parts, mean_vector, pad_right

TEXTS_A_STEP = 16
Head = tuple[Tensor, Tensor]  # a weight for each number of a vector (C,), and one bias ()


class Reader(nn.Module):
    """An encoder, and a head that turns its vector of a text into one score."""

    def __init__(self, encoder: BertEncoder, head: Head):
        super().__init__()
        self.encoder = encoder
        self.weight, self.bias = (nn.Parameter(part.clone()) for part in head)

    def vectors(self, texts: list[list[int]]) -> Tensor:
        """Average what stands at the tokens of each of B texts: `(B, C)`."""
        ids, readable = pad_right(texts, 0)
        return mean_vector(self.encoder(ids, readable), readable)

    def forward(self, texts: list[list[int]]) -> Tensor:
        """Score B texts: `(B,)`, above 0 for yes."""
        return self.vectors(texts) @ self.weight + self.bias


def fit_head(vectors: Tensor, labels: Tensor) -> Head:
    """Fit a head to frozen vectors `(N, C)` and labels `(N,)`: logistic regression.

    Raises:
        ValueError: If only one of the two labels occurs.
    """
    if labels.min() == labels.max():
        raise ValueError(f"wanted examples of both kinds, got {len(labels)} of one")
    weight = torch.zeros(vectors.shape[1], requires_grad=True)
    bias = torch.zeros((), requires_grad=True)
    optimizer = torch.optim.LBFGS([weight, bias], max_iter=100)

    def closure() -> Tensor:
        optimizer.zero_grad()
        small = weight.square().sum() / len(labels)  # keeps the weights small
        loss = yes_or_no_loss(vectors @ weight + bias, labels) + small
        loss.backward()
        return loss

    optimizer.step(closure)
    return weight.detach(), bias.detach()


def train_reader(
    reader: Reader, texts: list[list[int]], labels: Tensor, rate: float, steps: int, seed: int
) -> Reader:
    """Turn all knobs of a reader, those of its encoder too; the rate falls in a line to zero."""
    knobs = torch.optim.AdamW(reader.parameters(), rate, weight_decay=0.0, fused=True)
    chance, queue = torch.Generator().manual_seed(seed), []
    for step in range(steps):
        queue = queue or list(torch.randperm(len(texts), generator=chance).split(TEXTS_A_STEP))
        batch = queue.pop()
        knobs.param_groups[0]["lr"] = rate * (1 - step / steps)
        yes_or_no_loss(reader([texts[n] for n in batch]), labels[batch]).backward()
        knobs.step()
        knobs.zero_grad()
    return reader


if __name__ == "__main__":
    wordpiece, encoder = load_minilm_parts()
    texts = [wordpiece.encode(word) for word in ("cow", "wolf", "robin", "apple", "soup", "bread")]
    labels = torch.tensor([1.0, 1.0, 1.0, 0.0, 0.0, 0.0])  # animal?
    with torch.no_grad():
        plain = Reader(encoder, (torch.zeros(384), torch.zeros(())))
        reader = Reader(encoder, fit_head(plain.vectors(texts), labels))
        for word in ("tiger", "pudding", "carp"):
            score = reader([wordpiece.encode(word)]).item()
            print(f"{word}: {'animal' if score > 0 else 'food'}")
