"""Seconds on this machine: forward, forward and backward, the step; a prompt read, text written.

Sources: Kaplan et al. (2020), section 2.1, https://arxiv.org/abs/2001.08361 (the way back is twice
the way forward); Patel et al. (2024), "Splitwise", https://arxiv.org/abs/2311.18677 (reading a
prompt and writing are different loads)
"""

from time import perf_counter

import torch
from torch import Tensor
from torch.optim import AdamW

from snippets.basics.learning import wrongness
from snippets.model.generate import generate
from snippets.model.smollm2 import load
from snippets.model.transformer import Transformer
from snippets.tools.stopwatch import fastest, in_turns
from snippets.tools.texts import read_play

MEASURES = True


def time_training(model: Transformer, ids: Tensor, times: int = 3) -> dict[str, float]:
    """Measure the parts of a step on ids `(B, T + 1)`; the weights move by a hair."""
    optimizer = AdamW(model.parameters(), 1e-9, weight_decay=0.0)

    def forward() -> None:
        with torch.no_grad():
            wrongness(model, ids)

    def both() -> None:
        model.zero_grad(set_to_none=False)  # their memory is kept, as in a long training
        wrongness(model, ids).backward()

    parts = {"forward": forward, "forward and backward": both, "update": optimizer.step}
    return in_turns(parts, times)


def time_inference(model: Transformer, ids: Tensor, new: int, times: int = 2) -> dict[str, float]:
    """Measure reading a prompt `(1, T)` in one pass, and writing so many tokens, one by one."""

    def prefill() -> None:
        with torch.no_grad():
            cache = model.new_cache(*ids.shape)
            model.predict(model.read(ids, cache)[:, -1])

    read = fastest(prefill, times)
    start = perf_counter()
    generate(model, ids[:, :1], new)
    return {"prefill": read, "decode": perf_counter() - start}


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    model, tokenizer = load()
    tokens = 48
    text = tokenizer.encode(read_play("hamlet")[20_000:21_000])
    ids = torch.tensor([text[: tokens + 1]])
    seconds = time_inference(model, ids[:, :-1], tokens)
    few = time_training(model, ids)
    many = time_training(model, torch.tensor(text[: 4 * (tokens + 1)]).view(4, -1), 1)
    seconds |= few
    ratio = seconds["forward and backward"] / seconds["forward"]
    slower = seconds["decode"] / seconds["prefill"]
    update = min(few["update"], many["update"])  # as many parameters, however much was read
    update_share = {
        n: update / (update + t["forward and backward"])
        for n, t in {"one text": few, "four texts": many}.items()
    }
    for what, value in seconds.items():
        print(f"{what:21} {value:6.2f} s for {tokens} tokens")
    print(f"forward and backward / forward: {ratio:.1f}")
    print(f"the same number of tokens written one by one takes {slower:.0f} times as long")
    print("share of the update:", {n: f"{share:.0%}" for n, share in update_share.items()})
    per_token = seconds["decode"] / tokens
    answers = [{"tokens": n, "seconds": n * per_token} for n in (20, 300, 20_000)]

    figure, ax = plt.subplots(figsize=(6.4, 2.4))
    names = ("forward", "forward and backward", "prefill", "decode")
    ax.barh(names, [seconds[name] for name in names], color=["C0", "C1", "C0", "C1"])
    ax.invert_yaxis()
    ax.set(title=f"{tokens} tokens, four ways", xlabel="seconds on the machine that built this")
    plt.show()
