"""The real model on three ranks: the same logits, the same text, and every byte accounted for.

Alone, this program starts its own ranks. On several machines:
`torchrun --nnodes 3 --nproc-per-node 1 --rdzv-backend c10d --rdzv-endpoint HOST:29400 parallel.py`

Source: Shoeybi et al. (2019), "Megatron-LM", section 3, https://arxiv.org/abs/1909.08053
"""

import torch

from snippets.inference.ranks import run_ranks
from snippets.inference.ring_all_reduce import ring_bytes
from snippets.inference.tensor_parallel import tensor_parallel
from snippets.inference.wire import Wire, written_bytes
from snippets.model.generate import generate
from snippets.model.smollm2 import load
from snippets.model.transformer import Transformer

SHARED_QUESTION = "What is the capital of France?"
NEW_TOKENS = 16


def all_reduce_bytes(layers: int, width: int, tokens: int, number_bytes: int) -> int:
    """Foretell what all-reduces carry: two in each layer, a vector for each token in each."""
    return 2 * layers * tokens * width * number_bytes


def weight_bytes(model: Transformer) -> int:
    """Add up the bytes of all weights that a rank holds."""
    return sum(weight.nbytes for weight in model.parameters())


@torch.no_grad()
def one_model_on_all(wire: Wire) -> list[dict]:
    """Read a prompt and answer it together; rank 0 also does it alone, to compare."""
    model, tokenizer = load(device=wire.device)
    chat = tokenizer.chat([{"role": "user", "content": SHARED_QUESTION}])
    prompt = torch.tensor([chat], device=wire.device)  # (1, T)
    mine = tensor_parallel(model, wire)
    before = written_bytes()
    logits = mine(prompt)  # (1, T, V)
    after = written_bytes()
    row = {"rank": wire.rank, "tokens": len(chat), "all_reduces": len(wire.log)}
    row |= {"carried": wire.carried("all_reduce"), "weights": weight_bytes(mine)}
    row |= {"written": None if before is None or after is None else after - before}
    text = generate(mine, prompt, NEW_TOKENS)[0, len(chat) :].tolist()
    if wire.rank == 0:
        alone = generate(model, prompt, NEW_TOKENS)[0, len(chat) :].tolist()
        expected = model(prompt)
        row |= {"gap": float((logits - expected).abs().max()), "same": text == alone}
        row |= {"largest": float(expected.abs().max()), "whole": weight_bytes(model)}
        row |= {"text": tokenizer.decode(text).split("<|im_end|>")[0]}
    return wire.gather(row)


if __name__ == "__main__":
    rows = run_ranks(one_model_on_all, 3)
    if rows:  # torchrun: rank 0 speaks for all
        first, ranks = rows[0], len(rows)
        tokens, whole = first["tokens"], first["whole"]
        print(f"{ranks} ranks write: {first['text']!r}; alone the same: {first['same']}")
        close = first["gap"] < 1e-3
        print(f"logits as large as {first['largest']:.0f}, differences below 0.001: {close}")
        expected, per_token = (all_reduce_bytes(30, 576, count, 4) for count in (tokens, 1))
        ring = round(ring_bytes(ranks, expected))
        print(f"{tokens} tokens: {first['all_reduces']} all-reduces of", end=" ")
        print(f"{first['carried']:,} bytes, by formula {expected:,}")
        print(f"in a ring, each rank has to send {ring:,} bytes for that")
        told, labels = "this system does not tell", "some"
        if first["written"]:
            told = f"Linux saw each send {first['written']:,}"
            labels = f"{(first['written'] - ring) / first['all_reduces']:,.0f}"
        print(told)
        share = [round(100 * row["weights"] / whole) for row in rows]
        print(f"each rank holds {share[0]} % of {whole / 1e6:.0f} MB of weights")
