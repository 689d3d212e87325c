"""Near ties: why the likeliest token may be another one elsewhere.

Sources: He et al. (2025), "Defeating Nondeterminism in LLM Inference",
https://thinkingmachines.ai/blog/defeating-nondeterminism-in-llm-inference/ (why servers differ from
run to run); rounding weights to 8 bits as in compression/integer.py
"""

import torch
from torch import Tensor

from snippets.compression.integer import quantize_absmax
from snippets.model.generate import generate
from snippets.model.smollm2 import load
from snippets.model.transformer import Transformer
from snippets.tools.texts import read_play


def leads(logits: Tensor) -> Tensor:
    """Say by how much the best score leads the second best: `(..., V)` to `(...)`."""
    best = logits.topk(2).values  # (..., 2)
    return best[..., 0] - best[..., 1]


@torch.no_grad()
def round_to_8_bits(model: Transformer) -> None:
    """Round every matrix to 255 levels per row, in place; what computes stays float32."""
    for weight in model.parameters():
        if weight.ndim == 2:
            levels, scale = quantize_absmax(weight, bits=8, axis=0)
            weight.copy_(levels * scale)


if __name__ == "__main__":
    model, tokenizer = load()
    tied = tokenizer.chat([{"role": "user", "content": "What is the capital of France?"}])
    blue = "Explain in one sentence why the sky is blue."
    prompt = torch.tensor([tokenizer.chat([{"role": "user", "content": blue}])])
    play = torch.tensor([tokenizer.encode(read_play("hamlet")[20_000:22_000])[:256]])

    def look() -> tuple[Tensor, Tensor, list[int]]:
        """Give the scores after the question and along the play, and a greedy answer."""
        with torch.no_grad():
            first, along = model(torch.tensor([tied]))[0, -1], model(play)[0]
        return first, along, generate(model, prompt, 13)[0, prompt.shape[1] :].tolist()

    first, along, answer = look()
    top = first.topk(2).indices.tolist()
    names = [tokenizer.decode([token]) for token in top]
    chances = [round(p, 2) for p in first.softmax(-1)[top].tolist()]
    lead = round(leads(first).item(), 2)
    print(
        f"first token of the answer: {names[0]} {chances[0]}, {names[1]} {chances[1]}; lead {lead}"
    )

    second = torch.tensor([[*tied, top[1]]])
    otherwise = tokenizer.decode(generate(model, second, 10)[0, len(tied) :].tolist())
    print(f"had {names[1]} won: {otherwise} ...")

    round_to_8_bits(model)
    first_8, along_8, answer_8 = look()
    moved = round((along - along_8).abs().mean().item(), 1)
    flips = (along.argmax(-1) != along_8.argmax(-1)).sum().item()
    places, close = len(along), int((leads(along) < 0.1).sum())
    print(f"weights rounded to 8 bits: a score moves by {moved} on average")
    print(f"{places} places in Hamlet: lead below 0.1 at {close}, another favourite at {flips}")
    parted = next(n for n, (a, b) in enumerate(zip(answer, answer_8, strict=True)) if a != b)
    texts = {"32 bits": tokenizer.decode(answer), "8 bits": tokenizer.decode(answer_8)}
    print("\n".join(f"{name}: {text}" for name, text in texts.items()))
    print(f"the first {parted} tokens are the same")
    sums = [(0.1 + 0.2) + 0.3, 0.1 + (0.2 + 0.3)]
    print(f"(0.1 + 0.2) + 0.3 = {sums[0]}, 0.1 + (0.2 + 0.3) = {sums[1]}")
