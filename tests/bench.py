"""How fast the book builds, against other ways to run the same snippets: `make bench`.

Measures this machine; run it when nothing else does.
"""

import resource
import shutil
import subprocess
import sys
import tempfile
import textwrap
import time
from pathlib import Path

import yaml

COUNT = 20
SNIPPET = '''
"""Bench {n}: a small attention-like computation."""

import torch


def weights_{n}(size):
    """Give rows that sum to one."""
    scores = torch.randn(size, size, generator=torch.Generator().manual_seed({n}))
    return scores.softmax(-1)


if __name__ == "__main__":
    mean = round(weights_{n}(64).max(-1).values.mean().item(), 4)
    print("mean of the largest weight:", mean)
'''
FIGURE = """
    import matplotlib.pyplot as plt

    figure, ax = plt.subplots()
    ax.plot(weights_{n}(64)[0])
    ax.set_title("Bench {n}")
    plt.show()
"""


def snippets(folder):
    """Write the snippets, every second one with a figure; give their paths."""
    paths = []
    for n in range(COUNT):
        text = SNIPPET.format(n=n) + (FIGURE.format(n=n) if n % 2 else "")
        path = folder / "snippets" / "bench" / f"b{n}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.lstrip("\n"))
        paths.append(path)
    return paths


def clock(command, folder):
    """Run a command, give its seconds."""
    started = time.perf_counter()
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return time.perf_counter() - started


def by_sitebuild(folder):
    """(a) One warm worker, everything cold: start of the command included."""
    snippets(folder)
    return clock([sys.executable, "-m", "sitebuild", "run"], folder)


def by_mkdocs_jupyter(folder):
    """(b) The same as notebooks, executed by mkdocs-jupyter."""
    docs = folder / "docs"
    docs.mkdir()
    (docs / "index.md").write_text("# Bench\n")
    for path in snippets(folder):
        body = path.read_text().replace('if __name__ == "__main__":\n', "\n# %%\n")
        head, demo = body.split("\n# %%\n")
        cells = f"# %%\n{head}\n# %%\n{textwrap.dedent(demo)}"
        (docs / path.name).write_text(cells)
    config = {
        "site_name": "Bench",
        "plugins": [{"mkdocs-jupyter": {"execute": True, "include": ["*.py"], "cache": False}}],
    }
    (folder / "mkdocs.yml").write_text(yaml.safe_dump(config))
    return clock([sys.executable, "-m", "mkdocs", "build"], folder)


def by_interpreters(folder):
    """(c) One fresh interpreter each, one after the other."""
    command = [sys.executable, "-W", "ignore"]
    return sum(clock([*command, str(path)], folder) for path in snippets(folder))


class Loader(yaml.SafeLoader):
    """Read mkdocs.yml without its tags."""


Loader.add_multi_constructor("!", lambda loader, suffix, node: "")


def warm_and_plain(rounds=3):
    """Build the real book warm, and the same pages with our extension and hooks off."""
    config = yaml.load(Path("mkdocs.yml").read_text("utf-8"), Loader)
    config["hooks"], config["watch"] = [], []
    config["markdown_extensions"].remove("sitebuild")
    config["docs_dir"] = str(Path("docs").absolute())
    lab = Path(".cache/sitebuild/pages/labs")  # what mkdocs-jupyter shows: executed already
    with tempfile.TemporaryDirectory() as place:
        docs = Path(place, "docs")
        shutil.copytree("docs", docs)
        for path in docs.glob("labs/*.py"):
            shutil.copyfile(lab / f"{path.stem}.ipynb", path.with_suffix(".ipynb"))
            path.unlink()
        config["docs_dir"], config["site_dir"] = str(docs), str(Path(place, "site"))
        Path(place, "mkdocs.yml").write_text(yaml.safe_dump(config))
        build = [sys.executable, "-m", "mkdocs", "build"]
        ours = [*build, "--strict", "--site-dir", str(Path(place, "ours"))]
        clock(ours, ".")
        warm = min(clock(ours, ".") for _ in range(rounds))
        plain = [*build, "--config-file", str(Path(place, "mkdocs.yml"))]
        return warm, min(clock(plain, ".") for _ in range(rounds))


def main():
    """Print a table of seconds, ratios and aims."""
    seconds, peak = {}, 0.0
    for name, way in (("a", by_sitebuild), ("b", by_mkdocs_jupyter), ("c", by_interpreters)):
        with tempfile.TemporaryDirectory() as folder:
            seconds[name] = way(Path(folder))
        if name == "a":
            used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
            peak = used * (1 if sys.platform == "darwin" else 1024) / 1e9
    warm, plain = warm_and_plain()
    print(f"{COUNT} snippets, cold")
    print(f"  (a) sitebuild                    {seconds['a']:6.1f} s")
    print(f"  (b) mkdocs-jupyter               {seconds['b']:6.1f} s")
    print(f"  (c) one interpreter each         {seconds['c']:6.1f} s")
    print(f"  (b) / (a) = {seconds['b'] / seconds['a']:.1f}   aim: 5 or more")
    print(f"  (c) / (a) = {seconds['c'] / seconds['a']:.1f}   aim: 8 or more")
    print(
        f"the book, warm {warm:.2f} s; plain MkDocs {plain:.2f} s; {warm / plain:.2f}   aim: 1.25"
    )
    print(f"largest process of the runner {peak:.2f} GB   aim: 2 or less")


if __name__ == "__main__":
    main()
