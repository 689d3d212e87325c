# %% [markdown]
# # A KV cache by hand
#
# Four words, one head, numbers you can check on a napkin. You will write a sentence twice: once
# starting over for every word, once with a notebook of keys and values. Both must say the same.

# %%
import torch

from snippets.inference.kv_cache import kv_bytes_per_token
from snippets.inference.kv_decode import LayerCache
from snippets.inference.kv_operations import tokens_processed
from snippets.model.attention import causal_attention

x = torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [2.0, 0.0]])  # four words, two numbers each
make_key = torch.tensor([[0.0, 1.0], [1.0, 0.0]])  # swaps the two numbers
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
print("touched:", touched)
print("answers:", [[round(v, 2) for v in row.tolist()] for row in slow])
assert touched == tokens_processed(4, cached=False) == 1 + 2 + 3 + 4

# %% [markdown]
# The first answer needs no calculator: word one can only read itself, so it gets its own value,
# 10 times 1 and 100 times 0.
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
print("touched:", touched_once)
print("keys in the notebook:", notebook.keys[0, 0].tolist())
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
print("bytes per word:", per_word, "| allocated for four:", notebook.nbytes)
assert per_word == 16
assert notebook.nbytes == 4 * per_word

# %% [markdown]
# ## 5. Now break it
#
# Smudge one old note and the newest word goes wrong, while nothing crashes. A cache that belongs to
# another text fails just as quietly. Change the line and see which answers move.

# %%
notebook.values[0, 0, 1] = 0.0  # smudge the second word's value
query = heads(x[3:4])
smudged = causal_attention(query, notebook.keys, notebook.values)[0, 0, -1]
print("before:", [round(v, 2) for v in fast[3].tolist()])
print("after: ", [round(v, 2) for v in smudged.tolist()])
assert not torch.allclose(smudged, fast[3])
