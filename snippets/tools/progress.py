"""Show how far a long computation is.

Source: tqdm, https://tqdm.github.io
"""

from collections.abc import Iterable

from tqdm import tqdm


def progress(steps: Iterable, what: str) -> Iterable:
    """Draw a bar on a terminal while the steps go by; elsewhere, say nothing."""
    return tqdm(steps, desc=what, leave=False, disable=None)


if __name__ == "__main__":
    total = sum(progress(range(1, 101), "adding"))
    print(f"1 + 2 + ... + 100 = {total}")
