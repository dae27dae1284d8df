"""Pictures with a text: a file as it is, and a chart that a lesson draws with matplotlib, as a notebook can keep it: the same
bytes on every run, light and dark, with its data as a table."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .markup import Figure, Picture
from .receipt import table
from .svg import BLUE, COLOURS, GREY, INK, ORANGE, PAPER, RED

if TYPE_CHECKING:
    import matplotlib.figure

SETTINGS = {"svg.hashsalt": "course", "svg.fonttype": "none"}
"""Names of clip paths are not drawn by chance, and text stays text."""
SHADES = {
    "#000000": INK, "#ffffff": PAPER, "#1f77b4": BLUE, "#ff7f0e": ORANGE, "#d62728": RED, "#b0b0b0": GREY, "#808080": GREY,
}  # fmt: skip
"""matplotlib's own colours (black, white, C0, C1, C3, its grid, "grey"), and the one of the palette for each."""
TEXT = f"text {{ fill: {INK} }}"
"""Text without a colour of its own is black in matplotlib's file."""
KINDS = {
    "image/png": rb"\x89PNG",
    "image/jpeg": rb"\xff\xd8\xff",
    "image/gif": rb"GIF8",
    "image/webp": rb"RIFF....WEBP",
}
"""How the files of each kind begin."""
HEAD = re.compile(r"^.*?(?=<svg )", re.S)
FONTS = re.compile(r"font-family: [^;\"]*")
METADATA = re.compile(r"\s*<metadata>.*?</metadata>", re.S)


def chart(figure: matplotlib.figure.Figure, description: str, rows: Iterable[Mapping[str, Any]]) -> Figure:
    """Show a matplotlib figure. `description`: what is to be seen, for those who cannot see it. `rows`: the same as a table.

    The figure is closed, or the notebook would show it a second time.
    """
    import matplotlib as mpl
    from matplotlib import pyplot

    with mpl.rc_context(SETTINGS), io.StringIO() as file:
        figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None}, bbox_inches="tight")
        svg = file.getvalue()
    pyplot.close(figure)
    return Figure(_recoloured(svg, description), description, table(rows))


def picture(source: bytes | str | Path, description: str, width: int | None = None) -> Picture:
    """Show a PNG, JPEG, GIF or WebP picture. `source`: its bytes, or its file. `description`: what is to be seen, for those
    who cannot see it. `width`: pixels on the page. Raises `ValueError` for what is no such picture."""
    data = source if isinstance(source, bytes) else Path(source).read_bytes()
    for kind, begins in KINDS.items():
        if re.match(begins, data, re.S):
            return Picture(data, kind, description, width)
    raise ValueError(f"picture takes a PNG, JPEG, GIF or WebP picture, and this begins with {data[:8]!r}.")


def _recoloured(svg: str, description: str) -> str:
    """The SVG alone, with our palette in place of matplotlib's colours, our font, and its description as its title."""
    svg = METADATA.sub("", HEAD.sub("", svg))
    svg = FONTS.sub("font-family: system-ui, sans-serif", svg)
    for colour, ours in SHADES.items():
        svg = svg.replace(colour, ours)
    head, rest = svg.split(">", 1)
    return f'{head} role="img"><title>{escape(description)}</title>{COLOURS}<style>{TEXT}</style>{rest}'
