"""An encoder: every token reads every other one, also those that come after it.

Sources: Vaswani et al. (2017), section 3.1, https://arxiv.org/abs/1706.03762 (the blocks, norms
last); Devlin et al. (2019), section 3 and appendix A.2, https://arxiv.org/abs/1810.04805 (learned
positions, GELU)
"""

import torch
from torch import Tensor, nn
from torch.nn.functional import gelu, scaled_dot_product_attention


class EncoderBlock(nn.Module):
    """Attention, then a feed-forward network; each is added to its input and then normed."""

    def __init__(self, d_model: int, n_heads: int, d_ffn: int):
        super().__init__()
        self.n_heads = n_heads
        self.query, self.key = nn.Linear(d_model, d_model), nn.Linear(d_model, d_model)
        self.value, self.out = nn.Linear(d_model, d_model), nn.Linear(d_model, d_model)
        self.up, self.down = nn.Linear(d_model, d_ffn), nn.Linear(d_ffn, d_model)
        self.norm_1, self.norm_2 = (nn.LayerNorm(d_model, eps=1e-12) for _ in range(2))

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Let each token of x `(B, T, C)` read where mask `(B, 1, 1, T)` is True."""
        heads = (self.n_heads, -1)
        q, k, v = (
            part(x).unflatten(-1, heads).transpose(1, 2)  # (B, H, T, D)
            for part in (self.query, self.key, self.value)
        )
        mixed = scaled_dot_product_attention(q, k, v, mask)  # (B, H, T, D)
        y = self.norm_1(x + self.out(mixed.transpose(1, 2).flatten(2)))  # (B, T, C)
        return self.norm_2(y + self.down(gelu(self.up(y))))


class BertEncoder(nn.Module):
    """Token ids in; at every place a vector that knows the whole text."""

    def __init__(
        self,
        vocab_size: int,
        d_model: int,
        n_layers: int,
        n_heads: int,
        d_ffn: int,
        context: int,
    ):
        super().__init__()
        self.words = nn.Embedding(vocab_size, d_model)
        self.places = nn.Embedding(context, d_model)
        self.segment = nn.Parameter(torch.zeros(d_model))  # of the first of two texts
        self.norm = nn.LayerNorm(d_model, eps=1e-12)
        blocks = (EncoderBlock(d_model, n_heads, d_ffn) for _ in range(n_layers))
        self.blocks = nn.ModuleList(blocks)

    def forward(self, ids: Tensor, readable: Tensor) -> Tensor:
        """Read texts.

        Args:
            ids: `(B, T)`, int64.
            readable: `(B, T)`, bool, False at padding.

        Returns:
            `(B, T, C)`; what stands at padding means nothing.

        Raises:
            ValueError: If the texts are longer than the context.
        """
        room = self.places.num_embeddings
        if ids.shape[1] > room:
            raise ValueError(f"there is room for {room} tokens, got {ids.shape[1]}")
        places = self.places.weight[: ids.shape[1]]  # (T, C)
        x = self.norm(self.words(ids) + places + self.segment)  # (B, T, C)
        for block in self.blocks:
            x = block(x, readable[:, None, None, :])  # (B, T, C)
        return x


if __name__ == "__main__":
    torch.manual_seed(0)
    encoder = BertEncoder(50, d_model=24, n_layers=2, n_heads=3, d_ffn=48, context=16).eval()
    ids = torch.tensor([[7, 11, 13, 17, 19]])
    with torch.no_grad():
        before = encoder(ids, ids > 0)
        ids[0, -1] = 23
        change = (encoder(ids, ids > 0) - before).abs().amax(-1)[0]
    moved = [bool(c > 1e-6) for c in change]
    print("change the last token; vectors that change:", moved)
