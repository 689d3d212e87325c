"""Fixtures that every test may use."""

import pytest
import torch


@pytest.fixture(params=["cpu", "accelerator"])
def device(request):
    """Run the test on the CPU and, where there is one, on CUDA or MPS."""
    if request.param == "cpu":
        return torch.device("cpu")
    if torch.cuda.is_available():
        return torch.device("cuda")
    if torch.backends.mps.is_available():
        return torch.device("mps")
    pytest.skip("no accelerator")


@pytest.fixture(autouse=True)
def _seed():
    """Make every test repeat."""
    torch.manual_seed(0)
