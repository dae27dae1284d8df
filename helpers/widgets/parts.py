"""The four parts that ipywidgets lacks: a status line, a table to sort and pick from, a text to copy, a sound.

Each is one class here and one small module in js/, drawn by anywidget. What they show is set as text, never as HTML.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import anywidget
import traitlets

JS = Path(__file__).parent / "js"
SIGNS = {"good": "✓ ", "bad": "✗ ", "": ""}
"""What a sentence begins with, by its tone: a colour alone does not tell."""


class Status(anywidget.AnyWidget):
    """One sentence, read out by a screen reader when it changes. `tone`: "good", "bad" or "".

    The outer one also looks after the `.cookbook-box` around it: keys typed there stay there, and after a restart of
    the kernel it says that the widget is dead.
    """

    _esm = JS / "status.js"
    _css = JS / "widgets.css"
    text = traitlets.Unicode().tag(sync=True)
    tone = traitlets.Unicode().tag(sync=True)
    outer = traitlets.Bool(True).tag(sync=True)

    def say(self, text: str, tone: str = "") -> None:
        """Set text and tone in one step; a tone puts its sign before the text."""
        with self.hold_sync():
            self.text, self.tone = SIGNS[tone] + text, tone


class LiveTable(anywidget.AnyWidget):
    """A table with a caption. `rows`: dicts of `cells` (text; after a line break in small print) and `mark`.

    Marks are words of the style sheet: "out", "changed", "answered". `numbers`: the columns that are right-aligned.
    `sortable`: `on_head` hears which head was pressed. `pickable`: `on_row` hears which row; `picked` is marked.
    """

    _esm = JS / "table.js"
    caption = traitlets.Unicode().tag(sync=True)
    head = traitlets.List().tag(sync=True)
    rows = traitlets.List().tag(sync=True)
    numbers = traitlets.List().tag(sync=True)
    height = traitlets.Unicode("300px").tag(sync=True)
    sortable = traitlets.Bool(False).tag(sync=True)
    sorted_by = traitlets.Int(-1).tag(sync=True)
    descending = traitlets.Bool(False).tag(sync=True)
    pressed_head = traitlets.Dict().tag(sync=True)
    pickable = traitlets.Bool(False).tag(sync=True)
    pressed_row = traitlets.Dict().tag(sync=True)
    picked = traitlets.Int(-1).tag(sync=True)

    def show(self, caption: str, rows: Sequence[tuple[Sequence[str], str]], **more: Any) -> None:
        """Draw these rows, each its cells and its mark, in one step."""
        with self.hold_sync():
            self.caption, self.rows = caption, [{"cells": list(cells), "mark": mark} for cells, mark in rows]
            for name, value in more.items():
                setattr(self, name, value)

    def on_head(self, handler: Callable[[int], None]) -> None:
        """Call the handler with the number of the column whose head was pressed."""
        self.observe(lambda change: handler(change["new"]["number"]), "pressed_head")

    def on_row(self, handler: Callable[[int], None]) -> None:
        """Call the handler with the number of the row that was pressed."""
        self.observe(lambda change: handler(change["new"]["number"]), "pressed_row")


class Copy(anywidget.AnyWidget):
    """A text under its label, with a button that copies it."""

    _esm = JS / "copy.js"
    label = traitlets.Unicode().tag(sync=True)
    text = traitlets.Unicode().tag(sync=True)


class Sound(anywidget.AnyWidget):
    """Plays 16-bit samples, one channel, little end first, while they arrive. `rate`: samples a second."""

    _esm = JS / "sound.js"
    rate = traitlets.Int(24_000).tag(sync=True)

    def add(self, samples: bytes) -> None:
        """Play these behind what is there; an even number of bytes."""
        self.send({"kind": "piece"}, [samples])
