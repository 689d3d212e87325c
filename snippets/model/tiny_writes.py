"""What the Tiny model writes before, during and after its training.

Source: the setting of Karpathy (2015), https://karpathy.github.io/2015/05/21/rnn-effectiveness/
"""

import torch

from snippets.model.generate import generate
from snippets.model.tiny import RECIPE, load_tiny


def write_after(steps: int, prompt: str, length: int, seed: int = 0) -> str:
    """Let Tiny, as it was after some steps, go on with a prompt; errors as in `load_tiny`."""
    model, characters = load_tiny(steps)
    chance = torch.Generator().manual_seed(seed)
    ids = torch.tensor([characters.encode(prompt)])
    written = generate(model, ids, length, temperature=0.8, generator=chance)
    return characters.decode(written[0].tolist())


if __name__ == "__main__":
    for steps in RECIPE.snapshots:
        text = write_after(steps, "HAMLET\n", 110)
        print(f"--- after {steps} steps ---\n{text}")
