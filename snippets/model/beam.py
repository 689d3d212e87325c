"""Beam search: keep the few likeliest texts so far, let all of them grow, and keep the best again.

Sources: Lowerre (1976), "The HARPY Speech Recognition System" (the idea, for speech); Sutskever,
Vinyals and Le (2014), section 3.2, https://arxiv.org/abs/1409.3215 (for translation); Wu et al.
(2016), section 7, https://arxiv.org/abs/1609.08144 (dividing by a power of the length, a similar
one). When to stop follows the library transformers, so that both can be compared.
"""

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from snippets.model.transformer import Transformer


class Beam:
    """The hypotheses about one text: those that grow and those that ended, best first."""

    def __init__(self, width: int, length_power: float = 1.0, stop: Sequence[int] = ()):
        """Start with nothing written; arguments as in `beam_search`."""
        self.width, self.length_power, self.stop = width, length_power, set(stop)
        self.growing: list[tuple[float, list[int]]] = [(0.0, [])]  # log-probability, tokens
        self.ended: list[tuple[float, list[int]]] = []  # score, tokens

    def grow(self, chances: Tensor) -> list[int]:
        """Try every token behind every growing hypothesis, and keep the best.

        Args:
            chances: `(W, V)`, log-probability of each token behind each of W hypotheses.

        Returns:
            Which of the W each one that is kept continues.
        """
        before = chances.new_tensor([[total] for total, _ in self.growing])  # (W, 1)
        totals = chances + before  # (W, V)
        count = min(self.width * (1 + len(self.stop)), totals.numel())
        best, places = totals.flatten().topk(count)
        growing, parents = [], []
        for rank, (total, place) in enumerate(zip(best.tolist(), places.tolist(), strict=True)):
            parent, token = divmod(place, totals.shape[1])
            tokens = [*self.growing[parent][1], token]
            if token not in self.stop and len(growing) < self.width:
                growing.append((total, tokens))
                parents.append(parent)
            elif token in self.stop and rank < self.width:
                self.ended.append((self.score(total, tokens), tokens))
        self.growing, self.ended = growing, sorted(self.ended, reverse=True)[: self.width]
        if len(self.ended) == self.width and self.score(*growing[0]) <= self.ended[-1][0]:
            self.growing, parents = [], []  # nobody who still grows is better than those who ended
        return parents

    def score(self, total: float, tokens: list[int]) -> float:
        """Make texts of different lengths comparable."""
        return total / len(tokens) ** self.length_power

    def results(self) -> list[tuple[float, list[int]]]:
        """List scores and tokens, best first, and count those that still grow as ended."""
        late = [(self.score(*hypothesis), hypothesis[1]) for hypothesis in self.growing]
        return sorted(self.ended + late, reverse=True)[: self.width]


@torch.no_grad()
def beam_search(
    model: Transformer,
    ids: Tensor,
    max_new_tokens: int,
    width: int = 4,
    length_power: float = 1.0,
    stop: Sequence[int] = (),
    use_cache: bool = True,
) -> list[list[tuple[float, list[int]]]]:
    """Look for the likeliest continuations, without trying all.

    Args:
        model: A `Transformer`.
        ids: `(B, T)`, int64, the prompts.
        max_new_tokens: How many tokens to write, at most.
        width: How many hypotheses to keep for each text; 1 is greedy.
        length_power: What a log-probability is divided by is the length to this power: 1 compares
            means per token, 0 plain sums, which favours short texts.
        stop: Ids that end a text.
        use_cache: Whether to keep keys and values or to read the whole text for each token.

    Returns:
        For each text up to `width` pairs of score and new tokens, best first.

    Raises:
        ValueError: If width or max_new_tokens is not positive, or a text would outgrow the context.
    """
    if width < 1 or max_new_tokens < 1:
        raise ValueError(f"wanted width and max_new_tokens from 1, got {width}, {max_new_tokens}")
    cache = model.new_cache(len(ids), ids.shape[1] + max_new_tokens) if use_cache else None
    beams, text = [Beam(width, length_power, stop) for _ in ids], ids
    for _ in range(max_new_tokens):
        unread = text[:, cache.length :] if cache else text
        logits = model.predict(model.read(unread, cache)[:, -1]).float()  # (R, V), R hypotheses
        parents, first = [], 0
        for beam, chances in zip(
            beams, logits.log_softmax(-1).split([len(beam.growing) for beam in beams]), strict=True
        ):
            parents += [first + parent for parent in beam.grow(chances)] if len(chances) else []
            first += len(chances)
        if not parents:
            break
        new = ids.new_tensor([tokens[-1:] for beam in beams for _, tokens in beam.growing])
        text = torch.cat([text[parents], new], dim=1)
        if cache:  # a hypothesis that is kept takes its keys and values along
            cache.store = cache.store[:, :, parents]
    return [beam.results() for beam in beams]


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    tree = {  # what a pretended model says behind "I saw", and behind each word of that
        "": {"the": 0.5, "an": 0.4, "one": 0.1},
        "the": {"cat": 0.4, "dog": 0.3, "owl": 0.3},
        "an": {"owl": 0.9, "ant": 0.1},
        "one": {"cat": 0.5, "dog": 0.5},
    }
    words = ["the", "an", "one", "cat", "dog", "owl", "ant"]
    rows = []
    for width in (1, 2):
        beam, said = Beam(width), [""]
        for _ in range(2):
            table = [[tree[word].get(after, 0.0) for after in words] for word in said]
            beam.grow(torch.tensor(table).log())
            said = [words[tokens[-1]] for _, tokens in beam.growing]
        total, tokens = beam.growing[0]
        text, chance = " ".join(words[token] for token in tokens), round(math.exp(total), 2)
        rows.append({"width": width, "text": text, "chance": chance})
        print(f"width {width}: I saw {text}, probability {chance}")

    figure, ax = plt.subplots(figsize=(6.4, 3.0))
    ax.set_axis_off()
    ax.set_title("Probabilities are multiplied along a path")
    leaves = [(first, last) for first in tree[""] for last in tree[first]]
    for row, (first, last) in enumerate(leaves):
        middle = -sum(n for n, leaf in enumerate(leaves) if leaf[0] == first) / len(tree[first])
        ink = {"the cat": "C1", "an owl": "C0"}.get(f"{first} {last}", "C5")
        wide = 1 + 3 * (ink != "C5")
        ax.plot([0, 1, 2], [-3, middle, -row], color=ink, linewidth=wide, zorder=wide)
        ax.text(1.5, (middle - row) / 2, f"{tree[first][last]:g}", ha="center", va="bottom")
        ax.text(2.05, -row, f"{last}: {tree[''][first] * tree[first][last]:.2f}", va="center")
        if last == max(tree[first], key=tree[first].get):
            ax.text(1, middle + 0.2, f"{first} {tree[''][first]:g}", ha="center")
    ax.text(-0.05, -3, "I saw", ha="right", va="center")
    plt.show()
