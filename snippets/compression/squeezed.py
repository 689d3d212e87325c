"""Round all 210 matrices of a real model in several ways, and let the referee judge each.

Source: Frantar et al. (2022), section 4, https://arxiv.org/abs/2210.17323 (layer after layer, on a
small calibration text); embedding, head and norms stay as they are, as there
"""

import inspect
import math
from collections.abc import Callable

import torch
from torch import Tensor, nn

from snippets.compression.block_inputs import block_inputs, calibration_ids
from snippets.compression.grid import output_loss, round_to_nearest
from snippets.compression.same_text import Referee, fixed_rows, manual_pages, token_windows
from snippets.model.smollm2 import load
from snippets.model.smollm2_tokenizer import SmolTokenizer
from snippets.tools.kept_weights import kept_under
from snippets.tools.threads import with_threads

# Pages of the manual that are not among those on which models are judged.
STUDIED = (nn.MultiheadAttention, nn.CTCLoss, nn.GRU, nn.Unfold, nn.Upsample, nn.EmbeddingBag)
SQUEEZED_VERSION = 1  # counted up when code changes what rounding gives
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


def round_blocks(model, ids: Tensor, ways: dict[str, Rounding]):
    """Round every linear layer in every way; all ways see the inputs of the untouched model.

    Args:
        model: Its weights stay as they are.
        ids: `(B, T)`, the calibration text.
        ways: Each with a name. Layers that read the same inputs are rounded as one.

    Returns:
        For each way, new weights by their names, and for each layer the share of the output lost.
    """
    weights: dict[str, dict[str, Tensor]] = {name: {} for name in ways}
    lost: dict[str, list[float]] = {name: [] for name in ways}
    for n, (block, read) in enumerate(block_inputs(model, ids)):
        for group, inputs in read.items():
            layers = [block.get_submodule(name).weight.detach() for name in group]
            together = torch.cat(layers)  # (out of all, in)
            hessian = inputs.T @ inputs  # (in, in)
            for name, way in ways.items():
                rounded = way(together, inputs, hessian).split([len(layer) for layer in layers])
                for layer, old, new in zip(group, layers, rounded, strict=True):
                    weights[name][f"blocks.{n}.{layer}.weight"] = new
                    lost[name].append(output_loss(old, new, hessian))
    return weights, lost


def judge_ways(ways: dict[str, Rounding]) -> dict[str, Tensor]:
    """Give each way's verdict and losses as one line of numbers, float64, `(5 + layers)`."""
    model, tokenizer = load()
    lines = {}
    with with_threads(1):
        referee = Referee(model, fixed_rows(tokenizer))
        weights, lost = round_blocks(model, mixed_ids(tokenizer), ways)
        for name in ways:
            model.load_state_dict(weights.pop(name), strict=False, assign=True)
            verdict = referee.verdict(model)
            lines[name] = torch.tensor([*verdict.values(), *lost[name]], dtype=torch.float64)
    return lines


def kept_verdicts(name: str, recipe: str, ways: dict[str, Rounding]) -> dict[str, Tensor]:
    """Judge once, and keep the result for as long as recipe and code stay the same.

    Args:
        name: What the kept file is called.
        recipe: All that is chosen, as text.
        ways: As for `judge_ways`.
    """
    sources = [inspect.getsource(part) for part in (mixed_ids, round_blocks, block_inputs)]
    made_from = "".join([recipe, *sources, torch.__version__, str(SQUEEZED_VERSION)])
    return kept_under(name, made_from.encode(), lambda: judge_ways(ways))


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
    ids = mixed_ids(tokenizer, windows=2, window=32)
    ways: dict[str, Rounding] = {
        f"{bits} bits": lambda weight, inputs, hessian, bits=bits: round_to_nearest(
            weight, bits, 64
        )
        for bits in (8, 4, 3)
    }
    _, lost = round_blocks(model, ids, ways)
    for name, shares in lost.items():
        worst = max(shares)
        print(f"{name}: {len(shares)} layers lose {sum(shares) / len(shares):.2%} of their output")
