"""Round all 210 matrices of a real model in several ways, and let the referee judge each.

Source: Frantar et al. (2022), https://arxiv.org/abs/2210.17323 (layer after layer, on a
small calibration text); embedding, head and norms stay as they are, as there
"""

import math
from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.nn.functional import embedding

from snippets.compression.block_inputs import block_inputs, calibration_ids, places_of
from snippets.compression.grid import round_to_nearest, squared_output
from snippets.compression.same_text import Referee, fixed_rows, manual_pages, token_windows
from snippets.model.smollm2 import load
from snippets.model.smollm2_tokenizer import SmolTokenizer
from snippets.tools.code_behind import code_behind
from snippets.tools.kept_weights import kept_under
from snippets.tools.threads import with_threads

# Pages of the manual that are not among those on which models are judged.
STUDIED = (nn.MultiheadAttention, nn.CTCLoss, nn.GRU, nn.Unfold, nn.Upsample, nn.EmbeddingBag)
# (out, in) of the seven matrices in each of the 30 blocks, and how many weights they hold.
SMOLLM2_MATRICES = (*[(576, 576), (192, 576), (1536, 576)] * 2, (576, 1536))
MATRIX_WEIGHTS = sum(out * columns for out, columns in SMOLLM2_MATRICES)
# A way of rounding: weight (out, in), inputs (N, in) and X^T X (in, in) to the rounded weight.
Rounding = Callable[[Tensor, Tensor, Tensor], Tensor]


def mixed_ids(tokenizer: SmolTokenizer, windows: int = 16, window: int = 128) -> Tensor:
    """Take half of a calibration text from Macbeth, half from PyTorch's manual: ids `(B, T)`.

    Many short windows, not few long ones: the first token of a text is loud in a way of its own.
    """
    manual = token_windows(tokenizer, manual_pages(STUDIED), windows // 2, window)
    return torch.cat([calibration_ids(tokenizer, windows - windows // 2, window), manual])


def round_block(
    block: nn.Module, read: dict[tuple[str, ...], Tensor], ways: dict[str, Rounding]
) -> dict[str, tuple[dict[str, Tensor], list[float]]]:
    """Round every linear layer of a block in every way; the block itself stays as it is.

    Args:
        block: A block of the transformer.
        read: What its layers read, as `block_inputs` gives it.
        ways: Each with a name. Layers that read the same inputs are rounded as one.

    Returns:
        For each way the new weights by name, and for each layer the share of its output lost.
    """
    made: dict[str, tuple[dict[str, Tensor], list[float]]] = {name: ({}, []) for name in ways}
    for group, inputs in read.items():
        layers = [block.get_submodule(name).weight.detach() for name in group]
        together, hessian = torch.cat(layers), inputs.T @ inputs  # (out of all, in), (in, in)
        whole = [squared_output(layer, hessian) for layer in layers]
        for way, (weights, lost) in zip(ways.values(), made.values(), strict=True):
            rounded = way(together, inputs, hessian).split([len(layer) for layer in layers])
            for layer, old, new, loud in zip(group, layers, rounded, whole, strict=True):
                weights[f"{layer}.weight"] = new
                lost.append(squared_output(new - old, hessian) / loud)
    return made


@torch.no_grad()
def judge_ways(ways: dict[str, Rounding]) -> dict[str, Tensor]:
    """Judge the model rounded in each way: verdict and losses as one line, float64, `(5 + 210)`.

    All ways see the inputs of the untouched model. The text on which they are judged goes through
    each version of a block at once, so that no version must be kept.
    """
    model, tokenizer = load()
    with with_threads(1):
        rows = fixed_rows(tokenizer)  # (B, T)
        referee = Referee(model, rows)
        places = places_of(model, rows.shape[1] - 1)
        x = dict.fromkeys(ways, embedding(rows[:, :-1], model.embed))  # (B, T - 1, C) each
        losses: dict[str, list[float]] = {name: [] for name in ways}
        for block, read in block_inputs(model, mixed_ids(tokenizer)):
            for name, (weights, lost) in round_block(block, read, ways).items():
                x[name] = functional_call(block, weights, (x[name], *places))
                losses[name] += lost
        verdicts = {n: referee.compare(map(model.predict, model.norm(x[n]))) for n in ways}
    lines = {name: [*verdicts[name].values(), *losses[name]] for name in ways}
    return {name: torch.tensor(line, dtype=torch.float64) for name, line in lines.items()}


def kept_verdicts(name: str, make_ways: Callable[[], dict[str, Rounding]]) -> dict[str, Tensor]:
    """Judge once, and keep the result for as long as all code behind it stays the same.

    Args:
        name: What the kept file is called.
        make_ways: Gives the ways, as for `judge_ways`.
    """
    made_from = code_behind(judge_ways, make_ways) + torch.__version__
    return kept_under(name, made_from.encode(), lambda: judge_ways(make_ways()))


def grouped_bits(bits: int, group_size: int, kept: int) -> float:
    """Count the bits of a weight, with all that a group keeps besides.

    Args:
        bits: Those of a label.
        group_size: How many neighbours in a row belong to a group; the last may be fewer.
        kept: How many bits each group keeps: its step, and perhaps its zero.
    """
    groups = sum(out * math.ceil(columns / group_size) for out, columns in SMOLLM2_MATRICES)
    return bits + groups * kept / MATRIX_WEIGHTS


def tell_verdicts(verdicts: dict[str, Tensor], bits: dict[str, float]) -> list[dict]:
    """Print verdicts, a line each, and give them as rows for a table.

    Args:
        verdicts: As from `judge_ways`.
        bits: What a weight costs in each way, scales included.
    """
    rows = []
    for name, numbers in verdicts.items():
        perplexity, divergence, same, play, manual, *lost = numbers.tolist()
        row = {"way": name, "perplexity": round(perplexity, 1), "divergence": round(divergence, 2)}
        row |= {"same": round(100 * same), "play": round(play, 1), "manual": round(manual, 1)}
        row |= {"bits": round(bits[name], 2)}
        row |= {"megabytes": round(30 * MATRIX_WEIGHTS * bits[name] / 8e6, 1)}
        rows.append(row | {"lost": [round(share, 6) for share in lost]})
        print(f"{row['bits']:.2f} bits: perplexity {row['perplexity']:9,.1f}, {name}")
    return rows


if __name__ == "__main__":
    model, tokenizer = load()
    ways: dict[str, Rounding] = {
        f"{bits} bits": lambda weight, inputs, hessian, bits=bits: round_to_nearest(
            weight, bits, 64
        )
        for bits in (8, 4, 3)
    }
    block, read = next(block_inputs(model, mixed_ids(tokenizer, windows=2, window=32)))
    for name, (weights, lost) in round_block(block, read, ways).items():
        shares = " ".join(f"{share:.2%}" for share in lost)
        print(f"{name}: the {len(weights)} layers of the first block lose {shares} of their output")
