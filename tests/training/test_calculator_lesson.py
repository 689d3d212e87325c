import pytest

from snippets.model.generate import generate
from snippets.model.smollm2 import load
from snippets.training.calculator_lesson import Report, as_example, examine


def test_a_prompt_is_the_chat_without_its_greeting():
    _, tokenizer = load()
    prompt, answer = as_example(tokenizer, "Hi?", "Yes.")
    whole = tokenizer.chat([{"role": "user", "content": "Hi?"}])
    assert whole[-len(prompt) :] == prompt
    assert tokenizer.decode(prompt) == "<|im_start|>user\nHi?<|im_end|>\n<|im_start|>assistant\n"
    assert tokenizer.decode(answer) == "Yes.<|im_end|>"


def test_untaught_it_knows_no_calculator_and_its_openings_are_what_it_writes():
    import torch

    model, tokenizer = load()
    report = examine(model, tokenizer)
    assert (report.sums, report.false_calls) == (0, 0)
    prompt, _ = as_example(tokenizer, "What is the capital of Spain?", "")
    written = generate(model, torch.tensor([prompt]), 1)[0, -1:]
    assert tokenizer.decode(written.tolist()) == report.openings[0]


def test_the_last_loss_is_the_mean_of_four():
    assert Report([9.0, 1.0, 2.0, 3.0, 4.0], 0, 0, []).last_loss == pytest.approx(2.5)
