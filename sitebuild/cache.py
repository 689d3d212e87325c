"""Keep the results of programs, so that only what changed runs again.

A result is looked up by a key of everything that could change it. An entry that is damaged in any
way counts as missing; a folder that cannot be written costs time, never a wrong page.
"""

import hashlib
import json
import os
import platform
import sys
import tempfile
import warnings
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

KEPT = 6  # entries a name: enough to change branches without running all again


def device_kind() -> str:
    """Name the kind of device, cheaply: without importing torch."""
    if Path("/dev/nvidia0").exists() and os.environ.get("CUDA_VISIBLE_DEVICES") != "":
        return "cuda"
    return "mps" if (sys.platform, platform.machine()) == ("darwin", "arm64") else "cpu"


def key_of(text: str, needs: dict[str, str]) -> str:
    """Hash all that a result depends on: program, package versions, Python, device, this code."""
    parts = [text, sorted(needs.items()), sys.version_info[:2], device_kind(), sys.platform, _own()]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


@cache
def _own() -> list[str]:
    """Read the code that shapes every result; `serve` does not reload it either."""
    here = Path(__file__).parent
    return [(here / name).read_text("utf-8") for name in ("worker.py", "figures.py")]


class Cache:
    """A folder of results, each in a file that carries its own checksum."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.memory: dict[Path, dict[str, Any]] = {}  # what this process has already seen

    def get(self, name: str, key: str) -> dict[str, Any] | None:
        """Give back a result, or None if there is no sound one."""
        path = self._path(name, key)
        if path not in self.memory and (result := _read(path)):
            self.memory[path] = result
        return self.memory.get(path)

    def put(self, name: str, key: str, result: dict[str, Any]) -> None:
        """Keep a result: in one piece or not at all."""
        self.memory[self._path(name, key)] = result
        if _write(self._path(name, key), result, f"the result of {name}"):
            for path in sorted(self.folder.glob(f"{name}-*.json"), key=_age)[KEPT:]:
                path.unlink(missing_ok=True)

    def seconds(self, name: str) -> float:
        """Say how long a snippet took when it last ran; unknown ones count as long."""
        newest = sorted(self.folder.glob(f"{name}-*.json"), key=_age)[:1]
        result = _read(newest[0]) if newest else None
        return float(result["seconds"]) if result else 1e9

    def _path(self, name: str, key: str) -> Path:
        return self.folder / f"{name}-{key[:32]}.json"


class Memo:
    """Texts that are slow to make, kept in one file from build to build."""

    def __init__(self, path: Path):
        self.path = path
        self.old = _read(path) or {}
        self.used: dict[str, str] = {}

    def get(self, given: str, make: Callable[[], str]) -> str:
        """Give back what was made of the same given text, or make it."""
        key = hashlib.sha256(given.encode()).hexdigest()
        if key not in self.used:
            self.used[key] = self.old.get(key) or make()
        return self.used[key]

    def save(self) -> None:
        """Keep what this build used, and forget the rest."""
        if self.used.keys() != self.old.keys():
            _write(self.path, self.used, "highlighted code")
            self.old = dict(self.used)


def _write(path: Path, content: dict[str, Any], what: str) -> bool:
    """Write a file that carries its checksum, in one piece; a failure costs time, not the page."""
    body = json.dumps(content)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".part")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(f"{hashlib.sha256(body.encode()).hexdigest()}\n{body}")
            os.replace(temporary, path)
        except OSError:
            os.unlink(temporary)
            raise
    except OSError as error:
        warnings.warn(
            f"{what[0].upper()}{what[1:]} could not be kept in {path.parent} ({error.strerror}); "
            "the page is right, but the next build makes it again.",
            stacklevel=3,
        )
        return False
    return True


def _read(path: Path) -> dict[str, Any] | None:
    try:
        checksum, body = path.read_text("utf-8").split("\n", 1)
        sound = checksum == hashlib.sha256(body.encode()).hexdigest()
        return dict(json.loads(body)) if sound else None
    except (OSError, ValueError):
        return None


def _age(path: Path) -> float:
    try:
        return -path.stat().st_mtime
    except OSError:
        return 0.0
