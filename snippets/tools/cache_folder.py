"""One folder for what is costly to make and can be made again: converted and trained models.

Source: XDG Base Directory Specification 0.8, https://specifications.freedesktop.org/basedir/
"""

import os
import sys
from pathlib import Path


def cache_folder() -> Path:
    """Find this book's folder for such files, and make it if it is not there.

    It lies in $XDG_CACHE_HOME (%LOCALAPPDATA% on Windows), or else in .cache at home. Whatever is
    in it can be deleted at any time; the names of its files say what they were made from.

    Raises:
        OSError: If it cannot be made or written to, with what to do about it.
    """
    variable = "LOCALAPPDATA" if sys.platform == "win32" else "XDG_CACHE_HOME"
    place = Path(os.environ.get(variable, ""))
    place = place if place.is_absolute() else Path.home() / ".cache"  # as the standard demands
    folder = place / "dummies-guide-to-llms"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        reason = "" if os.access(folder, os.W_OK) else "it may not be written to"
    except OSError as error:
        reason = error.strerror or str(error)
    if reason:
        raise OSError(f"no use of {folder}: {reason}; set {variable} to a folder that you may use")
    return folder


if __name__ == "__main__":
    name = cache_folder().name
    print(f"kept in a folder called {name}")
