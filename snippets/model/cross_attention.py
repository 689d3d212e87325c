"""Cross-attention: the questions come from one text, what can be read from another.

Source: Vaswani et al. (2017), section 3.2.3, https://arxiv.org/abs/1706.03762
"""

import torch
from torch import Tensor, nn


class CrossAttention(nn.Module):
    """Attention between two texts, with one head. Between a text and itself: self-attention."""

    def __init__(self, width: int):
        super().__init__()
        self.query, self.key, self.value, self.out = (nn.Linear(width, width) for _ in range(4))

    def forward(self, asking: Tensor, told: Tensor, readable: Tensor) -> tuple[Tensor, Tensor]:
        """Let every word of one text read the other.

        Args:
            asking: `(B, T, C)`, the words that read: queries are made from these.
            told: `(B, S, C)`, the words that can be read: keys and values are made from these.
            readable: bool, `(T, S)` or `(B, 1, S)`; True where reading is allowed.

        Returns:
            What was read, `(B, T, C)`, and the weights, `(B, T, S)`, whose rows sum to 1.

        Raises:
            ValueError: If the two texts have vectors of different widths.
        """
        if asking.shape[-1] != told.shape[-1]:
            raise ValueError(f"wanted one width, got {asking.shape[-1]} and {told.shape[-1]}")
        q, k, v = self.query(asking), self.key(told), self.value(told)
        scores = q @ k.mT / q.shape[-1] ** 0.5  # (B, T, S)
        weights = scores.masked_fill(~readable, float("-inf")).softmax(-1)  # (B, T, S)
        return self.out(weights @ v), weights


if __name__ == "__main__":
    torch.manual_seed(0)
    table, places = torch.randn(50, 8), torch.randn(16, 8)  # a vector for each word, each place
    german, english = torch.tensor([3, 14, 15, 9, 26]), torch.tensor([5, 35, 8])
    told, asking = table[german] + places[:5], table[english] + places[:3]
    look, everything = CrossAttention(8), torch.ones(1, 1, dtype=torch.bool)
    with torch.no_grad():
        read, weights = look(asking[None], told[None], everything)
        _, longer_weights = look(asking[None], torch.cat([told, told[:1]])[None], everything)
    parts = {
        "German numbers": german,
        "embedded": table[german],
        "places": places[:5],
        "English asks": asking,
        "weights": weights[0],
        "read": read[0],
    }
    shapes = {name: list(part.shape) for name, part in parts.items()}
    for name, shape in shapes.items():
        print(f"{name:>14}: {shape}")
    longer = list(longer_weights[0].shape)
    totals = [round(float(row.sum()), 3) for row in weights[0]]
    zeros = int((weights == 0).sum())
    print("every English word spends", totals, "in all; weights that are 0:", zeros)
