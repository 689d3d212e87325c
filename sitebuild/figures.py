"""Turn open Matplotlib figures into inline SVG that follows the theme and repeats to the byte.

Text and axes become `currentColor`, series colours become CSS variables, so that one picture
serves light and dark; ids carry the snippet's name, so that two pictures can share a page.
"""

import io
import re
from typing import Any

from sitebuild.errors import BookError

# Okabe and Ito's palette, told apart by colour-blind readers; the theme has a variant for each.
SERIES = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"]
INK = "#010203"  # a colour that no snippet uses by chance; becomes currentColor
PLACES = ("left", "center", "right")  # where an axes can have a title
LARGEST = 400_000  # characters of one SVG
STYLE: dict[Any, Any] = {
    "figure.figsize": (6.4, 3.4),
    "figure.facecolor": "none",
    "figure.constrained_layout.use": True,
    "savefig.facecolor": "none",
    "svg.fonttype": "none",
    "axes.facecolor": "none",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 12,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelsize": 10.5,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "patch.edgecolor": INK,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "legend.frameon": False,
    "lines.linewidth": 2.2,
    "font.size": 10.5,
}


def apply_style() -> None:
    """Set the book's look for every figure that follows."""
    import matplotlib
    from cycler import cycler

    matplotlib.use("svg")
    matplotlib.rcdefaults()
    matplotlib.rcParams.update(STYLE)
    matplotlib.rcParams["axes.prop_cycle"] = cycler(color=SERIES)


def take_figures(slug: str) -> list[dict[str, str]]:
    """Render every open figure, in the order of creation.

    Returns:
        For each figure its title and its SVG.

    Raises:
        BookError: If a figure has no title, embeds a bitmap or is too large for a page.
    """
    import matplotlib.pyplot as plt

    return [
        _render(plt.figure(number), f"{slug.replace('.', '-').replace('_', '-')}-{index}")
        for index, number in enumerate(plt.get_fignums(), 1)
    ]


def _render(figure: Any, prefix: str) -> dict[str, str]:
    import matplotlib

    titles = [figure.get_suptitle()] + [ax.get_title(loc=p) for ax in figure.axes for p in PLACES]
    title = next((t for t in titles if t), "")
    if not title:
        raise BookError(f"figure {prefix} has no title: call ax.set_title(...)")
    matplotlib.rcParams["svg.hashsalt"] = prefix
    out = io.StringIO()
    figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    return {"title": title, "svg": _tidy(out.getvalue(), prefix)}


def _tidy(svg: str, prefix: str) -> str:
    """Cut what a page has no use for, and hand colours and ids over to the page."""
    svg = svg[svg.index("<svg") :]
    if "<image" in svg:
        raise BookError(f"figure {prefix} embeds a bitmap, which no theme can recolour: pcolormesh")
    if len(svg) > LARGEST:
        raise BookError(f"figure {prefix} takes {len(svg):,} characters of {LARGEST:,} at most")
    svg = re.sub(r"\s*<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r'(<svg[^>]*?) width="([\d.]+)pt"', r'\1 style="--natural: \2pt"', svg, count=1)
    svg = re.sub(r'(<svg[^>]*?) height="[\d.]+pt"', r"\1", svg, count=1)
    svg = re.sub(r' (id="|xlink:href="#|href="#)', rf" \g<1>{prefix}-", svg)
    svg = svg.replace("url(#", f"url(#{prefix}-").replace(INK, "currentColor")
    for number, colour in enumerate(SERIES):
        svg = svg.replace(colour, f"var(--series-{number})")
    svg = re.sub(r"font-family: [^;\"]*;?\s*", "", svg)  # the page's own font
    return re.sub(r"\n\s*", "\n", svg).strip()
