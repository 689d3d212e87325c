"""Queries, keys and values are three views of the same tokens: Q = X W_q, tokens as rows.

Source: Vaswani et al. (2017), sections 3.2.1 and 3.2.2, https://arxiv.org/abs/1706.03762
"""

import torch
from torch import Tensor


def project_qkv(x: Tensor, w_q: Tensor, w_k: Tensor, w_v: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Turn every token into a question, a name tag and a contribution.

    Args:
        x: `(T, C)`, one row per token.
        w_q: `(C, D)`, learned; the same matrix serves every token.
        w_k: `(C, D)`, learned.
        w_v: `(C, D)`, learned.

    Returns:
        Queries, keys and values, each `(T, D)`.

    Raises:
        ValueError: If the rows of x are not as long as the matrices are high.
    """
    if x.shape[-1] != w_q.shape[0]:
        raise ValueError(f"tokens must be rows of {w_q.shape[0]} numbers, got {tuple(x.shape)}")
    q = x @ w_q  # (T, D)
    k = x @ w_k  # (T, D)
    v = x @ w_v  # (T, D)
    return q, k, v


if __name__ == "__main__":
    torch.manual_seed(0)
    T, C, D = 5, 8, 3  # tokens, numbers per token, numbers per query
    x, w_q, w_k, w_v = (torch.randn(*shape) for shape in ((T, C), (C, D), (C, D), (C, D)))

    q, k, v = project_qkv(x, w_q, w_k, w_v)
    scores = q @ k.mT / D**0.5
    weights = scores.softmax(-1)
    output = weights @ v
    shapes = {}
    for name, tensor in (("q", q), ("scores", scores), ("weights", weights), ("output", output)):
        shapes[name] = tuple(tensor.shape)
        print(f"{name:>8} {shapes[name]}")

    negative_scores = int((scores < 0).sum())
    row_sums = [round(float(s), 3) for s in weights.sum(-1)]
    sigmoid_sums = [round(float(s), 3) for s in scores.sigmoid().sum(-1)]
    sigmoid_range = [min(sigmoid_sums), max(sigmoid_sums)]
    print(f"negative scores: {negative_scores} of {scores.numel()}")
    print("rows of softmax add up to  ", "  ".join(f"{total:.2f}" for total in row_sums))
    print("rows of a sigmoid add up to", "  ".join(f"{total:.2f}" for total in sigmoid_sums))

    columns = w_q.mT @ x.mT, w_k.mT @ x.mT  # tokens as columns: W X, each (D, T)
    wrong = tuple((columns[0] @ columns[1].mT).shape)
    print(f"with tokens as columns, Q K^T has shape {wrong}: features by features")
