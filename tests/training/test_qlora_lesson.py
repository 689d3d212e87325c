from sitebuild.book import Book
from snippets.model.smollm2 import load
from snippets.training import lora_lesson, qlora_lesson
from snippets.training.qlora import LINEAR_NAMES, NF4Linear, quantize_base


def test_all_linear_layers_are_named_and_packed():
    model = load()[0]
    layers = {n for n, m in model.named_modules() if hasattr(m, "in_features")}
    assert {name.rpartition(".")[2] for name in layers} == set(LINEAR_NAMES)
    quantize_base(model, LINEAR_NAMES)
    assert sum(isinstance(m, NF4Linear) for m in model.modules()) == len(layers) == 7 * 30


def test_the_lesson_is_the_same_as_without_packing():
    mine = (qlora_lesson.QLORA_RANK, qlora_lesson.QLORA_ALPHA, qlora_lesson.QLORA_RATE)
    assert mine == (lora_lesson.LORA_RANK, lora_lesson.LORA_ALPHA, lora_lesson.LORA_RATE)


def test_page_says_four_bits_are_enough_for_the_rest():
    row = Book().result("training.qlora_lesson")["values"]["row"]
    lora = Book().result("training.lora_lesson")["values"]["row"]
    assert row["trainable"] == lora["trainable"]
    assert row["sums"] >= 28
    assert row["false"] <= 2
