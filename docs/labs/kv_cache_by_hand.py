# %% [markdown]
# # A KV cache by hand
#
# Four words, one head, numbers you can check on a napkin. You will write a sentence twice: once
# starting over for every word, once with a notebook of keys and values. Both must say the same.
#
# Reading this on the book's site?
# <a href="../../code/labs/kv_cache_by_hand.ipynb" download>Download the notebook</a> and open it in
# Jupyter. It carries every function it needs, and its first cell installs the rest.

# %%
import torch

from snippets.inference.kv_cache import kv_bytes_per_token
from snippets.inference.kv_decode import LayerCache
from snippets.inference.kv_operations import tokens_processed
from snippets.model.attention import causal_attention

x = torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [2.0, 0.0]])  # four words
make_key = torch.tensor([[0.0, 1.0], [1.0, 0.0]])  # swaps a word's two numbers
make_value = torch.tensor([[10.0, 0.0], [0.0, 100.0]])  # stretches them

# %% [markdown]
# ## 1. Start over for every word
#
# Work out keys and values of the whole text, again and again, and count how many words you touch.
# To keep the arithmetic easy, each word is its own query.


# %%
def heads(rows):
    """Give `(T, D)` the batch and head axes that attention expects: `(1, 1, T, D)`."""
    return rows[None, None]


touched, slow = 0, []
for n in range(1, 5):
    text = x[:n]
    keys, values = text @ make_key, text @ make_value
    touched += n
    slow.append(causal_attention(heads(text), heads(keys), heads(values))[0, 0, -1])
    print(f"word {n} takes home {slow[-1][0]:5.2f} and {slow[-1][1]:5.2f}")
print("words touched:", touched)
assert touched == tokens_processed(4, cached=False) == 1 + 2 + 3 + 4

# %% [markdown]
# Word one needs no calculator: it can only read itself, so it takes home its own value, 10 times 1
# and 100 times 0.
#
# Word two, 0 and 1, fits on the napkin:
#
# 1. A score is query times key, number by number, added up. With the key of word one (0 and 1)
#    that is 1; with its own key (1 and 0) it is 0.
# 2. Divide by the square root of the width, which is 2: 0.71 and 0.
# 3. Softmax: e to the 0.71 is about 2.03, e to the 0 is 1. Share out: 2.03 / 3.03 is 0.67 and
#    1 / 3.03 is 0.33.
# 4. So it takes home 0.67 of the value of word one (10 and 0) and 0.33 of its own (0 and 100).
#
# Compare with the line above.
#
# ## 2. Keep a notebook
#
# Set aside room for four words. Each step now makes one key and one value, writes them down, and
# lets one query read the notebook.

# %%
notebook = LayerCache(batch=1, n_kv_heads=1, max_tokens=4, head_dim=2)
touched_once, fast = 0, []
for n in range(4):
    word = x[n : n + 1]
    past = notebook.append(heads(word @ make_key), heads(word @ make_value))
    touched_once += 1
    fast.append(causal_attention(heads(word), *past)[0, 0, -1])
for n in range(4):
    key, value = notebook.keys[0, 0, n], notebook.values[0, 0, n]
    print(f"line {n + 1}: key {key[0]:.0f} {key[1]:.0f}", end=", ")
    print(f"value {value[0]:.0f} {value[1]:.0f}")
print("words touched:", touched_once)
assert touched_once == tokens_processed(4, cached=True) == 4
assert notebook.keys[0, 0].tolist() == [[0.0, 1.0], [1.0, 0.0], [1.0, 1.0], [0.0, 2.0]]

# %% [markdown]
# ## 3. Same answers?
#
# Nobody rewrites the past: word two cannot change what word one said about itself. That is why old
# notes stay true.

# %%
difference = max((a - b).abs().max().item() for a, b in zip(slow, fast, strict=True))
print("largest difference:", round(difference, 4))
assert difference < 1e-4

# %% [markdown]
# ## 4. What the notebook weighs
#
# One layer, one head of width 2, numbers of 4 bytes: a key and a value of 2 numbers each, so 16
# bytes a word. Compare the formula with what PyTorch set aside.

# %%
per_word = kv_bytes_per_token(n_layers=1, n_kv_heads=1, head_dim=2, bytes_per_value=4)
allocated = notebook.keys.nbytes + notebook.values.nbytes
print(f"formula: {per_word} bytes a word; allocated for four words: {allocated}")
assert per_word == 16
assert allocated == 4 * per_word

# %% [markdown]
# ## 5. Now break it
#
# Wipe the value of word two from the notebook and ask word four again. Nothing will crash. Guess
# before you run it: which of its two numbers changes, and by how much?

# %%
notebook.values[0, 0, 1] = 0.0  # the second word's value, smudged
smudged = causal_attention(heads(x[3:4]), notebook.keys, notebook.values)[0, 0, -1]
print(f"before: {fast[3][0]:.2f} and {fast[3][1]:.2f}")
print(f"after:  {smudged[0]:.2f} and {smudged[1]:.2f}")
assert torch.allclose(smudged[0], fast[3][0])
assert torch.allclose(2 * smudged[1], fast[3][1])

# %% [markdown]
# The second number is cut in half, exactly, and the first does not move. The napkin knows why: word
# four is 2 and 0, so its scores are 0, 2, 2 and 0. Words two and three tie, and the value of each
# has 100 in second place; the other two have 0 there. Wipe one of the two and half is gone. The
# first number never came from word two, whose value began with 0.
#
# No error, no warning, a plausible wrong answer: a cache that belongs to another text fails just as
# quietly. Wipe another line, or smudge a *key*, and guess first.
