import pytest
import torch
from transformers.models.llama.modeling_llama import apply_rotary_pos_emb

from snippets.model.rope import apply_rope, rope_angles
from tests.shapes import check_shapes

B, H, T, D = 2, 3, 5, 22


def test_agrees_with_transformers(device):
    x = torch.randn(B, H, T, D, device=device)
    cos, sin = rope_angles(torch.arange(T, device=device), D, 10_000.0)
    expected, _ = apply_rotary_pos_emb(x, x, cos.repeat(1, 2)[None], sin.repeat(1, 2)[None])
    torch.testing.assert_close(apply_rope(x, cos, sin), expected)


def test_the_angles_are_the_papers():
    (cos, sin), _ = check_shapes(rope_angles, torch.arange(T), D, 7.0)
    for place in range(T):
        for pair in range(D // 2):
            angle = torch.tensor(place * 7.0 ** (-2 * pair / D))
            torch.testing.assert_close(cos[place, pair], angle.cos())
            torch.testing.assert_close(sin[place, pair], angle.sin())


def test_pairs_turn_as_complex_numbers_do(device):
    x = torch.randn(B, H, T, D, device=device, dtype=torch.float32)
    cos, sin = rope_angles(torch.arange(3, 3 + T, device=device), D, 100.0)
    a, b = x.chunk(2, dim=-1)
    turned = torch.complex(a, b) * torch.complex(cos, sin)
    expected = torch.cat([turned.real, turned.imag], dim=-1)
    torch.testing.assert_close(apply_rope(x, cos, sin), expected)


def test_page_says_only_the_distance_counts():
    q, k = torch.randn(2, 1, 1, 1, D, dtype=torch.float64).expand(2, 1, 1, 300, D)
    cos, sin = (a.double() for a in rope_angles(torch.arange(300).double(), D, 10_000.0))
    scores = (apply_rope(q, cos, sin) @ apply_rope(k, cos, sin).mT)[0, 0]
    for distance in (0, 3, 50):
        same = scores.diagonal(-distance)
        torch.testing.assert_close(same, same[:1].expand_as(same))
    assert (scores.diagonal(-3)[0] - scores.diagonal(-4)[0]).abs() > 0.01


def test_page_says_no_vector_changes_its_length_and_the_first_is_not_turned(device):
    x = torch.randn(B, H, T, D, device=device)
    y = apply_rope(x, *rope_angles(torch.arange(T, device=device), D, 10_000.0))
    torch.testing.assert_close(y.norm(dim=-1), x.norm(dim=-1))
    torch.testing.assert_close(y[:, :, 0], x[:, :, 0])
    assert not torch.allclose(y[:, :, 1], x[:, :, 1])


def test_without_theta_nothing_turns():
    x = torch.randn(B, H, T, D)
    assert torch.equal(apply_rope(x, *rope_angles(torch.arange(T), D, None)), x)


def test_an_odd_width_is_refused():
    with pytest.raises(ValueError, match="even head_dim, got 7"):
        rope_angles(torch.arange(T), 7, 100.0)
