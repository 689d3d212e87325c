"""One place that chooses where tensors live, and says why."""

import torch


def best_device() -> tuple[torch.device, str]:
    """Pick the fastest device that PyTorch can use here, with the reason in words.

    Returns:
        The device (cuda before mps before cpu) and one sentence for the log.
    """
    if torch.cuda.is_available():
        return torch.device("cuda"), f"CUDA sees {torch.cuda.get_device_name()}"
    if torch.backends.mps.is_available():
        return torch.device("mps"), "Metal (MPS) is available"
    return torch.device("cpu"), "neither CUDA nor Metal was found"


if __name__ == "__main__":
    device, reason = best_device()
    kind = device.type
    print(f"tensors go to the {kind}, because {reason}")
