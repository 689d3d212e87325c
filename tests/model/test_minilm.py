import shutil
from importlib.metadata import PackageNotFoundError

import pytest
import torch

from snippets.model import minilm as module
from snippets.model.minilm import (
    check_minilm,
    find_minilm,
    load_minilm,
    load_minilm_parts,
    pad_right,
)
from snippets.tools.texts import read_play

TEXTS = ["", "a", "The cat sat on the mat.", *read_play("macbeth")[:60_000].split("\n\n")[:70]]


@pytest.fixture(scope="module")
def encode():
    return load_minilm()[0]


@pytest.fixture(scope="module")
def theirs():
    from transformers import BertModel

    return BertModel.from_pretrained(find_minilm()).eval()


def test_vectors_are_those_of_transformers(encode, theirs):
    wordpiece, _ = load_minilm_parts()
    for text in TEXTS[:20]:
        with torch.no_grad():
            ids = torch.tensor([wordpiece.encode(text)])
            mean = theirs(ids).last_hidden_state[0].mean(0)
        torch.testing.assert_close(encode([text])[0], mean / mean.norm(), rtol=0, atol=1e-5)


def test_a_batch_gives_what_each_text_gives_alone(encode):
    together = encode(TEXTS)
    alone = torch.cat([encode([text]) for text in TEXTS])
    torch.testing.assert_close(together, alone, rtol=0, atol=1e-5)


def test_rows_have_length_one_and_the_stated_size(encode):
    rows = encode(TEXTS)
    assert rows.shape == (len(TEXTS), load_minilm()[1])
    assert rows.dtype == torch.float32
    torch.testing.assert_close(rows.norm(dim=1), torch.ones(len(TEXTS)))
    assert encode([]).shape == (0, 384)


def test_what_it_knows_about_meaning(encode):
    """The figures that others measured with sentence-transformers."""
    pair = encode(["The cat sat on the mat.", "A kitten rested on the rug."])
    assert float(pair[0] @ pair[1]) == pytest.approx(0.612, abs=0.001)


def test_what_is_no_list_of_texts_is_refused(encode):
    with pytest.raises(TypeError, match="wanted a list of texts, got one text"):
        encode("a cat")
    with pytest.raises(TypeError, match=r"wanted a text \(str\), got int: 7"):
        encode(["a", 7])


def test_padding_marks_what_is_real():
    ids, readable = pad_right([[5, 7], [11]], pad_id=3)
    assert ids.tolist() == [[5, 7], [11, 3]]
    assert readable.tolist() == [[True, True], [True, False]]


def test_missing_and_altered_files_name_the_command(tmp_path, monkeypatch):
    with pytest.raises(FileNotFoundError, match=r"model.safetensors .* is missing; run: python"):
        check_minilm(tmp_path)
    for name in module.MINILM_SHA256:
        shutil.copy(find_minilm() / name, tmp_path)
    check_minilm(tmp_path)
    with (tmp_path / "vocab.txt").open("r+b") as file:
        file.truncate(100)
    with pytest.raises(ValueError, match=r"vocab.txt of MiniLM was altered; run: python -m pip"):
        check_minilm(tmp_path)

    def missing(name):
        raise PackageNotFoundError(name)

    monkeypatch.setattr(module, "distribution", missing)
    with pytest.raises(FileNotFoundError, match="MiniLM is not installed; run: python -m pip"):
        load_minilm()
