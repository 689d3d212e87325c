from itertools import combinations

import pytest
import torch

from sitebuild.book import Book
from snippets.model.transformer import Transformer, TransformerConfig
from snippets.training.best_of_n import chances_of, draw_answers, pass_at

V = 13


def small():
    sizes = {"n_layers": 2, "n_heads": 4, "n_kv_heads": 2, "head_dim": 4, "d_ffn": 29}
    model = Transformer(TransformerConfig(V, d_model=16, context=32, **sizes))
    with torch.no_grad():
        model.embed.mul_(40)  # so that tokens differ in their chances
    return model


class Digits:
    ids = {str(n): n for n in range(10)}

    def encode(self, text):
        return [self.ids[letter] for letter in text]


def test_drawn_as_often_as_worked_out():
    model, shots, questions = small(), [10, 3], torch.tensor([[5, 10], [7, 12]])
    drawn = draw_answers(model, shots, questions, 3_000, 3, torch.Generator().manual_seed(0))
    likely = [some[:, :2].mode(0).values.tolist() for some in drawn]
    answers = ["".join(str(digit % 10) for digit in some) for some in likely]
    told = chances_of(model, Digits(), shots, questions, answers)
    for some, answer, chance in zip(drawn, answers, told, strict=True):
        wanted = torch.tensor([int(digit) for digit in answer])
        hits = (some[:, :2] == wanted).all(1) & (some[:, 2] > 9)
        assert float(hits.float().mean()) == pytest.approx(float(chance), abs=0.03)


def test_chances_agree_with_reading_everything_at_once():
    model, shots, questions = small(), [10, 3], torch.tensor([[5, 10], [7, 12]])
    told = chances_of(model, Digits(), shots, questions, ["4", "18"])
    for row, some in enumerate([[4], [1, 8]]):
        ids = torch.tensor([shots + questions[row].tolist() + some])
        p = model(ids)[0, -len(some) - 1 :].softmax(-1)
        expected = torch.stack([p[n, token] for n, token in enumerate(some)]).prod()
        expected = expected * (1 - p[-1, :10].sum())
        assert told[row].item() == pytest.approx(expected.item(), rel=1e-3)


@pytest.mark.parametrize(("right", "n"), [(0, 2), (2, 1), (2, 3), (5, 4)])
def test_pass_at_agrees_with_trying_every_choice(right, n):
    drawn = [1] * right + [0] * (6 - right)
    tries = [any(some) for some in combinations(drawn, n)]
    assert pass_at(6, right, n) == pytest.approx(sum(tries) / len(tries))


def test_impossible_numbers_are_refused():
    with pytest.raises(ValueError, match="got 7 and 1"):
        pass_at(6, 7, 1)
    with pytest.raises(ValueError, match="got 0 of 3"):
        draw_answers(small(), [1], torch.tensor([[2]]), 0, 3, torch.Generator())


def test_page_says_a_checker_makes_the_difference():
    values = Book().result("training.best_of_n")["values"]
    by = {row["n"]: row for row in values["rows"]}
    in_steps = values["in_steps"]
    for row in values["rows"]:
        assert abs(row["checked"] - row["foretold"]) < 0.08
    assert by[16]["as if alike"] > by[16]["foretold"] + 0.08
    assert by[16]["checked"] > 3 * by[1]["checked"]
    assert by[16]["checked"] > by[16]["vote"] + 0.2
    assert by[16]["checked"] > by[16]["lazy"] + 0.2
    assert in_steps > by[8]["vote"] + 0.05
    assert by[8]["checked"] > in_steps
