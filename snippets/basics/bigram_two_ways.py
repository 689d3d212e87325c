"""The same table by counting and by learning: which character follows which.

Source: Karpathy (2022), makemore, https://github.com/karpathy/makemore (the idea of doing it twice)
"""

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from snippets.model.characters import Characters
from snippets.tools.texts import read_play


def count_pairs(ids: Tensor, vocab_size: int) -> Tensor:
    """Count how often each token is followed by each: `(V, V)`, float32, row by row.

    Raises:
        ValueError: If there is no pair.
    """
    if len(ids) < 2:
        raise ValueError(f"wanted at least 2 tokens, got {len(ids)}")
    pairs = ids[:-1] * vocab_size + ids[1:]  # (N - 1,)
    return torch.bincount(pairs, minlength=vocab_size**2).view(vocab_size, -1).float()


def learn_pairs(counts: Tensor, steps: int, rate: float) -> tuple[Tensor, list[float]]:
    """Start from a table of zeros `(V, V)` and follow the gradient.

    Returns:
        Scores `(V, V)`, whose softmax over a row says what comes next; and the loss before every
        step, in nats per character.
    """
    scores = torch.zeros_like(counts, requires_grad=True)  # (V, V)
    optimizer = torch.optim.Adam([scores], rate)
    share, losses = counts / counts.sum(), []
    for _ in range(steps):
        loss = -(share * scores.log_softmax(-1)).sum()  # every pair of the text at once
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return scores.detach(), losses


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    text = read_play("hamlet")
    characters = Characters(text)
    ids = torch.tensor(characters.encode(text))
    counts = count_pairs(ids, len(characters))
    counted = counts / counts.sum(1, keepdim=True).clamp(min=1)  # (V, V)
    scores, losses = learn_pairs(counts, 400, 0.2)
    learned = scores.softmax(-1)  # (V, V)

    by_counting = -(counts * counted.clamp(min=1e-9).log()).sum().item() / counts.sum().item()
    by_learning = cross_entropy(scores[ids[:-1]], ids[1:]).item()
    often = counts.sum(1) >= 100  # after these, there is enough to count
    gap = round(float((counted - learned)[often].abs().max()), 2)
    told = {"before": round(losses[0], 2), "learned": round(by_learning, 2)}
    told["counted"] = round(by_counting, 2)
    print(f"nats per character: {told}; largest difference between the tables: {gap}")

    letters = ["q", "t", "H"]
    rows = []
    for letter in letters:
        row = characters.encode(letter)[0]
        best = counts[row].topk(3).indices
        for name, table in (("counted", counted), ("learned", learned)):
            top = {characters.decode([int(n)]): round(float(table[row, n]), 2) for n in best}
            rows.append({"after": letter, "way": name, "top": top})
            print(f"after {letter!r}, {name}: {top}")

    figure, ax = plt.subplots(figsize=(6.4, 2.8))
    ax.plot(losses)
    ax.axhline(by_counting, color="C1", linestyle=":")
    ax.text(400, by_counting - 0.12, "counting", ha="right", va="top")
    ax.set(title="Learning arrives where counting is", xlabel="steps", ylim=(1.9, 4.6))
    ax.set_ylabel("loss, nats per character")
    plt.show()
