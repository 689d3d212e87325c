"""Copy a text through one summary, or with attention: the same translator with and without lines.

Sources: Sutskever, Vinyals and Le (2014), section 2, https://arxiv.org/abs/1409.3215 (one summary);
Luong, Pham and Manning (2015), section 3, https://arxiv.org/abs/1508.04025 (attention after the
decoder's step, as here; Bahdanau et al. (2014), https://arxiv.org/abs/1409.0473, had it before)
"""

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from snippets.tools.plot import name_line
from snippets.tools.progress import progress

COPY_SYMBOLS, LONGEST_TRAINED = 10, 16
COPY_LENGTHS = (2, 8, 12, 20)


class Copier(nn.Module):
    """An LSTM that reads, an LSTM that writes, and, if wanted, lines between them."""

    def __init__(self, width: int, direct_lines: bool):
        super().__init__()
        self.read_symbol = nn.Embedding(COPY_SYMBOLS, width)
        self.written_symbol = nn.Embedding(COPY_SYMBOLS + 1, width)  # the last one says: begin
        self.encoder = nn.LSTM(width, width, batch_first=True)
        self.decoder = nn.LSTM(width, width, batch_first=True)
        self.ask = nn.Linear(width, width, bias=False) if direct_lines else None
        self.out = nn.Linear(2 * width if direct_lines else width, COPY_SYMBOLS)

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        """Score the next symbol at each place, given the true ones before it.

        Args:
            source: `(B, S)`, int64, what is read.
            target: `(B, T)`, int64, what should be written.

        Returns:
            Logits, `(B, T, V)`.
        """
        summaries, z = self.encoder(self.read_symbol(source))  # (B, S, C); z: the last one only
        begin = torch.full_like(target[:, :1], COPY_SYMBOLS)  # (B, 1)
        before = torch.cat([begin, target[:, :-1]], dim=1)  # (B, T)
        written, _ = self.decoder(self.written_symbol(before), z)  # (B, T, C)
        if self.ask is not None:
            weights = (self.ask(written) @ summaries.mT).softmax(-1)  # (B, T, S)
            written = torch.cat([written, weights @ summaries], dim=-1)  # (B, T, 2C)
        return self.out(written)


def train_copier(model: Copier, steps: int, seed: int, rate: float = 0.01) -> None:
    """Practise on random digits, from one to LONGEST_TRAINED of them, 32 texts at a time.

    Raises:
        ValueError: If there is nothing to practise.
    """
    if steps < 1:
        raise ValueError(f"wanted at least 1 step, got {steps}")
    chance = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.AdamW(model.parameters(), rate)
    for _ in progress(range(steps), "copying"):
        length = int(torch.randint(1, LONGEST_TRAINED + 1, (1,), generator=chance))
        text = torch.randint(COPY_SYMBOLS, (32, length), generator=chance)  # (32, length)
        cross_entropy(model(text, text).flatten(0, 1), text.flatten()).backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()


@torch.no_grad()
def copy_accuracy(model: Copier, length: int, seed: int = 0) -> float:
    """Say which share of the symbols of 512 new texts of this length comes out right."""
    chance = torch.Generator().manual_seed(1000 + seed)
    text = torch.randint(COPY_SYMBOLS, (512, length), generator=chance)  # (512, length)
    return (model(text, text).argmax(-1) == text).float().mean().item()


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    kinds = {"only z": (34, False), "with attention": (32, True)}
    rows, parameters, spread = [], {}, 0.0
    for name, (width, direct_lines) in kinds.items():
        shares = []
        for seed in range(3):
            torch.manual_seed(seed)
            model = Copier(width, direct_lines)
            train_copier(model, 400, seed)
            shares.append([copy_accuracy(model, length) for length in COPY_LENGTHS])
        parameters[name] = sum(weight.numel() for weight in model.parameters())
        table = torch.tensor(shares)  # (3, lengths)
        spread = max(spread, (table.amax(0) - table.amin(0)).max().item())
        means = [round(share, 1) for share in table.mean(0).tolist()]
        rows.append({"translator": name} | dict(zip(map(str, COPY_LENGTHS), means, strict=True)))
        says = ", ".join(f"{share} of {n}" for n, share in zip(COPY_LENGTHS, means, strict=True))
        print(f"{name} ({parameters[name]:,} parameters), share of digits right: {says}")
    close = spread < 0.1
    chance = 1 / COPY_SYMBOLS
    print("seeds differ by less than 0.1:", close)

    figure, ax = plt.subplots(figsize=(6.4, 3.2))
    for row in rows:
        line = [row[str(length)] for length in COPY_LENGTHS]
        ax.plot(COPY_LENGTHS, line, marker="o")
        name_line(ax, row["translator"], COPY_LENGTHS[-1], line[-1])
    ax.axhline(chance, linestyle=":", color="C4")
    name_line(ax, "chance", COPY_LENGTHS[-1], chance + 0.05)
    ax.set(title="Copying digits (trained on 1 to 16)", xlabel="digits to copy")
    ax.set(ylabel="share right", ylim=(0, 1.05), xlim=(1, 26), xticks=COPY_LENGTHS)
    plt.show()
