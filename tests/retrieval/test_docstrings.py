import hashlib
import importlib
import inspect
import subprocess
import sys
import warnings
from dataclasses import FrozenInstanceError
from functools import cache
from pathlib import Path

import pytest

from snippets.retrieval.docstrings import DocEntry, docstring_corpus

corpus = cache(docstring_corpus)


def look_up(name):
    """Find an object by its full name, attribute by attribute, modules only where none fits."""
    path, *parts = name.split(".")
    value = importlib.import_module(path)
    for part in parts:
        path = f"{path}.{part}"
        try:
            value = inspect.getattr_static(value, part)
        except AttributeError:
            value = importlib.import_module(path)
    return value


def test_agrees_with_looking_each_name_up():
    for entry in corpus():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            text = inspect.cleandoc(look_up(entry.name).__doc__)
        assert entry.text.split() == text.split(), entry.name


def test_texts_are_many_long_distinct_and_in_order():
    names, texts = ([getattr(entry, part) for entry in corpus()] for part in ("name", "text"))
    assert len(names) >= 2_000
    assert min(map(len, texts)) > 120
    assert len(set(texts)) == len(texts)
    assert names == sorted(set(names))
    assert not [name for name in names if any(part.startswith("_") for part in name.split("."))]
    assert {name.split(".")[0] for name in names} == {"torch", "numpy"}


def test_no_text_tells_where_it_was_read():
    for entry in corpus():
        for sign in (sys.prefix, "Alias on this platform", "x86_64"):
            assert sign not in entry.text, entry.name


@pytest.mark.parametrize("before", ["", "import torch.onnx, torch.distributed, lancedb, numpy.ma"])
def test_the_same_whatever_was_imported_before_and_no_name_warns(before):
    code = (
        f"import sys, hashlib; sys.path.insert(0, {str(Path.cwd())!r})\n{before}\n"
        "import warnings; warnings.simplefilter('error')\n"
        "from snippets.retrieval.docstrings import docstring_corpus\n"
        "print(hashlib.sha256(repr(docstring_corpus()).encode()).hexdigest())"
    )
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True)
    ours = hashlib.sha256(repr(corpus()).encode()).hexdigest()
    assert (done.stdout.strip(), done.stderr) == (ours, "")


def test_an_entry_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        DocEntry("a", "b").text = "c"
