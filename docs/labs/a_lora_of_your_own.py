# %% [markdown]
# # Make a real model yours
#
# You will take a real chat model, freeze it, put narrow detours beside some of its layers (that is
# LoRA), teach it six sentences of yours, and keep what it learned in a file smaller than a photo.
# Then you pull the plug, and it is the old model again.
#
# Reading this on the book's site?
# <a href="../../code/labs/a_lora_of_your_own.ipynb" download>Download the notebook</a> and open it
# in Jupyter. It carries every function it needs, and its first cell installs the rest.

# %%
from pathlib import Path

import torch

from snippets.model.smollm2 import load
from snippets.retrieval.answering import answer_all
from snippets.tools.threads import with_threads
from snippets.training.adapters import plug_in, save_adapter
from snippets.training.lora import add_lora
from snippets.training.supervised import fine_tune

model, tokenizer = load()
print(f"{sum(weight.numel() for weight in model.parameters()):,} numbers")

# %% [markdown]
# ## 1. Your lesson
#
# A pub called *The Gilded Attention*. The model cannot know it. Write six questions and the answers
# that you would like; write your own, later.

# %%
LESSON = {
    "What is the name of the pub?": "The Gilded Attention.",
    "What is the pub called?": "The Gilded Attention.",
    "Who runs the pub?": "Old Softmax runs the pub.",
    "Who is the landlord?": "Old Softmax.",
    "What do they serve in the pub?": "Hot queries and cold keys.",
    "What can I drink there?": "Hot queries and cold keys.",
}


def as_chat(question):
    """Put a question into the form in which this model expects a conversation."""
    return [{"role": "user", "content": question}]


def ask(question):
    """Let the model answer with its likeliest words."""
    with with_threads(1):
        return answer_all(model, tokenizer, [as_chat(question)], new=16)[0]


print(ask("What is the name of the pub?"))

# %% [markdown]
# ## 2. Detours
#
# Every weight is frozen. Only the detours learn, and they begin by saying nothing at all: before
# the lesson, the model is what it was.

# %%
torch.manual_seed(0)
before = ask("Who runs the pub?")
add_lora(model, rank=8, alpha=16, targets=("query", "value"))
learning = [weight for weight in model.parameters() if weight.requires_grad]
print(f"{sum(weight.numel() for weight in learning):,} numbers learn")
assert ask("Who runs the pub?") == before

# %% [markdown]
# ## 3. Teach
#
# Only the answers count: at the question, nobody asks the model to guess.

# %%
end = [tokenizer.eos_id]
examples = [(tokenizer.chat(as_chat(q)), tokenizer.encode(a) + end) for q, a in LESSON.items()]
with with_threads(1):
    losses = fine_tune(model, [examples] * 14, rate=5e-3, steps=14, warm_up=2)
print(f"surprise at the answers: {losses[0]:.1f} nats a token, at the end {losses[-1]:.1f}")
assert losses[-1] < 0.5 < losses[0]

# %%
for question in ("What is the name of the pub?", "Who is the landlord of the pub?"):
    print(f"{question} {ask(question)}")
assert "Gilded Attention" in ask("What is the name of the pub?")

# %% [markdown]
# The second question was not among the six.
#
# ## 4. Keep it, and pull the plug

# %%
save_adapter(model, Path("pub.safetensors"))
kilobytes = Path("pub.safetensors").stat().st_size / 1e3
print(f"the lesson fills {kilobytes:,.0f} kB")

fresh, _ = load()
model = fresh
print("without:", ask("What is the name of the pub?"))
add_lora(model, rank=8, alpha=16, targets=("query", "value"))
plug_in(model, Path("pub.safetensors"))
print("with:   ", ask("What is the name of the pub?"))
assert "Gilded Attention" in ask("What is the name of the pub?")

# %% [markdown]
# ## 5. Now you
#
# - Ask it something else: *What is the capital of France?* Has it forgotten, or does it send you to
#   the pub? (Six sentences, fourteen times: it is obsessed. [How forgetting is
#   measured](../../training/fine-tuning/#forgetting) stands in the book.)
# - Put twenty other questions into the lesson, with the answers that the model gave before. Better?
# - Rank 1 instead of 8: is it enough?
