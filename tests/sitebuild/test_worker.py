"""Small parts of the worker; what it does to programs is in test_runner."""

import numpy as np
import pytest
import torch

from sitebuild.worker import LONGEST, NoProject, _how, plain


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (torch.tensor(3), 3),
        (np.float32(0.5), 0.5),
        (np.array(True), True),
        ((1, [2.5, None]), [1, [2.5, None]]),
        ({1: {"a": torch.tensor(2.0)}}, {"1": {"a": 2.0}}),
    ],
)
def test_plain_values_come_through(value, expected):
    result = plain(value)
    assert result == expected
    assert type(result) is type(expected)


@pytest.mark.parametrize("value", [torch.zeros(2), object(), {1, 2}, [1, print]])
def test_what_cannot_be_quoted_says_its_type(value):
    with pytest.raises(TypeError, match="its type is"):
        plain(value)


def test_a_long_list_and_a_long_text_are_refused():
    with pytest.raises(TypeError, match="too long to quote"):
        plain("x" * (LONGEST + 1))
    assert len(plain([0] * LONGEST)) == LONGEST
    with pytest.raises(TypeError, match="too long to quote"):
        plain([0] * (LONGEST + 1))


def test_the_import_hook_refuses_the_project_alone():
    with pytest.raises(ModuleNotFoundError, match="cannot import 'snippets.model'"):
        NoProject().find_spec("snippets.model")
    assert NoProject().find_spec("json") is None


def test_how_a_process_ended_is_told_in_words():
    assert [_how(status) for status in (0, 256, 9)] == ["", "failed", "was ended by signal 9"]
