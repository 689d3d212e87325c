import pytest
import torch

from sitebuild.book import Book
from snippets.compression.layer_inputs import WatchedLayer, calibration_and_test, listen_to_layers
from snippets.model.transformer import Transformer, TransformerConfig

CONFIG = TransformerConfig(23, 12, 3, 2, 1, 6, 19, 29)
FIRST = WatchedLayer("first", 0, ("attention.query", "attention.key", "attention.value"))
SECOND = WatchedLayer("second", 1, ("ffn.down",))


def test_agrees_with_hooks_on_a_plain_pass():
    model, ids = Transformer(CONFIG).eval(), torch.randint(23, (2, 7))
    heard = {}
    names = {FIRST: "blocks.0.attention.value", SECOND: "blocks.1.ffn.down"}

    def listen(layer):
        def note(_, given):
            heard[layer] = given[0].flatten(0, 1)

        return note

    hooks = [model.get_submodule(n).register_forward_pre_hook(listen(w)) for w, n in names.items()]
    with torch.no_grad():
        model(ids)
    for hook in hooks:
        hook.remove()
    (first, x), (second, y) = listen_to_layers(model, ids, (FIRST, SECOND))
    torch.testing.assert_close(x, heard[FIRST])
    torch.testing.assert_close(y, heard[SECOND])
    attention = model.blocks[0].attention
    parts = [attention.query.weight, attention.key.weight, attention.value.weight]
    assert torch.equal(first, torch.cat(parts))
    assert torch.equal(second, model.blocks[1].ffn.down.weight)


def test_a_block_that_is_not_there_is_refused():
    with pytest.raises(ValueError, match="wanted block 3, the model has 3"):
        listen_to_layers(Transformer(CONFIG), torch.zeros(1, 2, dtype=torch.int64),
                     (WatchedLayer("none", 3, ("ffn.down",)),))  # fmt: skip


def test_texts_to_choose_and_to_judge_are_different():
    class Letters:
        """Each character is a token."""

        def encode(self, text):
            return [ord(letter) for letter in text]

    chosen, judged = calibration_and_test(Letters())
    assert chosen.shape == judged.shape == (1, 256)
    assert not torch.equal(chosen, judged)


def test_page_says_one_channel_and_one_token_are_loud():
    values = Book().result("compression.layer_inputs")["values"]
    channel, token = values["rows"]
    assert values["loudest_for"] > 90
    assert channel["loudest"] > 20 * channel["usual"]
    assert token["loudest"] > 1000 * token["usual"]
    assert token["place"] == 0
