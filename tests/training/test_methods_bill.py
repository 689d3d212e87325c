from sitebuild.book import Book
from snippets.model.smollm2 import load
from snippets.training.lora import LoRALinear
from snippets.training.methods_bill import detours_for_bill
from snippets.training.qlora import NF4Linear


def told():
    return Book().result("training.methods_bill")["values"]["by"]


def test_packed_or_not_queries_and_values_get_a_detour():
    for packed in (False, True):
        parts = list(detours_for_bill(load()[0], packed).modules())
        assert sum(isinstance(part, LoRALinear) for part in parts) == 2 * 30
        assert sum(isinstance(part, NF4Linear) for part in parts) == (7 * 30 if packed else 0)


def test_page_says_what_is_frozen_needs_no_gradient_and_no_optimizer():
    by = told()
    for way in ("LoRA", "QLoRA"):
        assert by[way]["gradients"] == 4 * by[way]["trainable"]
        assert by[way]["state"] < 0.01 * by["full"]["state"]
    assert by["full"]["state"] > 1e9
    assert by["LoRA"]["trainable"] == by["QLoRA"]["trainable"] == 460_800


def test_page_says_qlora_is_the_smallest_and_no_faster_than_lora():
    by = told()
    assert by["QLoRA"]["weights"] < 0.5 * by["LoRA"]["weights"]
    assert by["QLoRA"]["seconds"] > by["LoRA"]["seconds"]
    assert by["LoRA"]["seconds"] < by["full"]["seconds"]
