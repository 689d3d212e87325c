"""One step of learning: guess, see how wrong it was, turn every knob a little.

Sources: Rumelhart, Hinton and Williams (1986), https://doi.org/10.1038/323533a0 (gradients through
layers); Robbins and Monro (1951), https://doi.org/10.1214/aoms/1177729586 (small steps)
"""

import math

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from snippets.model.characters import Characters
from snippets.model.transformer import Transformer, TransformerConfig
from snippets.tools.threads import with_threads

LESSON = "To be, or not to be, that is the question: Whether 'tis nobler in the mind"
STEP_RATES = (0.003, 0.05, 3.0)


def new_learner(vocab_size: int, width: int = 32) -> Transformer:
    """Make a small transformer that knows nothing."""
    sizes = {"n_layers": 2, "n_heads": 2, "n_kv_heads": 2, "context": 128}
    return Transformer(
        TransformerConfig(vocab_size, width, head_dim=width // 2, d_ffn=3 * width, **sizes)
    )


def wrongness(model: nn.Module, ids: Tensor) -> Tensor:
    """Say how surprised a model is, on average, by each next token of ids `(B, T)`, in nats."""
    logits = model(ids[:, :-1])  # (B, T - 1, V)
    return cross_entropy(logits.flatten(0, 1), ids[:, 1:].flatten())


def take_step(model: nn.Module, ids: Tensor, rate: float) -> float:
    """Learn once from ids `(B, T)`: every parameter moves against its gradient, times rate.

    Returns:
        How wrong the model was before, in nats per token.

    Raises:
        ValueError: If rate is not above 0.
    """
    if not rate > 0:
        raise ValueError(f"wanted a rate above 0, got {rate}")
    loss = wrongness(model, ids)
    loss.backward()  # for each parameter: how much more wrong if it were a little larger?
    with torch.no_grad():
        for weight in model.parameters():
            weight -= rate * weight.grad
            weight.grad = None
    return loss.item()


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    before_rows = []
    for size in (2, 84, 1_000, 49_152):
        torch.manual_seed(0)
        learner = new_learner(size)
        with torch.no_grad():
            loss = float(wrongness(learner, torch.randint(size, (8, 100))))
        row = {"tokens": size, "loss": round(loss, 1), "blind": round(math.log(size), 1)}
        before_rows.append(row)
        print("{tokens} tokens to choose from: loss {loss}, ln V {blind}".format(**row))

    characters = Characters(LESSON)
    ids = torch.tensor([characters.encode(LESSON)])  # (1, T)
    figure, ax = plt.subplots(figsize=(6.4, 3.0))
    courses, last = {}, {}
    with with_threads(1):
        for rate in STEP_RATES:
            torch.manual_seed(0)
            learner = new_learner(len(characters))
            courses[rate] = [take_step(learner, ids, rate) for _ in range(61)]
            lost = not courses[rate][-1] < 20  # also if it is no number any more
            last[f"{rate:g}"] = "lost" if lost else round(courses[rate][-1], 1)
            ax.plot(courses[rate][: 4 if lost else 61], label=f"{rate:g}")
    first = round(courses[0.05][0], 1)
    after_one_leap = round(courses[3.0][1], 1)
    print(f"one sentence, loss {first}; after 60 steps, by rate: {last}")
    ax.legend(title="rate", loc="upper right")
    ax.set(title="Steps too small, right, too large", xlabel="steps", ylim=(2, 6))
    ax.set_ylabel("loss, nats per character")
    plt.show()
