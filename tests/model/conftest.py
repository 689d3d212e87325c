"""What many tests of this part share because it is slow to make."""

import os

import pytest
import torch

from snippets.model.smollm2_file import find_smollm2


@pytest.fixture(scope="session")
def theirs():
    """The real model's file, read by transformers with its plain attention."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    from transformers import AutoModelForCausalLM

    path = find_smollm2()
    return AutoModelForCausalLM.from_pretrained(
        path.parent, gguf_file=path.name, dtype=torch.float32, attn_implementation="eager"
    ).eval()
