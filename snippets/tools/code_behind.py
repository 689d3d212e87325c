"""The text of all code that a result depends on, to be part of the name under which it is kept.

Source: Python documentation, https://docs.python.org/3/library/symtable.html (the compiler says
which names of a text are global, so that an equal word in a comment or a loop does not count)
"""

import inspect
import symtable
from collections.abc import Callable
from textwrap import dedent


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
        names = global_names(symtable.symtable(dedent(source), "code", "exec"))
        named = [inspect.unwrap(known[name]) for name in sorted(names) if name in known]
        constants = [v for v in named if isinstance(v, int | float | str | tuple | dict)]
        found[some] = source + repr(constants)
        waiting += [v for v in named if inspect.isfunction(v) or inspect.isclass(v)]
    return "".join(found.values())


def global_names(table: symtable.SymbolTable) -> set[str]:
    """List the names of a text, and of all functions inside it, that are looked up outside it."""
    symbols = table.get_symbols()
    here = {s.get_name() for s in symbols if s.is_global() and s.is_referenced()}
    return here.union(*(global_names(inner) for inner in table.get_children()))


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
