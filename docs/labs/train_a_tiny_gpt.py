# %% [markdown]
# # Train your own tiny GPT
#
# In the time of one cup of tea you will train a language model from nothing: a transformer of the
# kind behind every chat program, only small. It reads letters, and it will try to write like
# Shakespeare. Here it practises for two minutes at most, so do not expect sonnets.
#
# Reading this on the book's site?
# <a href="../../code/labs/train_a_tiny_gpt.ipynb" download>Download the notebook</a> and open it in
# Jupyter. It carries every function it needs, and its first cell installs the rest.

# %%
from itertools import repeat

import torch

from snippets.model.characters import play_ids
from snippets.model.generate import generate
from snippets.model.training import muon_and_adamw, random_windows, train
from snippets.model.transformer import Transformer, TransformerConfig
from snippets.tools.threads import with_threads

characters, ids, held_out = play_ids()
print(f"{len(ids):,} characters to learn from, {len(held_out):,} kept for the exam")
print(f"{len(characters)} different ones")

# %% [markdown]
# ## 1. A model of your size
#
# Width, layers, heads: change them later. The census tells how many numbers that makes. All of them
# are random now, so the model knows nothing. What does it write?


# %%
def new_model(width=48, layers=2):
    """Make a small transformer with random weights, always the same ones."""
    torch.manual_seed(0)
    sizes = {"n_heads": 2, "n_kv_heads": 2, "head_dim": width // 2, "d_ffn": 3 * width}
    return Transformer(TransformerConfig(len(characters), width, layers, context=128, **sizes))


def write(model, cue="HAMLET\n", letters=120):
    """Let it write on after a cue, drawing each letter from its chances."""
    start = torch.tensor([characters.encode(cue)])
    chance = torch.Generator().manual_seed(1)
    with with_threads(1):
        return characters.decode(generate(model, start, letters, 0.7, generator=chance)[0].tolist())


model = new_model()
print(f"{sum(weight.numel() for weight in model.parameters()):,} numbers to learn")
print(write(model, letters=60))

# %% [markdown]
# ## 2. Guess, look, adjust
#
# A hundred rounds. In each, the model reads 16 pieces of 128 letters, guesses every next letter,
# is told the truth, and every one of its numbers is turned by a hair. The loss is its surprise, in
# nats for each letter. A die with as many faces as there are letters would pay about 4.4.

# %%
chance = torch.Generator().manual_seed(0)
batches = (random_windows(ids, 16, 128, chance) for _ in repeat(0))
with with_threads(1):
    losses = train(model, batches, muon_and_adamw(model, 0.012, 0.01), steps=100, warm_up=10)
for done in (0, 9, 29, 99):
    print(f"round {done + 1:3}: {losses[done]:.1f} nats")
assert losses[0] > 4
assert sum(losses[-10:]) / 10 < 2.6

# %% [markdown]
# ## 3. The exam
#
# Plays that it has never seen. If it had only learned its text by heart, it would fail here.

# %%
exam = held_out[: 40 * 128 + 1].unfold(0, 129, 128)  # (40, 129)
with torch.no_grad(), with_threads(1):
    logits = model(exam[:, :-1])
    loss = torch.nn.functional.cross_entropy(logits.mT, exam[:, 1:])
print(f"{loss:.1f} nats a letter on plays that it never saw")
assert abs(float(loss) - sum(losses[-10:]) / 10) < 0.3

# %% [markdown]
# ## 4. Let it write

# %%
text = write(model)
print(text)
assert text.count(" ") > 10

# %% [markdown]
# Words! Or at least, lengths of words. From random numbers, in a hundred rounds.
#
# ## 5. Now you
#
# - Train for 1,000 rounds: `steps=1000`. That is what [Tiny](../../model/tiny/) in the book had.
# - Make it wider, or deeper. What helps more for the same number of weights?
# - Give it your own text. Anything of some hundred thousand letters will do:
#   `text = open("mine.txt").read()`, then `ids = torch.tensor(characters.encode(text))`, if its
#   letters are among those of the plays.
