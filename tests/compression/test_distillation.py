import pytest
import torch
from torch.nn.functional import cross_entropy

from sitebuild.book import Book
from snippets.compression.distillation import (
    LESSON_LOSSES,
    STUDENT_RATES,
    examine_student,
    new_student,
    teach_students,
)
from snippets.model.training import muon_and_adamw, random_windows, train
from snippets.model.transformer import Transformer, TransformerConfig

IDS = torch.arange(2000) * 7 % 13  # after every token comes a certain other


def small_teacher(vocab=13):
    torch.manual_seed(5)
    sizes = {"n_layers": 1, "n_heads": 2, "n_kv_heads": 2, "head_dim": 4, "d_ffn": 16}
    model = Transformer(TransformerConfig(vocab, d_model=8, context=128, **sizes))
    torch.nn.init.normal_(model.embed, std=1.0)
    return model.eval()


def weights(model):
    return torch.cat([w.detach().flatten() for w in model.parameters()])


def test_the_lesson_from_text_agrees_with_ordinary_training():
    ours = teach_students(small_teacher(), IDS, ("text", "all"), 24, 3)["text"]
    known = new_student(13, 3)
    chance = torch.Generator().manual_seed(3)
    batches = (random_windows(IDS, 8, 64, chance) for _ in range(24))
    train(known, batches, muon_and_adamw(known, *STUDENT_RATES), 24, 24 // 12)
    torch.testing.assert_close(weights(ours), weights(known))


def test_who_learns_from_the_teacher_resembles_the_teacher():
    teacher = small_teacher()
    students = teach_students(teacher, IDS, ("text", "all", "best"), 36, 0)
    windows = random_windows(IDS, 7, 31, torch.Generator().manual_seed(1))
    with torch.no_grad():
        best = teacher(windows[:, :-1]).argmax(-1)
    same = {name: examine_student(s, windows, best)[1] for name, s in students.items()}
    assert same["all"] > same["text"] + 0.3
    assert same["best"] > same["text"] + 0.3


def test_the_teacher_stays_and_students_start_equal():
    teacher = small_teacher()
    before = weights(teacher)
    students = teach_students(teacher, IDS, tuple(LESSON_LOSSES), 0, 4)
    assert all(torch.equal(weights(s), weights(new_student(13, 4))) for s in students.values())
    teach_students(teacher, IDS, ("mixed",), 3, 4)
    assert torch.equal(weights(teacher), before)
    assert not torch.equal(weights(new_student(13, 4)), weights(new_student(13, 5)))


def test_the_exam_agrees_with_cross_entropy_and_a_count():
    student = small_teacher()
    windows = random_windows(IDS, 5, 17, torch.Generator().manual_seed(1))
    with torch.no_grad():
        logits = student(windows[:, :-1])
    known = cross_entropy(logits.flatten(0, 1), windows[:, 1:].flatten()).item()
    best = logits.argmax(-1)
    best[0] = (best[0] + 1) % 13
    nats, same = examine_student(student, windows, best)
    assert nats == pytest.approx(known)
    assert same == pytest.approx(4 / 5)


def test_an_unknown_lesson_is_refused():
    with pytest.raises(ValueError, match=r"lessons from text, .* got \['magic'\]"):
        teach_students(small_teacher(), IDS, ("text", "magic"), 1, 0)


def row(name):
    return Book().result("compression.distillation")["values"]["at"][name]


def test_page_says_the_whole_distribution_teaches_more_than_the_text():
    assert row("much all")["high"] < row("much text")["low"]
    assert row("much all")["high"] < row("much mixed")["low"]
    assert row("much mixed")["high"] < row("much text")["low"]


def test_page_says_with_little_text_the_teacher_helps_more():
    gain = {
        some: row(f"{some} text")["mean"] - row(f"{some} all")["mean"]
        for some in ("much", "little")
    }
    assert gain["little"] > 1.5 * gain["much"] > 0.1
    assert row("little all")["mean"] < row("much text")["mean"]


def test_page_says_the_best_guess_copies_manners_and_forgets_doubt():
    for some in ("much", "little"):
        assert row(f"{some} best")["low"] > row(f"{some} text")["high"] + 0.4
        others = [row(f"{some} {name}")["same"] for name in ("text", "all", "mixed")]
        assert row(f"{some} best")["same"] > max(others)


def test_page_says_twice_the_steps_do_as_much():
    assert abs(row("longer text")["mean"] - row("much all")["mean"]) < 0.04
    assert row("longer text")["same"] >= row("much all")["same"]


def test_page_says_nobody_reaches_the_teacher():
    values = Book().result("compression.distillation")["values"]
    assert min(r["low"] for r in values["rows"]) > values["teacher_nats"] + 0.3
    assert 7 < values["big"] / values["small"] < 8
