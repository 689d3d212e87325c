"""Attention without softmax is a recurrent network: a table read at once, or a state kept.

Sources: Katharopoulos et al. (2020), section 3.4, https://arxiv.org/abs/2006.16236; Sun et al.
(2023), section 2.1, https://arxiv.org/abs/2307.08621 (with forgetting)
"""

from collections.abc import Callable

import torch
from torch import Tensor

from snippets.model.attention import causal_attention
from snippets.tools.plot import name_line


def linear_attention(q: Tensor, k: Tensor, v: Tensor, keep: float = 1.0) -> Tensor:
    """Let each position add up the values of its past, each times how well its key matches.

    Args:
        q: `(B, H, T, D)`.
        k: `(B, H, T, D)`.
        v: `(B, H, T, E)`.
        keep: What a token's voice is multiplied by for each step that it lies back; 1 is all.

    Returns:
        `(B, H, T, E)`, by way of a T x T table.

    Raises:
        ValueError: If keep is not above 0 and at most 1.
    """
    _check_keep(keep)
    place = torch.arange(q.shape[-2], device=q.device)  # (T,)
    distance = place[:, None] - place  # (T, T)
    voice = (keep ** distance.clamp(min=0).to(q.dtype)).tril()  # (T, T), 0 for the future
    return (q @ k.mT * voice) @ v


def linear_attention_steps(q: Tensor, k: Tensor, v: Tensor, keep: float = 1.0) -> Tensor:
    """Do the same token by token, with a state of D x E numbers and no look back.

    Args, Returns, Raises:
        As in `linear_attention`.
    """
    _check_keep(keep)
    state = q.new_zeros(*q.shape[:-2], q.shape[-1], v.shape[-1])  # (B, H, D, E)
    outputs = []
    for t in range(q.shape[-2]):
        now = slice(t, t + 1)
        state = keep * state + k[..., now, :].mT @ v[..., now, :]  # (B, H, D, E)
        outputs.append(q[..., now, :] @ state)  # (B, H, 1, E)
    return torch.cat(outputs, dim=-2)


def _check_keep(keep: float) -> None:
    if not 0 < keep <= 1:
        raise ValueError(f"keep must be above 0 and at most 1, got {keep}")


def recall_by_reading(
    read: Callable[[Tensor, Tensor, Tensor], Tensor],
    pairs: int,
    width: int,
    chance: torch.Generator,
) -> float:
    """Store pairs of random key and value, ask for each key, and count the right values.

    Args:
        read: Called with q, k, v, each `(1, 1, T, width)`; the last token may read all.
        pairs: How many pairs to store.
        width: Numbers in a key and in a value, each 1 or -1.
        chance: Where keys and values come from.
    """
    k, v = torch.randint(2, (2, pairs, width), generator=chance) * 2.0 - 1  # (pairs, width) each
    right = 0
    for wanted in range(pairs):
        q = k[wanted].expand(1, 1, pairs, width)  # asked at every place; the last one counts
        answer = read(q, k[None, None], v[None, None])[0, 0, -1]  # (width,)
        right += int((v @ answer).argmax() == wanted)
    return right / pairs


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    chance = torch.Generator().manual_seed(0)
    q, k, v = torch.randint(-3, 4, (3, 1, 1, 100, 16), generator=chance).double()
    at_once, in_order = linear_attention(q, k, v), linear_attention_steps(q, k, v)
    equal = torch.equal(at_once, in_order)
    print("whole numbers, 100 tokens: the table and the state give the same:", equal)
    fading = [linear_attention(q, k, v, 0.9), linear_attention_steps(q, k, v, 0.9)]
    gap = round((fading[0] - fading[1]).abs().max().item(), 9)
    print("with forgetting, they differ by", gap)
    state_numbers, per_token = 16 * 16, 2 * 16  # a cache keeps a key and a value for each token
    even_at = state_numbers // per_token
    print(f"a state of {state_numbers} numbers is as large as a cache of {even_at} tokens")

    counts = (2, 4, 8, 16, 32, 64)
    ways = {
        "attention": lambda q, k, v: causal_attention(q[..., -1:, :] * 4, k, v),
        "linear": lambda q, k, v: linear_attention(q, k, v),
    }
    recalled = {}
    for name, read in ways.items():
        shares = []
        for pairs in counts:
            chance = torch.Generator().manual_seed(pairs)
            runs = [recall_by_reading(read, pairs, 16, chance) for _ in range(max(3, 128 // pairs))]
            shares.append(round(sum(runs) / len(runs), 2))
        recalled[name] = dict(zip(map(str, counts), shares, strict=True))
        says = ", ".join(f"{share} of {n}" for n, share in zip(counts, shares, strict=True))
        print(f"{name}, share of pairs recalled: {says}")

    figure, ax = plt.subplots(figsize=(6.4, 3.0))
    for name, shares in recalled.items():
        ax.plot(counts, shares.values(), marker="o")
        name_line(ax, name, counts[-1], shares["64"])
    ax.set(xscale="log", xticks=counts, xticklabels=counts, xlim=(1.8, 130), ylim=(0, 1.05))
    ax.minorticks_off()
    ax.set(title="A state of 16 x 16 numbers fills up", xlabel="pairs stored")
    ax.set_ylabel("share recalled")
    plt.show()
