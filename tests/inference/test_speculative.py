import pytest
import torch

from sitebuild.book import Book
from snippets.inference.speculative import look_up_prompt, speculate
from snippets.model.generate import generate
from snippets.model.transformer import Transformer, TransformerConfig


@pytest.fixture
def model():
    torch.manual_seed(0)
    model = Transformer(TransformerConfig(20, 24, 2, 4, 2, 6, 48, context=80)).eval()
    torch.nn.init.normal_(model.embed)
    return model


@pytest.mark.parametrize("guesses", [0, 1, 3, 10])
def test_the_text_is_the_one_of_plain_greedy_writing(model, guesses):
    """Whoever guesses, and however badly: the prompt, chance, always the same, or the future."""
    ids = torch.randint(20, (1, 9))
    alone = generate(model, ids, 40)
    chance = torch.Generator().manual_seed(1)
    guessers = {
        "prompt": look_up_prompt,
        "chance": lambda text, n: torch.randint(20, (n,), generator=chance).tolist(),
        "sevens": lambda text, n: [7] * n,
        "future": lambda text, n: alone[0, len(text) : len(text) + n].tolist(),
        "half": lambda text, n: [*alone[0, len(text) :].tolist()[:1], 3, 3][:n],
    }
    for name, guesser in guessers.items():
        text, brought = speculate(model, ids, 40, guesser, guesses)
        assert torch.equal(text, alone), name
        assert sum(brought) == 40
        if name == "future":
            assert len(brought) == -(-40 // (guesses + 1))


def test_look_up_finds_the_latest_and_longest_place():
    assert look_up_prompt([1, 2, 3, 4, 9, 2, 3], 2) == [4, 9]
    assert look_up_prompt([5, 1, 6, 1, 7, 1], 1) == [7]
    assert look_up_prompt([1, 2, 3], 4) == []
    assert look_up_prompt([8, 8], 5) == [8]


def test_more_than_one_text_is_refused(model):
    with pytest.raises(ValueError, match=r"got \(2, 3\)"):
        speculate(model, torch.ones(2, 3, dtype=torch.int64), 5, look_up_prompt, 4)


def test_page_says_copying_is_quick_and_inventing_is_not():
    rows = Book().result("inference.speculative")["values"]["rows"]
    assert all(row["same"] for row in rows)
    tokens = {(row["task"], row["guesses"]): row["tokens"] for row in rows}
    assert tokens["correct a text", 8] > 3
    assert tokens["correct a text", 8] > tokens["correct a text", 2] > 1.5
    assert tokens["tell a story", 8] < 1.2
