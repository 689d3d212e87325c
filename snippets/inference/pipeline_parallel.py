"""Pipeline parallelism: each rank holds some layers and passes the stream on to the next.

Source: Huang et al. (2018), "GPipe", section 2, https://arxiv.org/abs/1811.06965; here for
reading and writing only
"""

from dataclasses import replace

import torch
from torch import Tensor, nn

from snippets.inference.ranks import run_ranks
from snippets.inference.wire import Wire
from snippets.model.generate import generate
from snippets.model.smollm2 import load
from snippets.model.transformer import Transformer


def layers_of(layers: int, rank: int, ranks: int) -> range:
    """Deal out layers in one piece each, as evenly as possible.

    Raises:
        ValueError: If there are fewer layers than ranks.
    """
    if not 1 <= ranks <= layers:
        raise ValueError(f"wanted 1 to {layers} ranks for {layers} layers, got {ranks}")
    return range(rank * layers // ranks, (rank + 1) * layers // ranks)


class Hear(nn.Module):
    """Stands before a rank's layers: takes the stream from the rank before."""

    def __init__(self, wire: Wire):
        super().__init__()
        self.wire = wire

    def forward(self, x: Tensor, *rest) -> Tensor:
        """Look at x only for its shape `(B, T, C)`."""
        return self.wire.receive(x, self.wire.rank - 1)


class PassOn(nn.Module):
    """Stands behind them: hands the stream to the next rank, the last one hands it to all."""

    def __init__(self, wire: Wire):
        super().__init__()
        self.wire = wire

    def forward(self, x: Tensor, *rest) -> Tensor:
        """Send x `(B, T, C)`; return what comes out behind the last layer of all."""
        last = self.wire.world - 1
        if self.wire.rank < last:
            self.wire.send(x, self.wire.rank + 1)
        return self.wire.broadcast(x.contiguous(), last)


def pipeline_parallel(model: Transformer, wire: Wire) -> Transformer:
    """Make this rank's part of a model; called by all ranks at once, as the whole one would be.

    The table of tokens and the last norm are held by all; notes are kept for own layers only.

    Raises:
        ValueError: If there are fewer layers than ranks.
    """
    layers = layers_of(model.config.n_layers, wire.rank, wire.world)
    with torch.device("meta"):
        mine = Transformer(replace(model.config, n_layers=len(layers))).eval()
    weights = {k: w for k, w in model.state_dict().items() if not k.startswith("blocks.")}
    for n, layer in enumerate(layers):
        block = model.blocks[layer].state_dict()
        weights |= {f"blocks.{n}.{name}": weight for name, weight in block.items()}
    mine.load_state_dict(weights, assign=True)
    hear = [Hear(wire)] if wire.rank else []
    mine.blocks = nn.ModuleList([*hear, *mine.blocks, PassOn(wire)])
    return mine


@torch.no_grad()
def one_line_of_ranks(wire: Wire, new_tokens: int) -> list[dict]:
    """Read a prompt and answer it; rank 0 also does it alone, to compare."""
    model, tokenizer = load(device=wire.device)
    chat = tokenizer.chat([{"role": "user", "content": "What is the capital of France?"}])
    prompt = torch.tensor([chat], device=wire.device)  # (1, T)
    mine = pipeline_parallel(model, wire)
    logits = mine(prompt)  # (1, T, V)
    row = {"rank": wire.rank, "tokens": len(chat), "sent": wire.carried("send")}
    row |= {"back": wire.carried("broadcast"), "weights": sum(w.nbytes for w in mine.parameters())}
    text = generate(mine, prompt, new_tokens)
    if wire.rank == 0:
        row["gap"] = float((logits - model(prompt)).abs().max())
        row["same"] = torch.equal(text, generate(model, prompt, new_tokens))
        row["whole"] = sum(w.nbytes for w in model.parameters())
    return wire.gather(row)


if __name__ == "__main__":
    rows = run_ranks(one_line_of_ranks, 3, 12)
    if rows:
        tokens, whole = rows[0]["tokens"], rows[0]["whole"]
        expected = tokens * 576 * 4
        print(f"largest difference of logits: {rows[0]['gap']}; same text: {rows[0]['same']}")
        for row in rows:
            held = row["held"] = round(100 * row["weights"] / whole)
            print(f"rank {row['rank']} holds {held} % of the weights, sends {row['sent']:,} bytes")
        print(f"by formula, {tokens} tokens over a border: {expected:,}")
