"""The book under MkDocs itself: builds that must fail, and a server that must not."""

import contextlib
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

ADAPTER = Path(__file__).parents[2] / "sitebuild" / "adapter.py"
CONFIG = f"""
site_name: Small
hooks: [{ADAPTER}]
watch: [snippets]
plugins: []
markdown_extensions:
  - sitebuild
"""
LEAF = "VALUE = 41\n\n\ndef value():\n    return VALUE\n"
TOP = (
    "from snippets.part.leaf import value\n\nif __name__ == '__main__':\n"
    "    answer = value()\n    print(answer)\n"
)
PAGE = """
---
title: A page
---

# Title

The answer is `#!val part.top.answer`.

/// snippet | part.top
    show: demo
///
"""


@pytest.fixture
def small(project):
    project.write("mkdocs.yml", CONFIG)
    project.snippet("part.leaf", LEAF)
    project.snippet("part.top", TOP)
    project.snippet("part.other", "if __name__ == '__main__':\n    print('other')\n")
    project.write("docs/index.md", PAGE)
    return project


def build(*options):
    command = [sys.executable, "-m", "mkdocs", "build", *options]
    env = os.environ | {"SOURCE_DATE_EPOCH": "1800000000"}
    return subprocess.run(command, capture_output=True, text=True, timeout=120, env=env)


def test_a_build_shows_the_value_publishes_the_program_and_repeats_to_the_byte(small):
    done = build("--strict")
    assert done.returncode == 0, done.stderr
    page = (small.root / "site/index.html").read_text()
    assert ">41</span>" in page
    assert (small.root / "site/code/part/top.txt").read_text() == "41\n"
    first = _files(small.root / "site")
    assert build("--strict").returncode == 0
    assert _files(small.root / "site") == first
    subprocess.run([sys.executable, "-m", "sitebuild", "clean"], check=True)
    assert build("--strict").returncode == 0
    assert _files(small.root / "site") == first, "cold and warm differ"


def _files(folder):
    return {
        path.relative_to(folder): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "sitemap" not in path.name
    }


def test_links_under_a_block_lead_to_what_is_published(small):
    small.write("docs/part/deep.md", PAGE)
    small.write("tests/part/test_top.py", "# a test\n")
    small.write("docs/reference/part.md", "# Part\n")
    assert build().returncode == 0
    for page in ("index.html", "part/deep/index.html"):
        place = small.root / "site" / page
        links = re.findall(r'href="([^"]*(?:code|reference)/part/[^"#]*)', place.read_text())
        assert len(links) >= 3
        for link in links:
            assert (place.parent / link).exists(), f"{page}: {link}"


@pytest.mark.parametrize("strict", [["--strict"], []])
def test_all_mistakes_of_a_book_end_the_build_with_page_and_line(small, strict):
    small.snippet(
        "part.bad", "def f():\n    return 1 / 0\n\n\nif __name__ == '__main__':\n    f()\n"
    )
    small.write("docs/index.md", PAGE + "\n`#!val part.top.gone`\n\n/// snipet | part.top\n///\n")
    small.write("docs/three.md", "---\ntitle: It is `#!val part.top.answer`\n---\n# Three\n")
    small.write("docs/two.md", "# Two\n\n/// snippet | part.bad\n    show: demo\n///\n")
    done = build(*strict)
    assert done.returncode != 0
    assert "docs/index.md:13: snippet part.top leaves no value 'gone'" in done.stderr
    assert "docs/index.md:15: '/// snipet | part.top' was left" in done.stderr
    assert "docs/two.md:3: snippets/part/bad.py:2: ZeroDivisionError" in done.stderr
    assert "docs/three.md:2: a value cannot stand in the front matter" in done.stderr
    assert not (small.root / "site/index.html").exists()


def test_a_build_may_be_started_from_another_folder(small, monkeypatch, tmp_path_factory):
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    done = build("--strict", "--config-file", str(small.root / "mkdocs.yml"))
    assert done.returncode == 0, done.stderr
    assert (small.root / "site/code/part/top.txt").read_text() == "41\n"


def test_serving_follows_a_leaf_shows_tracebacks_and_goes_on(small):
    port = _free_port()
    command = [sys.executable, "-m", "mkdocs", "serve", "--livereload", "-a", f"127.0.0.1:{port}"]
    log = (small.root / "serve.log").open("w")
    with subprocess.Popen(command, stderr=log, stdout=log, env=os.environ) as server:
        try:
            _wait_for(port, ">41</span>", "snippet-output")
            kept = {p.name: p.stat().st_mtime_ns for p in Path(".cache").rglob("*.json")}
            small.snippet("part.leaf", LEAF.replace("41", "42"))
            _wait_for(port, ">42</span>")
            fresh = [p for p in Path(".cache").rglob("*.json") if p.name not in kept]
            assert sorted(p.name.split("-")[0] for p in fresh) == ["part.leaf", "part.top"]
            small.snippet("part.leaf", LEAF.replace("return VALUE", "return VALUE / 0"))
            page = _wait_for(port, "ZeroDivisionError")
            assert "snippets/part/leaf.py&quot;, line 5" in page
            small.snippet("part.leaf", LEAF.replace("41", "43"))
            page = _wait_for(port, ">43</span>")
            assert "ZeroDivisionError" not in page
        finally:
            server.terminate()
    log.close()


def _free_port():
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(port, *texts, seconds=40):
    end, page = time.monotonic() + seconds, ""
    while time.monotonic() < end:
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            page = urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30).read().decode()
            if all(text in page for text in texts):
                return page
        time.sleep(0.2)
    raise AssertionError(f"{texts} did not appear; the page reads:\n{page[-3000:]}")
