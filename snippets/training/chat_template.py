"""The same question in the right chat template and in wrong ones: how likely is a good answer?

Source: the chat format of SmolLM2 (ChatML), from its GGUF file, key tokenizer.chat_template; Jiang
et al. (2024), https://arxiv.org/abs/2406.12935 (what models do off their template)
"""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from snippets.basics.facts_capitals import CAPITALS
from snippets.model.smollm2 import load
from snippets.model.transformer import Transformer
from snippets.tools.threads import with_threads
from snippets.training.option_scores import score_options

TEMPLATES: dict[str, Callable] = {
    "right": lambda t, q: t.chat([{"role": "user", "content": q}]),
    "no system message": lambda t, q: t.encode(
        f"<|im_start|>user\n{q}<|im_end|>\n<|im_start|>assistant\n"
    ),
    "turn left open": lambda t, q: t.encode(f"<|im_start|>user\n{q}\n<|im_start|>assistant\n"),
    "roles swapped": lambda t, q: t.encode(
        f"<|im_start|>assistant\n{q}<|im_end|>\n<|im_start|>user\n"
    ),
    "another model's marks": lambda t, q: t.encode(f"[INST] {q} [/INST]\n"),
    "no marks": lambda t, q: t.encode(f"{q}\n"),
}
TEMPLATE_FACTS = CAPITALS[3::5]


def answer_costs(
    model: Transformer, prompts: Sequence[list[int]], answers: Sequence[list[int]], end: int
) -> tuple[Tensor, Tensor]:
    """Say how a model takes given answers behind prompts, and whether it would then stop.

    Args:
        model: Reads.
        prompts: Ids up to where each answer begins.
        answers: Ids of the answers, without an end mark.
        end: The id of the end mark.

    Returns:
        `(N,)`: surprise of each answer, in nats per token; `(N,)`: probability of the end mark.

    Raises:
        ValueError: If a prompt or an answer is empty.
    """
    told = score_options(model, (), prompts, [[some, [*some, end]] for some in answers])
    answer, ended = torch.stack(told).unbind(1)  # (N), (N)
    return -answer / torch.tensor([len(some) for some in answers]), (ended - answer).exp()


if __name__ == "__main__":
    model, tokenizer = load()
    answers = [f"The capital of {fact.country} is {fact.capital}." for fact in TEMPLATE_FACTS]
    ids, rows = [tokenizer.encode(answer) for answer in answers], []
    with with_threads(1):
        for name, layout in TEMPLATES.items():
            questions = [f"What is the capital of {fact.country}?" for fact in TEMPLATE_FACTS]
            prompts = [layout(tokenizer, question) for question in questions]
            costs, ends = answer_costs(model, prompts, ids, tokenizer.eos_id)
            row = {"template": name, "perplexity": round(float(costs.mean().exp()), 1)}
            rows.append(row | {"stops": round(float(ends.mean()), 2)})
            print(f"{name}: perplexity of the answer {rows[-1]['perplexity']}, "
                  f"stops behind it with {rows[-1]['stops']:.0%}")  # fmt: skip
