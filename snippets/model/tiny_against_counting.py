"""Does the Tiny model guess better than counting does? Both are asked about plays they never saw.

Sources: as for characters.py and ngram.py
"""

import math

from snippets.model.characters import play_ids
from snippets.model.ngram import NGramCounts, ngram_surprises
from snippets.model.tiny import RECIPE, load_tiny
from snippets.tools.perplexity import surprises

if __name__ == "__main__":
    import matplotlib.pyplot as plt

    model, characters = load_tiny()
    _, train_ids, held_out_ids = play_ids()
    counted = ngram_surprises(train_ids, held_out_ids, len(characters), orders=6)
    skipped = RECIPE.window  # judge the same characters, each with enough before it
    losses = {
        f"{order}-gram": float(told[skipped - 5 :].mean()) for order, told in enumerate(counted, 1)
    }
    asked = surprises(model, held_out_ids, RECIPE.window, shift=3 * RECIPE.window // 4)
    losses["Tiny"] = float(asked[skipped - 1 :].double().mean())
    rows = [{"model": name, "nats": round(loss, 2)} for name, loss in losses.items()]
    for row in rows:
        print(f"{row['model']:>6}: {row['nats']:.2f} nats per character")
    hesitates = round(math.exp(rows[-1]["nats"]), 1)  # among so many characters
    table = len(NGramCounts(train_ids.numpy(), 6, len(characters)).pieces)
    cells = len(characters) ** 7
    print(f"the 6-gram knows {table:,} strings of six; of seven, there could be {cells:.1e}")

    figure, ax = plt.subplots(figsize=(6.4, 3.2))
    ax.barh([row["model"] for row in rows], [row["nats"] for row in rows])
    ax.invert_yaxis()
    ax.set(title="Surprise on two plays that nobody saw", xlabel="nats per character")
    ax.set_ylabel("model")
    plt.show()
