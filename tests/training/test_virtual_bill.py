from sitebuild.book import Book


def test_page_says_virtual_tokens_need_next_to_no_gradients_and_no_less_time():
    rows = Book().result("training.virtual_bill")["values"]["rows"]
    lora = Book().result("training.methods_bill")["values"]["by"]["LoRA"]
    for row, count in zip(rows, (230_400, 11_520), strict=True):
        assert row["trainable"] == count
        assert row["gradients"] == 4 * count
        assert 0 <= row["state"] - 8 * count <= 8  # AdamW also counts its steps
        assert row["seconds"] > 0.5 * lora["seconds"]
