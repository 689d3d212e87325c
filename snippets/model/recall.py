"""Remember the first symbol: how far back can a network be asked, after a short training?

Sources: Hochreiter and Schmidhuber (1997), section 5, https://doi.org/10.1162/neco.1997.9.8.1735
(tasks with a gap); Jozefowicz, Zaremba and Sutskever (2015),
https://proceedings.mlr.press/v37/jozefowicz15.html (forget gate bias 1); Tallec and Ollivier
(2018), https://arxiv.org/abs/1804.11188 (gates that match the gap)
"""

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from snippets.model.transformer import Transformer, TransformerConfig
from snippets.tools.plot import name_line
from snippets.tools.progress import progress

N_SYMBOLS, N_NOISE, GAPS = 8, 8, (4, 30, 50)
QUESTION = N_SYMBOLS + N_NOISE  # the last token of every text
FAR_GAP = 100  # asked about, never practised
RECALL_RATES = {  # picked on other seeds
    "RNN": 0.005,
    "LSTM": 0.01,
    "LSTM, holds on": 0.01,
    "attention": 0.003,
    "attention, no places": 0.003,
}


def recall_batch(count: int, gap: int, chance: torch.Generator) -> tuple[Tensor, Tensor]:
    """Make texts of one symbol, `gap` tokens of noise and a question mark.

    Returns:
        Texts `(count, gap + 2)` and the symbols that answer them `(count,)`, int64.

    Raises:
        ValueError: If the gap is negative.
    """
    if gap < 0:
        raise ValueError(f"a gap has at least 0 tokens, got {gap}")
    symbol = torch.randint(N_SYMBOLS, (count, 1), generator=chance)  # (count, 1)
    noise = torch.randint(N_SYMBOLS, QUESTION, (count, gap), generator=chance)  # (count, gap)
    question = torch.full((count, 1), QUESTION)  # (count, 1)
    return torch.cat([symbol, noise, question], dim=1), symbol[:, 0]


class RecurrentReader(nn.Module):
    """Read in order, answer from the last summary."""

    def __init__(self, cell: nn.Module):
        super().__init__()
        self.embed, self.cell = nn.Embedding(QUESTION + 1, cell.input_size), cell
        self.out = nn.Linear(cell.hidden_size, N_SYMBOLS)

    def forward(self, ids: Tensor) -> Tensor:
        """Turn ids `(B, T)` into logits of the answer `(B, N_SYMBOLS)`."""
        return self.out(self.cell(self.embed(ids))[0][:, -1])


class AttentiveReader(nn.Module):
    """One block of our transformer; answer from what stands at the question mark."""

    def __init__(self, width: int, places: bool):
        super().__init__()
        theta = 10_000.0 if places else None
        sizes = TransformerConfig(QUESTION + 1, width, 1, 2, 2, width // 2, width, 512, theta)
        self.transformer, self.out = Transformer(sizes), nn.Linear(width, N_SYMBOLS)

    def forward(self, ids: Tensor) -> Tensor:
        """Turn ids `(B, T)` into logits of the answer `(B, N_SYMBOLS)`."""
        return self.out(self.transformer.read(ids)[:, -1])


def make_reader(name: str) -> nn.Module:
    """Build one of the readers in RECALL_RATES, all of about 5,000 parameters."""
    if name == "RNN":
        return RecurrentReader(nn.RNN(44, 44, batch_first=True))
    if name.startswith("attention"):
        return AttentiveReader(24, places=name == "attention")
    cell = nn.LSTM(23, 23, batch_first=True)
    enter, stay = (-6.0, 8.0) if name == "LSTM, holds on" else (0.0, 1.0)
    with torch.no_grad():
        cell.bias_ih_l0[:23], cell.bias_ih_l0[23:46] = enter, stay
        cell.bias_hh_l0.zero_()
    return RecurrentReader(cell)


def train_to_recall(name: str, gap: int, seed: int, steps: int = 160) -> tuple[nn.Module, int]:
    """Practise on 32 new texts a step; stop early when ten steps in a row were nearly perfect.

    Returns:
        The reader, and how many steps it took.
    """
    torch.manual_seed(seed)
    reader, chance = make_reader(name), torch.Generator().manual_seed(seed)
    optimizer = torch.optim.AdamW(reader.parameters(), RECALL_RATES[name])
    good = 0
    for step in progress(range(1, steps + 1), f"{name}, gap {gap}"):
        ids, answer = recall_batch(32, gap, chance)
        loss = cross_entropy(reader(ids), answer)
        loss.backward()
        nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        good = good + 1 if loss.item() < 0.1 else 0
        if good == 10:
            return reader, step
    return reader, steps


@torch.no_grad()
def recall_accuracy(reader: nn.Module, gap: int, count: int = 2048) -> float:
    """Say which share of so many new texts is answered right."""
    ids, answer = recall_batch(count, gap, torch.Generator().manual_seed(1000))
    return (reader(ids).argmax(-1) == answer).float().mean().item()


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    rows, kept, chance_level = [], {}, 1 / N_SYMBOLS
    for name in list(RECALL_RATES)[:4]:
        row = {"reader": name}
        for gap in GAPS:
            trained = [train_to_recall(name, gap, seed)[0] for seed in (0, 1, 2)]
            shares = [round(recall_accuracy(reader, gap), 1) for reader in trained]
            row |= {f"right_{gap}": shares, f"solved_{gap}": sum(s >= 0.9 for s in shares)}
            kept[name, gap] = trained
        rows.append(row | {"parameters": sum(w.numel() for w in trained[0].parameters())})
        says = ", ".join(f"{row[f'solved_{gap}']} at {gap}" for gap in GAPS)
        print(f"{name} ({rows[-1]['parameters']:,} parameters), seeds of 3 that solved: {says}")

    kept["attention, no places", 30] = [
        train_to_recall("attention, no places", 30, seed)[0] for seed in (0, 1, 2)
    ]
    far = {
        name: sum(recall_accuracy(reader, FAR_GAP, 512) >= 0.9 for reader in kept[name, 30])
        for name in list(RECALL_RATES)[2:]
    }
    print(f"practised at 30, asked at {FAR_GAP}, seeds of 3 that solved: {far}")

    figure, ax = plt.subplots(figsize=(6.4, 3.6))
    for number, row in enumerate(rows):
        left = [place + 0.2 * (number - 1.5) for place in range(len(GAPS))]
        shares = [row[f"right_{gap}"] for gap in GAPS]  # of three seeds each
        ax.bar(left, [sum(three) / 3 for three in shares], width=0.18, label=row["reader"])
        ax.plot(left, shares, "o", color="C4", markersize=4)
    ax.axhline(chance_level, linestyle=":", color="C4")
    name_line(ax, "chance", 2.42, chance_level + 0.06)
    ax.set(title="Asked for the first symbol: share right", ylabel="share right", ylim=(0, 1.06))
    ax.set(xticks=range(len(GAPS)), xticklabels=GAPS, xlim=(-0.5, 2.9))
    ax.set_xlabel("tokens of noise in between")
    figure.legend(loc="outside lower center", ncols=2)
    plt.show()
