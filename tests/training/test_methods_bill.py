from sitebuild.book import Book
from snippets.training.methods_bill import BILL_ASKED, BILL_BATCH, batch_to_pay
from snippets.training.supervised import NOT_ASKED


def told():
    return Book().result("training.methods_bill")["values"]["by"]


def test_the_batch_asks_for_the_last_ten_tokens_that_come_next():
    ids, labels = batch_to_pay(97)
    asked = labels != NOT_ASKED
    assert asked.sum() == BILL_BATCH * BILL_ASKED
    assert (labels[:, -BILL_ASKED:-1] == ids[:, -BILL_ASKED + 1 :]).all()


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
