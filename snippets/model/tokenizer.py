"""What a larger vocabulary buys: fewer tokens for the same text.

Source: Sennrich, Haddow and Birch (2016), section 3.2, https://arxiv.org/abs/1508.07909
"""

from snippets.model.bpe import decode, encode, train_bpe
from snippets.tools.plot import name_line
from snippets.tools.texts import read_play


def bytes_per_token(text: str, merges: list[tuple[int, int]]) -> float:
    """Say how much text one token stands for, on average.

    Returns:
        Bytes of UTF-8 for each token: 1.0 without merges, more with them.
    """
    return len(text.encode()) / len(encode(text, merges))


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    learned, new = read_play("hamlet"), read_play("macbeth")
    merges = train_bpe(learned, 1024)
    rows = []
    for size in (256, 257, 288, 320, 384, 512, 768, 1024):
        known = merges[: size - 256]  # merges come in order, so fewer are a smaller vocabulary
        row = {"vocabulary": size}
        row |= {"hamlet": bytes_per_token(learned, known), "macbeth": bytes_per_token(new, known)}
        rows.append(row)
        print(
            f"{size:5} symbols: Hamlet {row['hamlet']:.2f}, Macbeth {row['macbeth']:.2f} bytes each"
        )
    first = [decode([256 + n], merges) for n in range(8)]
    print("learned first:", ", ".join(map(repr, first)))
    whole = [decode([256 + n], merges) for n in range(len(merges))]
    longest = max(whole, key=len)
    print("the longest:", repr(longest))
    half = rows[5]["macbeth"] - rows[0]["macbeth"]
    second_half = rows[7]["macbeth"] - rows[5]["macbeth"]

    figure, ax = plt.subplots()
    for play in ("hamlet", "macbeth"):
        ax.plot([r["vocabulary"] for r in rows], [r[play] for r in rows], "o-")
        name_line(ax, play.title(), rows[-1]["vocabulary"], rows[-1][play])
    ax.set(title="Larger vocabulary, fewer tokens, ever less so", xlim=(240, 1130))
    ax.set(xlabel="symbols in the vocabulary", ylabel="bytes of text per token", ylim=(0.9, None))
    plt.show()
