import pytest
import torch

from snippets.basics.writer import Writer
from snippets.model.generate import generate
from snippets.model.smollm2 import load


def test_agrees_with_reading_everything_at_once_and_with_generate():
    model, tokenizer = load()
    writer = Writer(model, tokenizer)
    writer.read("The capital of")
    writer.read(" France is")
    ids = torch.tensor([tokenizer.encode("The capital of France is")])
    with torch.no_grad():
        expected = model(ids)[0, -1].log_softmax(-1)
    torch.testing.assert_close(writer.log_chances, expected, atol=1e-3, rtol=0)
    line = tokenizer.decode(generate(model, ids, 4)[0, ids.shape[1] :].tolist())
    assert writer.write_line(4) == line.split("\n")[0].strip()


def test_a_choice_is_the_likeliest_of_the_options_whatever_else_is_likely():
    model, tokenizer = load()
    writer = Writer(model, tokenizer)
    writer.read("The capital of France is")
    chances = writer.log_chances.exp()
    options = ["London", "Rome"]
    firsts = [chances[tokenizer.encode(f" {option}")[0]].item() for option in options]
    best, share = writer.choose(options)
    assert best == options[firsts.index(max(firsts))]
    assert share == pytest.approx(max(firsts) / sum(firsts), rel=1e-4)
    assert chances.argmax() != tokenizer.encode(f" {best}")[0]  # Paris was not on offer


@pytest.mark.parametrize("options", [[], ["cat", "cat"]])
def test_options_that_cannot_be_told_apart_are_refused(options):
    writer = Writer(*load())
    writer.read("A")
    with pytest.raises(ValueError, match="words that begin differently"):
        writer.choose(options)
