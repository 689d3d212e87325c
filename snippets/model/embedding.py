"""An embedding is a row of a table, and so is the real one.

Source: Vaswani et al. (2017), section 3.4, https://arxiv.org/abs/1706.03762
"""

import torch
from torch import Tensor
from torch.nn.functional import normalize, one_hot

from snippets.model.gguf_file import dequantize_gguf, read_gguf
from snippets.model.smollm2_file import find_smollm2
from snippets.model.smollm2_tokenizer import SmolTokenizer


def look_up(table: Tensor, ids: Tensor) -> Tensor:
    """Take one row of the table for each id.

    Args:
        table: `(V, D)`, a row of D numbers for each of V tokens.
        ids: `(T,)`, int64.

    Returns:
        `(T, D)`.
    """
    return table[ids]


def multiply_up(table: Tensor, ids: Tensor) -> Tensor:
    """Do the same the long way: a one-hot vector for each id, times the table."""
    chosen = one_hot(ids, len(table)).to(table.dtype)  # (T, V), a single 1 in each row
    return chosen @ table


def nearest_rows(table: Tensor, index: int, count: int) -> list[tuple[int, float]]:
    """Find the rows that point most nearly the same way, with the cosine of the angle."""
    directions = normalize(table, dim=-1)  # (V, D)
    cosines = directions @ directions[index]  # (V,)
    best = cosines.topk(count + 1)
    return [(int(i), float(c)) for c, i in zip(*best, strict=True) if int(i) != index]


if __name__ == "__main__":
    metadata, tensors = read_gguf(find_smollm2())
    tokenizer = SmolTokenizer.from_metadata(metadata)
    table = torch.from_numpy(dequantize_gguf(tensors["token_embd.weight"]))
    ids = torch.tensor(tokenizer.encode("The cat sat"))
    rows = look_up(table, ids)
    shapes = {"ids": list(ids.shape), "table": list(table.shape), "rows": list(rows.shape)}
    same = torch.equal(rows, multiply_up(table, ids))
    print(f"{shapes['ids'][0]} ids, a table of {shapes['table'][0]:,} by {shapes['table'][1]}")
    print(f"look-up and one-hot product give the same {shapes['rows'][0]} rows: {same}")
    friends = {}
    for word in (" cat", " seven", " Paris"):
        near = nearest_rows(table, tokenizer.encode(word)[0], 4)
        friends[word.strip()] = [tokenizer.decode([i]) for i, _ in near]
        print(
            f"nearest to {word!r}:",
            ", ".join(f"{tokenizer.decode([i])!r} {c:.2f}" for i, c in near),
        )
    shape_v, shape_d = table.shape
    numbers = table.numel()
    weights = sum(torch.Size(tensor.shape).numel() for tensor in tensors.values())
    share = numbers / weights
