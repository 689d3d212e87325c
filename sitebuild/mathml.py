"""Turn TeX into MathML when the book is built, and refuse what did not come through whole."""

import re
from xml.etree import ElementTree

from latex2mathml.converter import convert

from sitebuild.errors import BookError

PARTS = {"mfrac": 2, "msub": 2, "msup": 2, "msubsup": 3, "munder": 2, "mover": 2, "munderover": 3}


def to_mathml(tex: str, display: bool) -> str:
    r"""Convert one formula.

    Raises:
        BookError: If a command is unknown, an argument is missing or the braces do not match.
    """
    if "#!val" in tex:
        raise BookError("a value cannot stand inside mathematics; put it into the sentence")
    depth = 0
    for brace in re.findall(r"(?<!\\)[{}]", tex):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            break
    if depth:
        raise BookError(f"the braces of ${tex}$ do not match")
    try:
        mathml = convert(tex, display="block" if display else "inline")
        root = ElementTree.fromstring(mathml)
    except Exception as error:
        raise BookError(f"cannot read ${tex}$: {type(error).__name__} {error}") from None
    for node in root.iter():
        kind = node.tag.split("}")[-1]
        if kind in PARTS and len(node) != PARTS[kind]:
            raise BookError(f"${tex}$ lacks an argument (an incomplete {kind})")
        if any(sign in (node.text or "") for sign in "\\&"):
            raise BookError(f"{node.text!r} in ${tex}$ is not known here")
        if kind == "mrow" and not len(node):
            raise BookError(f"${tex}$ lacks an argument")
    return mathml
