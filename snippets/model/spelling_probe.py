"""Does a token's row of numbers know how the token is spelled? Ask with a straight line.

Source: after Kaushal and Mahowald (2022), experiment 1, https://arxiv.org/abs/2206.02608, with a
linear probe (theirs bends) on SmolLM2's embedding table.
"""

from collections.abc import Callable

import torch
from torch import Tensor

from snippets.model.gguf_file import dequantize_gguf, read_gguf
from snippets.model.smollm2_file import find_smollm2
from snippets.model.smollm2_tokenizer import SmolTokenizer


def fit_probe(rows: Tensor, answers: Tensor, shrink: float = 1.0) -> tuple[Tensor, Tensor]:
    """Find the weights and offset whose weighted sum of a row comes closest to the answer.

    Ridge regression: least squares, plus `shrink` times the squared weights.

    Args:
        rows: `(N, D)`, floating point.
        answers: `(N,)`, same dtype.
        shrink: At least 0; above it, the answer is unique.

    Returns:
        Weights `(D,)` and offset `()`: the guess for a row is `row @ weights + offset`.
    """
    middle = rows.mean(0)  # (D,)
    centred = rows - middle  # (N, D)
    gram = centred.T @ centred  # (D, D)
    gram = gram + shrink * torch.eye(len(gram), dtype=rows.dtype, device=rows.device)  # (D, D)
    weights = torch.linalg.solve(gram, centred.T @ (answers - answers.mean()))  # (D,)
    return weights, answers.mean() - middle @ weights


def ranking_score(guesses: Tensor, answers: Tensor) -> float:
    """Draw one token of each kind: how often does the guess put the true one higher (AUC)?

    Args:
        guesses: `(N,)`, no two equal.
        answers: `(N,)`, 1 for true and 0 for false.

    Raises:
        ValueError: If there is only one kind.
    """
    true = int(answers.sum())
    false = len(answers) - true
    if not true or not false:
        raise ValueError(f"wanted both kinds of answers, got {true} true and {false} false")
    rank = guesses.argsort().argsort() + 1  # (N,)
    above = int(rank[answers > 0.5].sum()) - true * (true + 1) // 2
    return above / (true * false)


def words_of(tokenizer: SmolTokenizer) -> dict[str, list[int]]:
    """List the tokens that are words of three or more plain letters, in small letters."""
    words: dict[str, list[int]] = {}
    for index in range(len(tokenizer.tokens)):
        word = tokenizer.decode([index]).strip().lower()
        if len(word) > 2 and word.isascii() and word.isalpha():
            words.setdefault(word, []).append(index)
    return words


def halves(words: dict[str, list[int]]) -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
    """Part the words by chance; all ways to write one (Cat, cat, CAT) go to the same side."""
    order = torch.randperm(len(words), generator=torch.Generator().manual_seed(0)).tolist()
    names = sorted(words)
    mixed = [names[place] for place in order]
    first, second = mixed[: len(mixed) // 2], mixed[len(mixed) // 2 :]
    return tuple([(word, i) for word in part for i in words[word]] for part in (first, second))


SPELLING: dict[str, Callable[[str], bool]] = {
    "begins with s": lambda word: word[0] == "s",
    "contains r": lambda word: "r" in word,
    "has a double letter": lambda word: any(a == b for a, b in zip(word, word[1:], strict=False)),
}

if __name__ == "__main__":
    metadata, tensors = read_gguf(find_smollm2())
    table = torch.from_numpy(dequantize_gguf(tensors["token_embd.weight"])).double()
    table = torch.nn.functional.normalize(table, dim=-1)  # (V, D)
    words = words_of(SmolTokenizer.from_metadata(metadata))
    learn, ask = halves(words)
    learn_rows, ask_rows = (table[[index for _, index in part]] for part in (learn, ask))
    n_words, rows = len(words), []
    for name, test in SPELLING.items():
        true = torch.tensor([test(word) for word, _ in learn]).double()
        weights, offset = fit_probe(learn_rows, true)
        held_out = torch.tensor([test(word) for word, _ in ask]).double()
        score = ranking_score(ask_rows @ weights + offset, held_out)
        rows.append({"question": name, "score": round(score, 2)})
        print(f"{name:20} {score:.2f}  (0.5 is guessing, 1 is knowing)")

    number = torch.tensor([word.count("r") for word, _ in learn]).double()
    weights, offset = fit_probe(learn_rows, number)
    count = torch.tensor([word.count("r") for word, _ in ask])
    right = (ask_rows @ weights + offset).round() == count
    by_count = {n: round(float(right[count == n].double().mean()), 2) for n in (0, 1, 2)}
    print("how many r's, guessed rightly where there are 0, 1, 2:", by_count)
