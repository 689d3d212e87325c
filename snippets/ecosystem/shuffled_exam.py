"""Does a model like the lines of an exam better in the printed order than in any other?

Source: Oren et al. (2023), sections 3 and 4, https://arxiv.org/abs/2310.17623
"""

import torch
from torch import Tensor

from snippets.ecosystem.leaky_models import LEAK_SEEDS, load_leaky
from snippets.model.transformer import Transformer
from snippets.tools.perplexity import surprises
from snippets.tools.threads import with_threads

UNSEEN_SHEETS, SHUFFLES = (
    20,
    19,
)  # with 19 others, the printed order is first by luck once in 20 times


def order_p_value(model: Transformer, sheet: Tensor, generator: torch.Generator) -> float:
    """Compute the share of orders that the model likes at least as much as the printed one.

    If the model never saw the sheet and its lines come in no particular order, then every order is
    equally likely to be the favourite: p is 0.05 or less in at most one sheet of 20.

    Args:
        model: Is under suspicion.
        sheet: `(lines, words)`, int64, in the printed order.
        generator: Shuffles.

    Raises:
        ValueError: If there is nothing to shuffle.
    """
    if len(sheet) < 2:
        raise ValueError(f"wanted two lines or more to shuffle, got {len(sheet)}")
    window, told = model.config.context - 1, []
    for order in [torch.arange(len(sheet))] + [
        torch.randperm(len(sheet), generator=generator) for _ in range(SHUFFLES)
    ]:
        told.append(float(surprises(model, sheet[order].flatten(), window, window).double().mean()))
    return sum(other <= told[0] for other in told) / len(told)


if __name__ == "__main__":
    rows = []
    with with_threads(1):
        for seed in range(LEAK_SEEDS):
            model, leak = load_leaky(seed)
            chance = torch.Generator().manual_seed(seed)
            row: dict[str, object] = {"model": seed + 1}
            row |= {
                name: order_p_value(model, sheet, chance) for name, sheet in leak.sheets.items()
            }
            row["unseen"] = [
                order_p_value(model, s, chance) for s in leak.unseen_sheets[:UNSEEN_SHEETS]
            ]
            rows.append(row)
            print(
                "model {model}: p = {once:.2f} if planted once, {4 times:.2f} if 4 times, "
                "{16 times:.2f} if 16 times".format(**row)
            )
    innocent = [p for row in rows for p in row["unseen"]]
    alarms, sheets = sum(p <= 0.05 for p in innocent), len(innocent)
    print(f"{alarms} false alarms at p = 0.05 among {sheets} sheets never planted")
