# %% [markdown]
# # Quantize a real model and weigh it
#
# You will round the numbers of a real chat model to fewer bits, write them to disk, weigh the file
# on the scales of your own computer, and find out what the model lost. And you will see where it
# breaks.
#
# Reading this on the book's site?
# <a href="../../code/labs/weigh_a_quantized_model.ipynb" download>Download the notebook</a> and
# open it in Jupyter. It carries every function it needs, and its first cell installs the rest.

# %%
from pathlib import Path

import torch
from torch import nn

from snippets.compression.gguf_blocks import dequantize, quantize
from snippets.compression.integer import dequantize_integer, quantize_absmax
from snippets.model.smollm2 import load
from snippets.retrieval.answering import answer_all
from snippets.tools.perplexity import perplexity
from snippets.tools.texts import read_play
from snippets.tools.threads import with_threads

model, tokenizer = load()
layers = {name: part for name, part in model.named_modules() if isinstance(part, nn.Linear)}
originals = {name: layer.weight.detach().clone() for name, layer in layers.items()}
numbers = sum(weight.numel() for weight in originals.values())
print(f"{len(layers)} matrices hold {numbers:,} of {sum(w.numel() for w in model.parameters()):,}")

# %% [markdown]
# ## 1. One row, by hand
#
# The largest number of a row becomes 127, and everything else follows. What comes back is off by
# half a step at most.

# %%
row = next(iter(originals.values()))[:1]
integers, scale = quantize_absmax(row, bits=8, axis=0)
print("numbers: ", [round(float(x), 3) for x in row[0, :5]])
print("integers:", integers[0, :5].tolist())
error = (dequantize_integer(integers, scale) - row).abs().max()
print(f"largest error {float(error / scale.max()):.2f} steps")
assert error <= 0.5001 * scale.max()

# %% [markdown]
# ## 2. The whole model, in a format that everybody reads
#
# GGUF's blocks: 32 neighbours share a scale. Q8_0 has 8 bits for each number, Q4_0 has 4. Write the
# packed bytes to a file and put it on the scales.


# %%
def pack(kind):
    """Pack every matrix, write the bytes, and fill the model with what comes back."""
    packed = {name: quantize(weight.numpy(), kind) for name, weight in originals.items()}
    path = Path(f"{kind}.bin")
    path.write_bytes(b"".join(blocks.tobytes() for blocks in packed.values()))
    for name, blocks in packed.items():
        layers[name].weight.data = torch.from_numpy(dequantize(blocks, kind))
    return path.stat().st_size


text = torch.tensor(tokenizer.encode(read_play("hamlet"))[:400])
with with_threads(1):
    told = {"float32": (4 * numbers, perplexity(model, text))}
    for kind in ("Q8_0", "Q4_0"):
        size = pack(kind)
        told[kind] = (size, perplexity(model, text))
for kind, (size, hesitates) in told.items():
    print(f"{kind:8} {size / 1e6:6.1f} MB, {8 * size / numbers:5.2f} bits a number, "
          f"hesitates among {hesitates:.1f} tokens")  # fmt: skip
assert told["Q8_0"][1] < 1.02 * told["float32"][1]
assert told["Q4_0"][0] < told["float32"][0] / 7

# %% [markdown]
# Eight bits: a quarter of the size and hardly a difference. (Half a bit goes to the scales: that is
# why it says 8.5.) Four bits: a seventh of the size, and you can measure what it cost.
#
# ## 3. Does it still talk?

# %%
question = {"role": "user", "content": "What is the capital of France?"}
with with_threads(1):
    answer = answer_all(model, tokenizer, [[question]], new=12)[0]
print(f"in 4 bits: {answer}")

# %% [markdown]
# ## 4. Break it
#
# Fewer bits, one scale for each whole row. Guess first: at which number of bits does the model fall
# apart, and does it fall slowly or at once?

# %%
hesitates = {}
for bits in (6, 5, 4, 3):
    for name, weight in originals.items():
        layers[name].weight.data = dequantize_integer(*quantize_absmax(weight, bits, axis=0))
    with with_threads(1):
        hesitates[bits] = perplexity(model, text)
    print(f"{bits} bits, a scale for each row: hesitates among {hesitates[bits]:,.0f} tokens")
assert hesitates[3] > 10 * hesitates[6]

# %% [markdown]
# At 4 bits with a scale for each row it is far worse than Q4_0, which has the same 4 bits: closer
# scales are worth their half bit.
#
# ## 5. Now you
#
# - Q4_1 and Q5_0 and Q5_1 are there, too. One of them comes out suspiciously well. (We got this
#   model in Q4_1. [What that does to a benchmark](../../compression/weight-formats/) is in the
#   book.)
# - Round only the matrices named `ffn`, or only those named `attention`. Who minds more?
# - Take another text. Two perplexities on two texts cannot be compared. Try it, and see why.
