"""Two tools for an agent: a calculator that can do nothing but calculate, and a search.

Sources: Python's `ast`, https://docs.python.org/3/library/ast.html; BM25 as in retrieval/bm25.py
"""

import ast
import operator

from snippets.retrieval.bm25 import BM25

MENU = ("calculator", "search", "delete", "answer")  # what the model is offered
LARGEST_POWER = 1000
SHELF = (
    "The Eiffel Tower stands in Paris and is 330 metres high.",
    "Big Ben is the bell of a clock tower in London.",
    "The Mona Lisa was painted by Leonardo da Vinci.",
    "A violin has 4 strings.",
    "A tricycle has 3 wheels.",
    "The blue whale is the largest animal that has ever lived.",
    "Penguins live in the southern half of the Earth.",
    "Coffee came to Europe from Ethiopia, by way of Yemen.",
)
_OPERATIONS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
}


def calculate(text: str) -> str:
    """Work out a sum such as "37 * 48"; nothing in it is ever run as a program.

    Raises:
        ValueError: If it holds anything but numbers, brackets and + - * / // % **, cannot be worked
            out, or would grow without end.
    """
    try:
        return f"{_value(ast.parse(text.strip(), mode='eval').body):.12g}"
    except (SyntaxError, ArithmeticError, MemoryError, RecursionError, TypeError) as error:
        raise ValueError(f"cannot work out {text[:40]!r}: {error}") from None


def _value(node: ast.expr) -> float:
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return node.value
    if isinstance(node, ast.UnaryOp) and type(node.op) in _OPERATIONS:
        return _OPERATIONS[type(node.op)](_value(node.operand))
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATIONS:
        left, right = _value(node.left), _value(node.right)
        if isinstance(node.op, ast.Pow) and max(abs(left), abs(right)) > LARGEST_POWER:
            raise ValueError(f"wanted powers of numbers up to {LARGEST_POWER}, got more")
        return _OPERATIONS[type(node.op)](left, right)
    raise ValueError(f"wanted numbers and + - * / // % **, got {ast.unparse(node)[:40]!r}")


def search_for(text: str, documents: tuple[str, ...] = SHELF) -> str:
    """Give the text that shares the most telling words with the query, or say there is none."""
    scores = BM25(list(documents)).scores(text)
    return documents[int(scores.argmax())] if scores.max(initial=0) > 0 else "nothing found"


if __name__ == "__main__":
    sums = {text: calculate(text) for text in ("37 * 48", "(1 + 2) ** 10 / 3")}
    print(sums)
    refusals = {}
    for trick in ("__import__('os').remove('notes.txt')", "9 ** 9 ** 9", "1 / 0", "fourteen"):
        try:
            calculate(trick)
        except ValueError as error:
            refusals[trick] = str(error)
            print(f"{trick}\n    {error}")
    found = search_for("Eiffel Tower")
    print(found, search_for("volcano"), sep="\n")
