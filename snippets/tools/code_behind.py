"""The text of all code that a result depends on, to be part of the name under which it is kept.

Source: Python documentation, https://docs.python.org/3/library/inspect.html
"""

import inspect
import re
from collections.abc import Callable


def code_behind(*starts: Callable) -> str:
    """Join the sources of functions, and of all that is ours and named in them, however deep."""
    found: dict[Callable, str] = {}
    waiting = list(starts)
    while waiting:
        some = inspect.unwrap(waiting.pop())
        if some in found or not some.__module__.startswith((__name__, "snippets.")):
            continue
        parts = vars(some).values() if inspect.isclass(some) else [some]
        inside = [inspect.unwrap(part) for part in parts if inspect.isfunction(part)]
        known = inside[0].__globals__ if inside else {}
        source = inspect.getsource(some)
        named = [known[word] for word in sorted(set(re.findall(r"\w+", source))) if word in known]
        found[some] = source + repr([v for v in named if isinstance(v, int | float | tuple | dict)])
        waiting += [v for v in named if inspect.isfunction(v) or inspect.isclass(v)]
    return "".join(found.values())


if __name__ == "__main__":
    RATE = 0.25

    def tax(price: float) -> float:
        """Change RATE, and what was kept of a bill is no longer of use."""
        return RATE * price

    def bill(prices: list[float]) -> float:
        """Add it up."""
        return sum(price + tax(price) for price in prices)

    code = code_behind(bill)
    depends = {name: name in code for name in ("def bill", "def tax", "0.25", "def sum")}
    for name, there in depends.items():
        print(f"{name!r} is part of it: {there}")
