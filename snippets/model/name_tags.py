"""Attention for one question: scores, then weights, then the output.

Source: Vaswani et al. (2017), section 3.2.1, equation 1, https://arxiv.org/abs/1706.03762
"""

import torch
from torch import Tensor

AI_QUESTION = (2.0, 1.0, 0.0, 0.0)  # about: computers, statistics, cooking, drums
PARTY_GUESTS = (  # name, tag in the same four subjects, where they point (km east, north)
    ("AI engineer", (2.0, 1.0, 0.0, 0.0), (4.0, 3.0)),
    ("data scientist", (1.0, 2.0, 0.0, 0.0), (5.0, -1.0)),
    ("chef", (0.0, 0.0, 2.0, 0.0), (-4.0, -3.0)),
    ("drummer", (1.0, 0.0, 0.0, 2.0), (-2.0, 4.0)),
)


def ask_the_room(query: Tensor, keys: Tensor, values: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Compare one query with every key, then blend the values by how well they matched.

    Args:
        query: `(D,)`, what is asked.
        keys: `(S, D)`, one name tag per guest.
        values: `(S, E)`, what each guest contributes.

    Returns:
        Scores `(S,)`, any real number; weights `(S,)`, above 0 and summing to 1; output `(E,)`.

    Raises:
        ValueError: If query, keys and values do not fit together.
    """
    _check_party(query, keys, values)
    scores = keys @ query / len(query) ** 0.5  # (S,)
    weights = scores.softmax(0)  # (S,)
    output = weights @ values  # (E,)
    return scores, weights, output


def _check_party(query: Tensor, keys: Tensor, values: Tensor) -> None:
    """Refuse a question in other subjects than the tags, or guests without a contribution."""
    if query.shape[-1:] != keys.shape[1:] or len(keys) != len(values):
        given = f"{tuple(query.shape)}, {tuple(keys.shape)} and {tuple(values.shape)}"
        raise ValueError(f"need shapes (D,), (S, D) and (S, E), got {given}")


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    names = [who for who, _, _ in PARTY_GUESTS]
    keys = torch.tensor([tag for _, tag, _ in PARTY_GUESTS])
    values = torch.tensor([spot for _, _, spot in PARTY_GUESTS])
    scores, weights, output = ask_the_room(torch.tensor(AI_QUESTION), keys, values)

    rows = [
        {"guest": name, "score": round(float(s), 3), "weight": round(float(w), 3)}
        for name, s, w in zip(names, scores, weights, strict=True)
    ]
    for row in rows:
        print(f"{row['guest']:>14}  score {row['score']:.1f}  weight {row['weight']:.3f}")
    total = round(float(weights.sum()), 3)
    where = [round(float(x), 2) for x in output]
    print(f"weights add up to {total:.3f}; go {where[0]} km east and {where[1]} km north")
    engineer, chef = rows[0]["weight"], rows[2]["weight"]
    lead = round(engineer / rows[1]["weight"], 2)  # for half a point of score
    shouted = round(float((10 * scores).softmax(0)[0]), 3)  # the same scores, ten times larger

    figure, ax = plt.subplots(figsize=(6.4, 3.6))
    outline = [0, 1, 2, 3, 0]  # the four spots in the order that walks around them
    ax.fill(values[outline, 0], values[outline, 1], color="C0", alpha=0.12)
    ax.scatter(values[:, 0], values[:, 1], s=1200 * weights, color="C0")
    for name, weight, (x, y) in zip(names, weights, values, strict=True):
        ax.text(x, y + (1.1 if y > 0 else -1.5), f"{name}, {weight:.0%}", ha="center")
    ax.scatter(*output, marker="*", s=220, color="C1")
    ax.text(output[0] - 0.5, output[1], "the blended answer", ha="right", va="center")
    ax.set(title="Four opinions and their weighted middle", xlim=(-6.5, 7.5), ylim=(-5.5, 6.9))
    ax.set(xlabel="km east", ylabel="km north")
    plt.show()
