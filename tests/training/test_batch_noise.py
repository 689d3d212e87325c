import pytest
import torch

from sitebuild.book import Book
from snippets.basics.learning import new_learner, wrongness
from snippets.training.batch_noise import gradient_of, noise_scale, worth_of


def test_agrees_with_a_noise_that_we_made():
    true = torch.zeros(101).double()
    true[0] = 3.0  # |G|^2 = 9; every text adds noise of variance 4 in 101 directions
    texts = true + 2 * torch.randn(4_000, 101).double()
    assert noise_scale(texts) == pytest.approx(4 * 101 / 9, rel=0.05)


def test_agrees_with_two_batch_sizes():
    """Appendix A.1 of the paper finds both from the norms of a small and a large batch."""
    texts = 1 + torch.randn(6_000, 13).double()
    small = texts.view(-1, 2, 13).mean(1).square().sum(1).mean()  # batches of 2
    large = texts.view(-1, 300, 13).mean(1).square().sum(1).mean()  # batches of 300
    signal = (300 * large - 2 * small) / (300 - 2)
    spread = (small - large) / (1 / 2 - 1 / 300)
    assert noise_scale(texts) == pytest.approx((spread / signal).item(), rel=0.1)


def test_the_slope_of_a_batch_is_the_mean_of_the_slopes_of_its_texts():
    model, ids = new_learner(17), torch.randint(17, (5, 8))
    each = torch.stack([gradient_of(model, text[None]) for text in ids])
    torch.testing.assert_close(each.mean(0), gradient_of(model, ids), atol=1e-6, rtol=1e-4)
    wrongness(model, ids).backward()
    expected = torch.cat([weight.grad.flatten() for weight in model.parameters()]).double()
    torch.testing.assert_close(gradient_of(model, ids), expected)


def test_at_the_noise_scale_a_step_is_worth_half():
    assert worth_of(64, 64.0) == 0.5


def test_one_text_says_nothing_about_noise():
    with pytest.raises(ValueError, match=r"2 texts or more, got \(1, 5\)"):
        noise_scale(torch.zeros(1, 5))


def test_page_says_the_noise_grows_by_hundreds():
    rows = Book().result("training.batch_noise")["values"]["rows"]
    assert rows[0]["most"] < 2
    assert all(a["most"] < b["least"] for a, b in zip(rows[:-1], rows[1:], strict=True))
    assert rows[-1]["least"] > 200 * rows[0]["most"]
    assert worth_of(6, rows[0]["most"]) > 0.85 > 0.2 > worth_of(100, rows[-1]["least"])
    assert worth_of(8, rows[0]["most"]) > 0.9
