import torch

from snippets.tools.device import best_device


def test_the_device_works_and_comes_with_a_reason():
    device, reason = best_device()
    assert torch.ones(2, device=device).sum().item() == 2
    assert reason


def test_an_accelerator_is_taken_where_there_is_one(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda: "a card")
    assert best_device() == (torch.device("cuda"), "CUDA sees a card")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    assert best_device()[0] == torch.device("mps")
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    assert best_device()[0] == torch.device("cpu")
