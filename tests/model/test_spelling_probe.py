import numpy as np
import pytest
import torch

from snippets.model.gguf_file import dequantize_gguf, read_gguf
from snippets.model.smollm2_file import find_smollm2
from snippets.model.smollm2_tokenizer import SmolTokenizer
from snippets.model.spelling_probe import SPELLING, fit_probe, halves, ranking_score, words_of
from tests.shapes import check_shapes

N, D = 101, 7


def test_the_probe_agrees_with_least_squares(device):
    rows = torch.randn(N, D, dtype=torch.float64, device=device if device.type != "mps" else "cpu")
    answers = torch.randn(N, dtype=torch.float64, device=rows.device)
    (weights, offset), _ = check_shapes(fit_probe, rows, answers, 0.0)
    design = np.c_[rows.cpu().numpy(), np.ones(N)]
    expected = np.linalg.lstsq(design, answers.cpu().numpy(), rcond=None)[0]
    assert weights.cpu().numpy() == pytest.approx(expected[:D])
    assert float(offset) == pytest.approx(expected[D])


def test_shrinking_makes_the_weights_smaller():
    rows, answers = torch.randn(N, D), torch.randn(N)
    small, large = (fit_probe(rows, answers, shrink)[0].norm() for shrink in (100.0, 0.1))
    assert small < large


def test_the_ranking_score_agrees_with_asking_every_pair():
    guesses, answers = torch.randn(N), (torch.rand(N) < 0.3).double()
    pairs = guesses[answers > 0][:, None] > guesses[answers == 0][None, :]
    score, _ = check_shapes(ranking_score, guesses, answers)
    assert score == pytest.approx(float(pairs.double().mean()))
    assert ranking_score(answers + 0.01 * torch.rand(N), answers) == 1.0


def test_one_kind_of_answer_is_refused():
    with pytest.raises(ValueError, match="got 3 true and 0 false"):
        ranking_score(torch.arange(3.0), torch.ones(3))


def test_all_ways_to_write_a_word_go_to_the_same_side():
    first, second = halves({f"w{n}": [2 * n, 2 * n + 1] for n in range(11)})
    assert not {word for word, _ in first} & {word for word, _ in second}
    assert sorted(index for _, index in first + second) == list(range(22))


@pytest.fixture(scope="module")
def real():
    metadata, tensors = read_gguf(find_smollm2())
    table = torch.from_numpy(dequantize_gguf(tensors["token_embd.weight"])).double()
    learn, ask = halves(words_of(SmolTokenizer.from_metadata(metadata)))
    table = torch.nn.functional.normalize(table, dim=-1)
    return [(part, table[[index for _, index in part]]) for part in (learn, ask)]


def guess(real, question):
    (learn, learn_rows), (ask, ask_rows) = real
    answers = torch.tensor([float(question(word)) for word, _ in learn]).double()
    weights, offset = fit_probe(learn_rows, answers)
    return ask_rows @ weights + offset, torch.tensor([float(question(word)) for word, _ in ask])


def test_page_says_the_first_letter_is_known_an_r_mostly_and_a_double_letter_less(real):
    score = {name: ranking_score(*guess(real, test)) for name, test in SPELLING.items()}
    first, r, double = score.values()
    assert first > 0.97
    assert first > r + 0.05 > 0.9
    assert r > double + 0.1 > 0.75


def test_page_says_shuffled_rows_know_nothing(real):
    (learn, learn_rows), ask = real
    mixed = learn_rows[torch.randperm(len(learn_rows))]
    assert abs(ranking_score(*guess([(learn, mixed), ask], SPELLING["contains r"])) - 0.5) < 0.05


def test_page_says_two_rs_are_nearly_never_counted(real):
    guesses, count = guess(real, lambda word: word.count("r"))
    right = (guesses.round() == count).double()
    assert right[count == 1].mean() > 0.6
    assert right[count == 2].mean() < 0.2
