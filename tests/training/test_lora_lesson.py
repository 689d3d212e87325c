from sitebuild.book import Book
from snippets.model.smollm2 import load
from snippets.training.lora import LoRALinear, add_lora
from snippets.training.lora_lesson import LORA_ALPHA, LORA_RANK, LORA_TARGETS


def test_queries_and_values_of_all_thirty_blocks_get_a_detour():
    model = add_lora(load()[0], LORA_RANK, LORA_ALPHA, LORA_TARGETS)
    wrapped = [name for name, m in model.named_modules() if isinstance(m, LoRALinear)]
    assert len(wrapped) == 2 * 30
    assert {name.rpartition(".")[2] for name in wrapped} == {"query", "value"}


def test_page_says_the_detours_are_enough_and_merging_changes_nothing():
    values = Book().result("training.lora_lesson")["values"]
    row, full = values["row"], Book().result("training.fine_tuning")["values"]["by"]["full"]
    assert row["trainable"] == 460_800
    assert row["sums"] >= full["sums"] - 2
    assert row["false"] <= 2
    assert abs(row["merged"] - row["sums"]) <= 1
