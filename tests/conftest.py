"""Fixtures that every test may use."""

import os

import pytest
import torch

# Test processes share the cores: threads that wait for each other's turn would slow all down.
PROCESSES = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
torch.set_num_threads(max(1, torch.get_num_threads() // PROCESSES))


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
