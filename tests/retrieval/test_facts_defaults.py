import hashlib
import inspect
from functools import cache

import pytest
import torch
from torch import nn, optim

from snippets.retrieval.docstrings import docstring_corpus
from snippets.retrieval.facts_defaults import DEFAULT_QUESTIONS


@cache
def texts():
    return {entry.name: " ".join(entry.text.split()) for entry in docstring_corpus()}


@pytest.mark.parametrize("known", DEFAULT_QUESTIONS, ids=lambda known: known.question)
def test_the_evidence_stands_in_the_entry(known):
    assert known.evidence in texts()[known.entry]
    assert any(spelling in known.evidence for spelling in known.accepted)


def test_only_the_right_entry_and_the_whole_number_count():
    known = DEFAULT_QUESTIONS[1]
    assert known.stands_in(f"{known.entry}: momentum. Default: 0.1")
    assert known.stands_in(f"{known.entry}: momentum. Default: 0.1. And more")
    assert not known.stands_in(f"{known.entry}: momentum. Default: 0.15")
    assert not known.stands_in("torch.nn.BatchNorm1d: momentum. Default: 0.1")


def test_what_the_documentation_says_is_what_the_code_does():
    found = {
        "LeakyReLU": nn.LeakyReLU().negative_slope,
        "BatchNorm2d": nn.BatchNorm2d(3).momentum,
        "Dropout": nn.Dropout().p,
        "ELU": nn.ELU().alpha,
        "Softplus": nn.Softplus().threshold,
        "Hardtanh": nn.Hardtanh().max_val,
        "GroupNorm": nn.GroupNorm(1, 3).eps,
        "RMSprop, lr": inspect.signature(optim.RMSprop).parameters["lr"].default,
        "AdamW, weight_decay": inspect.signature(optim.AdamW).parameters["weight_decay"].default,
    }
    for name, value in found.items():
        entry, _, parameter = name.partition(", ")
        known = next(
            k
            for k in DEFAULT_QUESTIONS
            if k.entry.endswith(f".{entry}") and parameter in k.question
        )
        assert float(known.accepted[0]) == value, name
    assert torch.__version__.startswith("2.13.0")


def test_the_questions_are_those_of_the_first_run():
    told = repr([vars(known) for known in DEFAULT_QUESTIONS])
    assert hashlib.sha256(told.encode()).hexdigest()[:16] == "7f396df9a3ff923e"
