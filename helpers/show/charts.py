"""Timeline, waterfall and scatter: inline SVG on the recorded clock, each with its data as a table."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from ..replay.log import Entry
from ..session import current
from .markup import Figure, Table, number
from .receipt import chunk_of, entry_of
from .svg import BLUE, GREY, INK, ORANGE, PAPER, RED, WIDTH, picture, words

LEFT, ROW = 190, 30
INVENTED = "pace invented, source: standin"


class Timeline(Figure):
    """When the pieces of one or several answers came. `rows` holds the figures, in milliseconds from sending."""

    def __init__(self, rows: list[dict[str, Any]], label: str) -> None:
        self.rows = rows
        head = ["answer", "first token", "last token", "pieces", "comments"]
        cells = [[r["name"], _ms(r["first"]), _ms(r["last"]), r["pieces"], r["comments"]] for r in rows]
        super().__init__(*_timeline_svg(rows, label), Table(head, cells, caption=f"Timeline ({label})"))

    @property
    def first_ms(self) -> float:
        """Milliseconds from sending to the first token of the first answer."""
        return self.rows[0]["first"]

    @property
    def last_ms(self) -> float:
        """Milliseconds from sending to the last token of the first answer."""
        return self.rows[0]["last"]


def timeline(*responses: Any, names: Sequence[str] = ()) -> Timeline:
    """Draw when each piece of the answers came, on the recorded clock (live: the measured offsets).

    `responses`: completions or streams that were read. `names`: one label each.
    """
    entries = [entry_of(r) for r in responses]
    if not entries or None in entries:
        raise ValueError("timeline takes answers made since helpers.start: completions, or streams that you have read")
    rows = [
        _offsets(e, names[n] if n < len(names) else "sound" if e.pieces else "stream" if e.streamed else "whole answer")
        for n, e in enumerate(entries)
    ]
    return Timeline(rows, _label(entries))


def _label(entries: Iterable[Entry]) -> str:
    session = current()
    return (
        INVENTED
        if any(session.invented(e) for e in entries)
        else "source: " + ", ".join(dict.fromkeys(session.source_name(e) for e in entries))
    )


def pieces_of(entry: Entry) -> list[tuple[float, str]]:
    """When each piece of an answer came, in milliseconds from sending, and its kind: reasoning, text (or sound) or comment."""
    marks: list[tuple[float, str]] = [(at, "text") for at, _ in entry.pieces]
    for at, event in entry.events:
        if event.startswith(":"):
            marks.append((at, "comment"))
        for choice in chunk_of(event).get("choices") or []:
            delta = choice.get("delta") or {}
            if delta.get("reasoning"):
                marks.append((at, "reasoning"))
            elif delta.get("content") or delta.get("tool_calls"):
                marks.append((at, "text"))
    return marks


def _offsets(entry: Entry, name: str) -> dict[str, Any]:
    """The figures of one line of a timeline."""
    marks = pieces_of(entry)
    tokens = [at for at, kind in marks if kind != "comment"]
    end = entry.end_ms or 0
    return {
        "name": name,
        "first": tokens[0] if tokens else end,
        "last": tokens[-1] if tokens else end,
        "pieces": len(tokens) or 1,
        "comments": len(marks) - len(tokens),
        "marks": marks or [(end, "text")],
    }


def _timeline_svg(rows: list[dict[str, Any]], label: str) -> tuple[str, str]:
    scale = _Scale(0, max(at for r in rows for at, _ in r["marks"]) or 1)
    parts, y = [], 34
    for r in rows:
        first, last = scale(r["first"]), scale(r["last"])
        parts.append(words(LEFT - 10, y + 5, r["name"], anchor="end"))
        parts.append(
            f'<line x1="{scale(0):.1f}" y1="{y}" x2="{first:.1f}" y2="{y}" stroke="{GREY}" stroke-dasharray="2 4"/>'
        )
        parts.append(
            f'<line x1="{first:.1f}" y1="{y}" x2="{max(last, first + 2):.1f}" y2="{y}" stroke="{BLUE}" stroke-width="2"/>'
        )
        parts += [_mark(scale(at), y, kind) for at, kind in r["marks"]]
        parts.append(words(min(first, WIDTH - 100), y - 12, f"{_ms(r['first'])} first", size=11))
        y += ROW + 10
    parts.append(scale.axis(y - 6, "ms from sending"))
    legend = "tall: text · short: reasoning · dot: comment (nothing yet) · dotted: waiting"
    return picture(
        y + 58,
        f"Timeline. {label}. "
        + "; ".join(f"{r['name']}: first token after {_ms(r['first'])}, last after {_ms(r['last'])}" for r in rows),
        [*parts, words(10, y + 50, f"{legend} · {label}", size=11, fill=GREY)],
    )


def _mark(x: float, y: float, kind: str) -> str:
    if kind == "comment":
        return f'<circle cx="{x:.1f}" cy="{y}" r="2" fill="{GREY}"/>'
    height, colour = (8, BLUE) if kind == "text" else (4, ORANGE)
    return f'<line x1="{x:.1f}" y1="{y - height}" x2="{x:.1f}" y2="{y + height}" stroke="{colour}"/>'


class Waterfall(Figure):
    """Spans of one or several traces on the recorded clock. `rows`: name, depth, start and length in milliseconds, status."""

    def __init__(self, rows: list[dict[str, Any]], label: str) -> None:
        self.rows = rows
        cells = [[("· " * r["depth"]) + r["name"], _ms(r["start"]), _ms(r["ms"]), r["status"]] for r in rows]
        super().__init__(
            *_waterfall_svg(rows, label),
            Table(["span", "start", "took", "status"], cells, caption=f"Waterfall ({label})"),
        )


def waterfall(spans: Iterable[Any]) -> Waterfall:
    """Draw finished OpenTelemetry spans, each under its parent, on the recorded clock (live: wall time).

    `spans`: what an exporter got, such as `InMemorySpanExporter().get_finished_spans()`.
    """
    spans = list(spans)
    if not spans:
        raise ValueError("waterfall got no spans: make a call first, and hand over exporter.get_finished_spans()")
    clock = current().log.recorded
    start = min(clock(s.start_time) for s in spans)
    rows = []
    for span, depth in _tree(spans):
        began, ended = clock(span.start_time), clock(span.end_time)
        status = span.status.status_code.name
        rows.append({"name": span.name, "depth": depth, "start": began - start, "ms": ended - began, "status": status})
    return Waterfall(rows, _label(current().log.entries))


def _tree(spans: list[Any]) -> list[tuple[Any, int]]:
    """Every span after its parent, with its depth; siblings by the time they began."""
    ids = {s.context.span_id for s in spans}
    children: dict[int | None, list[Any]] = {}
    for s in sorted(spans, key=lambda s: (s.start_time, s.name)):
        parent = s.parent.span_id if s.parent and s.parent.span_id in ids else None
        children.setdefault(parent, []).append(s)

    def walk(parent: int | None, depth: int) -> list[tuple[Any, int]]:
        return [pair for s in children.get(parent, []) for pair in [(s, depth), *walk(s.context.span_id, depth + 1)]]

    return walk(None, 0)


def _waterfall_svg(rows: list[dict[str, Any]], label: str) -> tuple[str, str]:
    scale = _Scale(0, max(r["start"] + r["ms"] for r in rows) or 1)
    parts, y = [], 26
    for r in rows:
        x, width = scale(r["start"]), max(2.0, scale(r["start"] + r["ms"]) - scale(r["start"]))
        failed = r["status"] == "ERROR"
        parts.append(words(10 + 12 * r["depth"], y + 5, _clip(r["name"], 26 - 2 * r["depth"])))
        parts.append(
            f'<rect x="{x:.1f}" y="{y - 8}" width="{width:.1f}" height="16" fill="{RED if failed else BLUE}"/>'
        )
        note = f"{_ms(r['ms'])}{' ERROR' if failed else ''}"
        inside = x + width + 8 + 7 * len(note) > WIDTH
        parts.append(
            words(
                x + width - 6 if inside else x + width + 6,
                y + 5,
                note,
                size=11,
                anchor="end" if inside else "start",
                fill=PAPER if inside else INK,
            )
        )
        y += ROW
    parts.append(scale.axis(y - 8, "ms on the recorded clock"))
    described = "; ".join(f"{r['name']} starts at {_ms(r['start'])} and takes {_ms(r['ms'])}" for r in rows)
    return picture(y + 54, f"Waterfall. {label}. {described}", [*parts, words(10, y + 46, label, size=11, fill=GREY)])


def scatter(
    rows: Iterable[Mapping[str, Any]], x: str, y: str, label: str, mark: Sequence[str] = (), title: str = ""
) -> Figure:
    """Two columns of a list of dicts against each other, both on logarithmic axes; rows without a positive value are left out.

    `label`: the column that names a point. `mark`: the names that are drawn with their name, as diamonds.
    """
    points = [
        (float(r[x]), float(r[y]), str(r[label]))
        for r in rows
        if r.get(x) and r.get(y) and float(r[x]) > 0 and float(r[y]) > 0
    ]
    if not points:
        raise ValueError(f"scatter found no row with a positive {x!r} and {y!r}")
    across, up = (
        _Scale(*_span(p[0] for p in points), log=True),
        _Scale(*_span(p[1] for p in points), log=True, low=330, high=24),
    )
    parts, labels = [], _Labels()
    for px, py, name in sorted(points, key=lambda p: p[2] in mark):
        cx, cy = across(px), up(py)
        if name in mark:
            parts.append(f'<path d="M{cx:.1f} {cy - 6:.1f}l6 6l-6 6l-6 -6z" fill="{ORANGE}" stroke="{PAPER}"/>')
            parts.append(labels.place(cx, cy, name))
        else:
            parts.append(f'<circle cx="{cx:.1f}" cy="{cy:.1f}" r="3" fill="{BLUE}" fill-opacity="0.35"/>')
    parts.append(across.axis(340, x))
    for value in up.ticks():
        parts.append(words(LEFT - 60, up(value) + 4, number(value), size=11, anchor="end", fill=GREY))
    parts.append(words(LEFT - 60, 14, y, size=11, anchor="end", fill=GREY))
    named = [[p[2], number(p[0]), number(p[1])] for p in points if p[2] in mark]
    caption = title or f"{y} against {x}, {len(points)} points"
    described = "; ".join([caption, *(f"{name}: {across} and {upward}" for name, across, upward in named)])
    drawn = picture(408, described, [*parts, words(10, 400, f"{caption} · both axes logarithmic", size=11, fill=GREY)])
    return Figure(*drawn, Table([label, x, y], named, caption=caption))


class _Labels:
    """Names beside points: to the left where the right is too narrow, higher or lower where another name stands."""

    def __init__(self) -> None:
        self.taken: list[tuple[float, float, float]] = []

    def place(self, cx: float, cy: float, name: str) -> str:
        """The name as text, with a line to its point if it had to move away."""
        width = 6.6 * len(name)
        right = cx + 9 + width > WIDTH
        x = cx - 9 - width if right else cx + 9
        steps = (4, 20, -12, 36, -28, 52)
        y = cy + next((d for d in steps if self._free(x, cy + d, width)), steps[-1])
        self.taken.append((x, y, width))
        line = f'<line x1="{cx:.1f}" y1="{cy:.1f}" x2="{x if not right else x + width:.1f}" y2="{y - 4:.1f}" stroke="{GREY}"/>'
        halo = f'<text x="{x:.1f}" y="{y:.1f}" font-size="11" stroke="{PAPER}" stroke-width="4">{escape(name)}</text>'
        return (line if abs(y - cy) > 5 else "") + halo + words(x, y, name, size=11)

    def _free(self, x: float, y: float, width: float) -> bool:
        return all(abs(y - ty) > 13 or x > tx + tw + 4 or tx > x + width + 4 for tx, ty, tw in self.taken)


def _span(values: Iterable[float]) -> tuple[float, float]:
    listed = list(values)
    return min(listed), max(listed)


class _Scale:
    """Maps values to pixels, linear or logarithmic."""

    def __init__(
        self, least: float, most: float, log: bool = False, low: float = LEFT, high: float = WIDTH - 20
    ) -> None:
        self.log, self.low, self.high = log, low if not log or low != LEFT else LEFT - 50, high
        self.least, self.most = (math.log10(least), math.log10(most)) if log else (least, most)
        if self.most == self.least:
            self.most += 1

    def __call__(self, value: float) -> float:
        place = math.log10(value) if self.log else value
        return self.low + (place - self.least) / (self.most - self.least) * (self.high - self.low)

    def ticks(self) -> list[float]:
        if self.log:
            steps = (1,) if self.most - self.least > 2.5 else (1, 2, 5)
            powers = range(math.floor(self.least), math.floor(self.most) + 1)
            return [v for p in powers for s in steps if self.least <= math.log10(v := s * 10.0**p) <= self.most]
        step = 10 ** math.floor(math.log10(self.most - self.least))
        step = next(s for s in (step, step / 2, step / 5, step / 10) if (self.most - self.least) / s >= 4)
        return [step * n for n in range(int(self.most / step) + 1)]

    def axis(self, y: float, name: str) -> str:
        """A horizontal axis with ticks, its name below."""
        line = f'<line x1="{self.low:.1f}" y1="{y}" x2="{self.high:.1f}" y2="{y}" stroke="{GREY}"/>'
        ticks = [
            f'<line x1="{self(t):.1f}" y1="{y}" x2="{self(t):.1f}" y2="{y + 4}" stroke="{GREY}"/>'
            + words(self(t), y + 16, number(t), size=11, anchor="middle", fill=GREY)
            for t in self.ticks()
        ]
        return (
            line + "".join(ticks) + words((self.low + self.high) / 2, y + 32, name, size=11, anchor="middle", fill=GREY)
        )


def _clip(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"


def _ms(value: float) -> str:
    return f"{value:,.0f} ms"
