import pytest
import torch

from snippets.compression.grid import minmax_grid, output_loss, round_to_nearest, to_grid


@pytest.mark.parametrize("bits", [2, 3, 4, 8])
@pytest.mark.parametrize("group_size", [16, 48, 64, 100])
def test_each_group_has_at_most_so_many_labels_and_none_is_far(bits, group_size):
    torch.manual_seed(0)
    weight = torch.randn(5, 144)
    rounded = round_to_nearest(weight, bits, group_size)
    assert rounded.shape == weight.shape
    parts = zip(weight.split(group_size, 1), rounded.split(group_size, 1), strict=True)
    for old, new in parts:
        step, _ = minmax_grid(old, bits)
        assert ((old - new).abs() <= step / 2 * 1.001).all()
        assert all(len(row.unique()) <= 2**bits for row in new)


def test_agrees_with_pytorch_per_group():
    """The oracle is PyTorch's own fake quantization with step and zero of every row."""
    weight = torch.randn(6, 32, generator=torch.Generator().manual_seed(1))
    step, zero = minmax_grid(weight, 4)
    oracle = torch.fake_quantize_per_channel_affine(
        weight, step.flatten(), zero.flatten().int(), 0, -8, 7
    )
    assert torch.allclose(round_to_nearest(weight, 4, 32), oracle, atol=1e-6)


def test_what_lies_beyond_the_grid_is_cut():
    step, zero = minmax_grid(torch.tensor([[0.0, 15.0]]), 4)
    assert to_grid(torch.tensor([[99.0, -99.0]]), step, zero, 4).tolist() == [[15.0, 0.0]]


def test_loss_is_the_share_of_the_output():
    """Against the outputs themselves, without the Hessian."""
    torch.manual_seed(0)
    x, weight = torch.randn(50, 12), torch.randn(4, 12)
    rounded = round_to_nearest(weight, 3, 12)
    share = (x @ (rounded - weight).T).square().sum() / (x @ weight.T).square().sum()
    assert output_loss(weight, rounded, x.T @ x) == pytest.approx(float(share), rel=1e-4)


def test_no_group_is_refused():
    with pytest.raises(ValueError, match="at least 1 weight, got 0"):
        round_to_nearest(torch.ones(2, 4), 4, 0)
    with pytest.raises(ValueError, match="not empty"):
        round_to_nearest(torch.ones(2, 0), 4, 2)
    with pytest.raises(ValueError, match="finite"):
        round_to_nearest(torch.full((2, 4), torch.nan), 4, 2)
