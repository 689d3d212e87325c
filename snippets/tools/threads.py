"""Let PyTorch compute with so many threads for a while: another number adds up in another order.

Source: PyTorch, https://docs.pytorch.org/docs/stable/generated/torch.set_num_threads.html
"""

from collections.abc import Iterator
from contextlib import contextmanager

import torch


@contextmanager
def with_threads(count: int) -> Iterator[None]:
    """Use `count` threads inside a `with` block, and afterwards as many as before.

    Raises:
        ValueError: If count is below 1.
    """
    if count < 1:
        raise ValueError(f"wanted at least 1 thread, got {count}")
    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)


if __name__ == "__main__":
    before = torch.get_num_threads()
    with with_threads(1):
        inside = torch.get_num_threads()
    print(f"inside {inside}, afterwards as before: {torch.get_num_threads() == before}")
