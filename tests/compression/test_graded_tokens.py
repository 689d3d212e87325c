import pytest
import torch
from torch.distributions import Categorical, kl_divergence

from sitebuild.book import Book
from snippets.compression.graded_tokens import grade_tokens
from snippets.model.transformer import Transformer, TransformerConfig


def small(seed, vocab=11):
    torch.manual_seed(seed)
    sizes = {"n_layers": 1, "n_heads": 2, "n_kv_heads": 2, "head_dim": 4, "d_ffn": 16}
    model = Transformer(TransformerConfig(vocab, d_model=8, context=32, **sizes))
    torch.nn.init.normal_(model.embed, std=1.0)
    return model.eval()


def test_agrees_with_pytorchs_distributions():
    student, teacher = small(1), small(2)
    ids = torch.randint(11, (5, 8), generator=torch.Generator().manual_seed(0))
    grades, gaps = grade_tokens(student, teacher, ids)
    with torch.no_grad():
        said, wanted = (Categorical(logits=model(ids[:, :-1])) for model in (student, teacher))
    known = wanted.log_prob(ids[:, 1:]) - said.log_prob(ids[:, 1:])
    torch.testing.assert_close(grades, known, rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(gaps, kl_divergence(said, wanted), rtol=1e-4, atol=1e-5)


def test_grades_of_what_the_student_draws_estimate_the_divergence():
    student, teacher = small(1), small(2)
    with torch.no_grad():
        shares = student(torch.tensor([[3]])).softmax(-1)[0, 0]
    drawn = torch.multinomial(
        shares, 20_000, replacement=True, generator=torch.Generator().manual_seed(0)
    )
    ids = torch.stack([torch.full_like(drawn, 3), drawn], dim=1)
    grades, gaps = grade_tokens(student, teacher, ids)
    assert gaps[0].item() > 0.05
    assert -grades.mean().item() == pytest.approx(gaps[0].item(), rel=0.1)


def test_who_grades_himself_is_content():
    grades, gaps = grade_tokens(small(1), small(1), torch.arange(10)[None])
    assert grades.abs().max() == 0
    assert gaps.abs().max() == 0


def test_another_vocabulary_is_refused():
    with pytest.raises(ValueError, match="one vocabulary, got 11 and 13"):
        grade_tokens(small(1), small(2, 13), torch.arange(10)[None])


def test_page_says_grades_alone_estimate_the_divergence():
    values = Book().result("compression.graded_tokens")["values"]
    assert "MARMATAUS" in values["written"]
    assert "MARMATAUS".startswith(values["written"][: values["worst"] + 1].split()[-1])
    assert values["by_draws"] == pytest.approx(values["exactly"], rel=0.15)
    assert values["exactly"] < values["on_plays"]
    assert values["marks"][values["worst"]] == min(values["marks"]) < -1
    assert sum(mark < -0.5 for mark in values["marks"]) < len(values["marks"]) / 3
