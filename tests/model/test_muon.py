import pytest
import torch

from snippets.model.muon import Muon, orthogonalize
from tests.shapes import check_shapes


def test_it_is_pytorchs_muon_but_for_rounding(device):
    """Five steps on two matrices of one shape and one of another."""
    torch.manual_seed(0)
    starts = [torch.randn(7, 11), torch.randn(7, 11), torch.randn(13, 5)]
    ours = [w.clone().to(device).requires_grad_() for w in starts]
    theirs = [w.clone().to(device).requires_grad_() for w in starts]
    pair = (Muon(ours, 0.02), torch.optim.Muon(theirs, 0.02, weight_decay=0.0))
    for _ in range(5):
        for weights, optimizer in zip((ours, theirs), pair, strict=True):
            optimizer.zero_grad()
            sum((w**2).sum() + w.sin().sum() for w in weights).backward()
            optimizer.step()
    for start, mine, other in zip(starts, ours, theirs, strict=True):
        moved = (other.detach().cpu() - start).norm()
        assert (mine - other).norm() < 0.03 * moved  # bfloat16 keeps 8 bits


def test_all_directions_come_out_about_equally_strong():
    for shape in ((17, 17), (3, 13, 29), (29, 13)):
        matrices = torch.randn(shape)
        values = torch.linalg.svdvals(orthogonalize(matrices))
        assert values.max() < 1.25
        assert values.median() > 0.6


def test_directions_stay_as_they_are():
    u, _, v = torch.linalg.svd(torch.randn(11, 11))
    strengths = torch.linspace(0.3, 3.0, 11)
    after = u.mT @ orthogonalize(u @ strengths.diag() @ v) @ v.mT
    assert (after - after.diagonal().diag()).abs().max() < 1e-4


def test_shapes_are_as_the_comments_say(device):
    check_shapes(orthogonalize, torch.randn(3, 5, 7, device=device))


def test_a_vector_is_refused():
    with pytest.raises(ValueError, match=r"wanted matrices only, got \[\(3, 2\), \(5,\)\]"):
        Muon([torch.ones(3, 2), torch.ones(5)])
