"""Tables as accessible HTML in a notebook and as aligned text in a terminal; and figures with the same data as a table."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Collection, Iterable, Sequence
from html import escape
from typing import Any

from ..session import current

FIGURE = re.compile(r"[~$+-]?\$?[\d.,]+( ?(ms|s|%|kB|MB))?")
"""A number, a price or a time, as a table shows it."""
FAINT = ' style="opacity:.75"'


class Table:
    """A caption, a head and rows of text. The first column names the row; a column of figures is right-aligned.

    `faint`: the numbers of rows that do not count; they are greyed beside the words that say so.
    """

    def __init__(
        self,
        head: Sequence[str],
        rows: Sequence[Sequence[Any]],
        caption: str = "",
        notes: Sequence[str] = (),
        faint: Collection[int] = (),
    ) -> None:
        clean = current().scrubber.text
        self.head = [clean(h) for h in head]
        self.rows = [[clean(plain(v)) for v in row] + [""] * (len(head) - len(row)) for row in rows]
        self.caption = clean(caption)
        self.notes = [clean(n) for n in notes]
        self.faint = faint

    def _repr_html_(self) -> str:
        figures = [n > 0 and _are_figures(row[n] for row in self.rows) for n in range(len(self.head))]
        head = "".join(_cell("th", h, right, "col") for h, right in zip(self.head, figures, strict=True))
        body = "".join(
            f"<tr{FAINT if n in self.faint else ''}>{_row(row, figures)}</tr>" for n, row in enumerate(self.rows)
        )
        caption = f'<caption style="text-align:left">{html_text(self.caption)}</caption>' if self.caption else ""
        top = f"<thead><tr>{head}</tr></thead>" if any(self.head) else ""
        notes = "".join(f"<p>{html_text(n)}</p>" for n in self.notes)
        return f"<table>{caption}{top}<tbody>{body}</tbody></table>{notes}"

    def __repr__(self) -> str:
        lines = [self.head, *self.rows] if any(self.head) else self.rows
        widths = [max((len(row[n]) for row in lines if n < len(row)), default=0) for n in range(len(self.head))]
        text = ["  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=False)).rstrip() for row in lines]
        return "\n".join([*([self.caption] if self.caption else []), *text, *self.notes])


class Figure:
    """An SVG picture, shown together with its data as a table, so that nothing is in the picture alone.

    The picture is an <img> in HTML: so it has a text for screen readers, which JupyterLab leaves out for an output that
    is an SVG itself, and it is shown in a notebook that nobody has trusted yet.
    """

    def __init__(self, svg: str, description: str, table: Table) -> None:
        clean = current().scrubber.text
        self.svg, self.description, self.table = clean(svg), clean(description), table

    def _repr_html_(self) -> str:
        source = "data:image/svg+xml;base64," + b64encode(self.svg.encode()).decode()
        picture = f'<img src="{source}" alt="{escape(self.description)}" style="max-width:100%">'
        return f"{picture}<details><summary>The same as a table</summary>{self.table._repr_html_()}</details>"

    def __repr__(self) -> str:
        return repr(self.table)


class Picture:
    """A photograph or drawing from a file, with the text that JupyterLab leaves out for an output that is a picture itself."""

    def __init__(self, data: bytes, kind: str, description: str, width: int | None = None) -> None:
        self.data, self.kind, self.width = data, kind, width
        self.description = current().scrubber.text(description)

    def _repr_html_(self) -> str:
        size = f' width="{self.width}"' if self.width else ""
        source = f"data:{self.kind};base64,{b64encode(self.data).decode()}"
        return f'<img src="{source}" alt="{escape(self.description)}"{size} style="max-width:100%">'

    def __repr__(self) -> str:
        return f"[picture: {self.description}]"


def _row(row: Sequence[str], figures: Sequence[bool]) -> str:
    """The cells of one row; the first names it. `figures`: which columns are right-aligned."""
    first = _cell("th", row[0], False, "row")
    return first + "".join(_cell("td", c, right) for c, right in zip(row[1:], figures[1:], strict=True))


def _cell(kind: str, text: str, right: bool, scope: str = "") -> str:
    """A cell. An empty one heads nothing, whatever its place."""
    kind, scope = (kind, f' scope="{scope}"') if text and scope else ("td", "")
    return f'<{kind}{scope} style="text-align:{"right" if right else "left"}">{html_text(text)}</{kind}>'


def _are_figures(cells: Iterable[str]) -> bool:
    """Whether all of them are numbers, prices or times, or empty, and at least one is not empty."""
    filled = [cell for cell in cells if cell]
    return bool(filled) and all(FIGURE.fullmatch(cell) for cell in filled)


def html_text(text: str) -> str:
    """Escaped text; dollar signs stand alone, or a notebook would set what is between two of them as a formula."""
    return escape(text).replace("$", "<span>$</span>")


def plain(value: Any) -> str:
    """A value as a person writes it: no exponent, no trailing zeros, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return number(value)
    if isinstance(value, int) and abs(value) >= 10_000:
        return f"{value:,}"
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(plain(v) for v in value)
    return str(value)


def number(value: float) -> str:
    """Up to six significant digits, never with an exponent."""
    text = f"{value:.12f}".rstrip("0").rstrip(".") if abs(value) < 1 else f"{value:,.6g}"
    if "e" in text:
        text = f"{value:,.0f}"
    return text or "0"


def usd(value: float | None) -> str:
    """US dollars to the last digit that counts."""
    return "" if value is None else f"${number(float(value))}"
