import subprocess
import sys

import pytest
import torch
from safetensors.torch import load_file

from snippets.tools import kept_weights as module
from snippets.tools.kept_weights import keep_weights, kept_under, kept_weights, open_weights


@pytest.fixture
def made():
    return []


@pytest.fixture
def weights(tmp_path, made):
    """Ask for two small matrices and count how often they are made."""

    def make():
        made.append(1)
        return {"a": torch.arange(6.0).view(2, 3), "b": torch.ones(4)}

    return lambda: kept_weights(tmp_path / "x.safetensors", make)


def test_a_copy_is_made_once_and_is_the_librarys_format(weights, made, tmp_path):
    assert torch.equal(weights()["a"], weights()["a"])
    assert len(made) == 1
    assert {path.suffix for path in tmp_path.iterdir()} <= {".safetensors", ".lock"}
    assert torch.equal(load_file(tmp_path / "x.safetensors")["b"], torch.ones(4))


@pytest.mark.parametrize("damage", ["flip a bit", "cut it short", "empty it", "lose its sum"])
def test_a_damaged_copy_is_made_again(weights, made, tmp_path, damage):
    weights()
    path = tmp_path / "x.safetensors"
    bytes_ = bytearray(path.read_bytes())
    if damage == "flip a bit":
        bytes_[-3] ^= 4
    if damage == "cut it short":
        del bytes_[-8:]
    if damage == "empty it":
        bytes_.clear()
    if damage == "lose its sum":
        bytes_ = bytes_.replace(b"checksum", b"whatever")
    path.write_bytes(bytes_)
    assert open_weights(path) is None
    assert torch.equal(weights()["b"], torch.ones(4))
    assert len(made) == 2


def test_two_programs_that_need_it_at_once_make_it_once(tmp_path):
    code = (
        "import sys, time, torch; from pathlib import Path\n"
        "from snippets.tools.kept_weights import kept_weights\n"
        "def make():\n"
        "    print('made'); time.sleep(0.5); return {'a': torch.ones(2)}\n"
        "print(kept_weights(Path(sys.argv[1]), make)['a'].sum().item())\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "x.safetensors")]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = [program.communicate()[0] for program in both]
    assert sorted(said) == ["2.0\n", "made\n2.0\n"]


def test_no_room_is_one_sentence_and_leaves_nothing(tmp_path, monkeypatch):
    def full(*_):
        raise OSError("No space left on device")

    monkeypatch.setattr(module, "save_file", full)
    with pytest.raises(OSError, match=r"cannot keep 0 MB in .*: No space left"):
        keep_weights(tmp_path / "x.safetensors", {"a": torch.ones(2)})
    monkeypatch.undo()
    with pytest.raises(OSError, match="cannot keep 0 MB"):
        keep_weights(tmp_path / "no" / "such" / "x.safetensors", {"a": torch.ones(2)})
    assert list(tmp_path.iterdir()) == []


def test_a_copy_that_cannot_be_read_back_is_an_error(weights, monkeypatch):
    monkeypatch.setattr(module, "open_weights", lambda path: None)
    with pytest.raises(OSError, match="cannot be read back"):
        weights()


def test_what_it_is_made_from_decides_whether_it_is_made_anew(monkeypatch, tmp_path, made):
    def make():
        made.append(1)
        return {"a": torch.full((2,), float(len(made)))}

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    recipes = (b"50 steps", b"60 steps", b"50 steps")
    values = [kept_under("x", recipe, make)["a"][0].item() for recipe in recipes]
    assert values == [1, 2, 1]
