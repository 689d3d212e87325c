"""Check the shape comments of a function while it runs.

A line such as `scores = q @ k.mT  # (B, H, T, S)` claims a shape. `check_shapes` traces one call
and compares every claim with the tensor that the line assigned: a letter must mean the same size
throughout the call, a number must be that number, and `...` stands for any leading axes.
"""

import ast
import inspect
import re
import sys
import textwrap

CLAIM = re.compile(r"#\s*\(([^()]*)\)")


def _claims(function):
    """Map every line of a claiming assignment to (variable, claimed axes)."""
    lines, first = inspect.getsourcelines(function)
    tree = ast.parse(textwrap.dedent("".join(lines)))
    claims = {}
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)):
            continue
        above = lines[node.lineno - 2].strip() if node.lineno > 1 else ""
        spot = CLAIM.search(lines[node.end_lineno - 1]) or (
            above.startswith("#") and CLAIM.search(above)
        )
        if spot:
            axes = [axis.strip() for axis in spot[1].split(",") if axis.strip()]
            claim = (node.targets[0].id, axes)
            claims |= {first + n - 1: claim for n in range(node.lineno, node.end_lineno + 1)}
    return claims


def _compare(name, claimed, shape, sizes):
    """Bind letters to sizes; complain if a claim does not fit."""
    if claimed and claimed[0] == "...":
        claimed, shape = claimed[1:], shape[len(shape) - len(claimed) + 1 :]
    said = f"{name} is said to be ({', '.join(claimed)}) but is {tuple(shape)}; known: {sizes}"
    assert len(claimed) == len(shape), said
    for axis, size in zip(claimed, shape, strict=True):
        if axis.isdigit():
            assert int(axis) == size, said
        elif axis.isidentifier():
            assert sizes.setdefault(axis, size) == size, said


def check_shapes(function, *args, **kwargs):
    """Call `function`, assert its shape comments; return (its result, how many were checked)."""
    function = inspect.unwrap(function)
    claims, sizes, checked = _claims(function), {}, set()
    code, running = function.__code__, None

    def trace(frame, event, arg):
        nonlocal running
        if frame.f_code is not code:
            return None
        if event in ("line", "return"):
            upcoming = claims.get(frame.f_lineno) if event == "line" else None
            if running and upcoming is not running:  # the assignment is complete
                name, claimed = running
                value = frame.f_locals.get(name)
                if hasattr(value, "shape"):
                    _compare(name, claimed, tuple(value.shape), sizes)
                    checked.add(name + str(claimed))
            running = upcoming
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        result = function(*args, **kwargs)
    finally:
        sys.settrace(before)
    assert checked, f"{function.__qualname__} has no shape comment that could be checked"
    return result, len(checked)
