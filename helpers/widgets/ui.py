"""What the widgets share: the frame around their controls, the kinds of control, and how a problem is told."""

from __future__ import annotations

import functools
import os
import threading
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

import ipywidgets as ipw
import openai

from ..budget import BudgetSpent
from ..replay.matching import NotRecorded
from ..replay.scrub import Scrubber, secrets_around
from ..session import current
from ..show.markup import Table, html_text
from ..show.receipt import error_body
from .parts import Status

OPENROUTER = "https://openrouter.ai/api/v1"
FAILURES = (Exception, BudgetSpent, NotRecorded)
"""What a handler catches. The last two are no Exceptions, so that an SDK does not retry them."""
RUN_IT = "This is the first state. Run the cell in a notebook to get the controls."

LABEL = {"description_width": "initial"}
"""A label is as wide as its words."""


class Widget:
    """A box of controls, and a table of its first state for every place that runs no widgets (GitHub, print)."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.status = Status()
        self.box = ipw.VBox()
        self.box.add_class("cookbook-box")

    def first_state(self) -> Table:
        """What stands in place of the controls where no widgets run. The same on every run."""
        raise NotImplementedError

    def say(self, text: str, tone: str = "") -> None:
        """One sentence in the status line. `tone`: "good" or "bad" gives it a sign and a colour."""
        self.status.say(clean(text), tone)

    def put(self, *parts: ipw.Widget) -> None:
        """Lay out the parts from top to bottom."""
        self.box.children = parts

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        table = self.first_state()
        return {**self.box._repr_mimebundle_(), "text/plain": repr(table), "text/html": table._repr_html_()}

    def __repr__(self) -> str:
        return repr(self.first_state())


def told(handler: Callable[..., None]) -> Callable[..., None]:
    """A handler of a control that never raises: what goes wrong becomes one sentence in the status line.

    One at a time for each widget: JupyterLab may deliver the events of two controls in two threads (subshells).
    """

    @functools.wraps(handler)
    def safe(widget: Widget, *change: Any) -> None:
        with widget.lock:
            try:
                handler(widget, *change)
            except FAILURES as problem:
                widget.say(sentence(problem), "bad")

    return safe


def sentence(problem: BaseException) -> str:
    """What went wrong, without secrets: an error of the API as its status and its message."""
    text = str(problem) or type(problem).__name__
    if isinstance(problem, openai.APIError):
        inner = error_body(problem).get("error")
        message = (inner.get("message") if isinstance(inner, Mapping) else None) or problem.message
        text = f"{getattr(problem, 'status_code', None) or type(problem).__name__}: {message}"
    return clean(text)


def clean(text: str) -> str:
    """A text without keys, also when no lesson is running."""
    try:
        return current().clean(text)
    except RuntimeError:
        return Scrubber(secrets_around({})).text(text)


def text_html(text: str, thought: str = "") -> str:
    """A model's words as they came, with their line breaks; its thoughts before them in grey italics."""
    before = f"{'thought:' if text else 'thinking…'} {clean(thought)}"
    first = f'<div class="thought">{html_text(before)}</div>' if thought else ""
    return f'<div class="cookbook-widget cookbook-words">{first}{html_text(clean(text))}</div>'


def lines_html(text: str, small: str) -> str:
    """A line of text and one in small print."""
    return f'<div class="cookbook-widget">{html_text(clean(text))}<br><small>{html_text(clean(small))}</small></div>'


def folded_html(title: str, html: str) -> str:
    """HTML that opens with a click on its title."""
    return f'<details class="cookbook-widget"><summary>{html_text(title)}</summary>{html}</details>'


def tables_html(*tables: Table) -> str:
    """Tables side by side, where there is room."""
    each = "".join(f"<div>{t._repr_html_()}</div>" for t in tables)
    return f'<div class="cookbook-widget"><div class="side">{each}</div></div>'


class Field(ipw.VBox):
    """A line to type in, with room below for what is wrong with it. `live`: it counts with every letter, and not only
    on Enter or when the reader leaves it."""

    def __init__(self, label: str, hint: str = "", value: str = "", width: str = "300px", live: bool = False) -> None:
        layout = ipw.Layout(width=width)
        self.line = ipw.Text(
            value=value, description=label, placeholder=hint, style=LABEL, layout=layout, continuous_update=live
        )
        self.wrong = ipw.HTML(layout=ipw.Layout(display="none"))
        super().__init__((self.line, self.wrong))

    @property
    def value(self) -> str:
        """What is written there."""
        return self.line.value

    @value.setter
    def value(self, text: str) -> None:
        self.line.value = text

    def read(self, reader: Callable[[str], Any]) -> Any:
        """The text as a value. What `reader` refuses with a `ValueError` is said under the line, and raised again."""
        try:
            value = reader(self.value.strip())
        except ValueError as problem:
            self.mark(str(problem))
            raise
        self.mark()
        return value

    def mark(self, problem: str = "") -> None:
        """Say under the line what is wrong with it; without a problem it is right again."""
        (self.line.add_class if problem else self.line.remove_class)("cookbook-wrong")
        self.wrong.value = f'<div class="cookbook-what-is-wrong">{html_text(clean(problem))}</div>' if problem else ""
        self.wrong.layout.display = "flex" if problem else "none"  # a page of the browser edition never hears of None


def tick(label: str, value: bool = False) -> ipw.Checkbox:
    """A box to tick."""
    return ipw.Checkbox(value=value, description=label, indent=False, layout=ipw.Layout(width="auto"))


def choice(label: str, options: Any, width: str = "max-content") -> ipw.Dropdown:
    """One of several."""
    return ipw.Dropdown(options=options, description=label, style=LABEL, layout=ipw.Layout(width=width))


class Ticks(ipw.VBox):
    """Any of several: one box to tick each. (A list box cannot be used by keyboard here: JupyterLab takes its arrows.)"""

    def __init__(self, label: str, options: Iterable[str], width: str = "420px") -> None:
        self.ticks = [tick(option) for option in options]
        frame = ipw.Layout(
            display="flex", flex_flow="row wrap", grid_gap="0 16px", width=width, max_height="170px", overflow="auto",
            border="1px solid var(--jp-border-color2, #bdbdbd)", padding="0 8px",
        )  # fmt: skip
        super().__init__(
            (ipw.HTML(f'<div class="cookbook-widget">{html_text(label)}</div>'), ipw.Box(self.ticks, layout=frame))
        )

    @property
    def value(self) -> tuple[str, ...]:
        """What is ticked."""
        return tuple(t.description for t in self.ticks if t.value)

    @value.setter
    def value(self, ticked: Collection[str]) -> None:
        for t in self.ticks:
            t.value = t.description in ticked


def watch(controls: Iterable[ipw.Widget], handler: Callable[..., None]) -> None:
    """Call the handler when the value of one of them changes."""
    for control in controls:
        parts = (
            control.ticks if isinstance(control, Ticks) else [control.line] if isinstance(control, Field) else [control]
        )
        for part in parts:
            part.observe(handler, "value")


def hint(text: str) -> ipw.HTML:
    """What to know about the controls above it."""
    return ipw.HTML(f'<div class="cookbook-widget">{html_text(text)}</div>')


def side_by_side(*parts: ipw.Widget, gap: str = "4px 24px") -> ipw.Box:
    """Parts in a row that wraps where the page is narrow."""
    layout = ipw.Layout(display="flex", flex_flow="row wrap", align_items="flex-start", grid_gap=gap)
    return ipw.Box(parts, layout=layout)


def group(title: str, *parts: ipw.Widget) -> ipw.VBox:
    """Controls that belong together, under a heading."""
    return ipw.VBox((ipw.HTML(f'<b class="cookbook-widget">{html_text(title)}</b>'), *parts))


class Fold:
    """Controls that are seen after a press on `button`. `box` holds them."""

    def __init__(self, label: str, *parts: ipw.Widget) -> None:
        self.button = ipw.ToggleButton(description=f"Show {label}", layout=ipw.Layout(width="max-content"))
        self.box, self.label = ipw.VBox(parts, layout=ipw.Layout(display="none")), label
        self.button.observe(self._turn, "value")

    def _turn(self, change: Any) -> None:
        self.button.description = f"{'Hide' if change['new'] else 'Show'} {self.label}"
        self.box.layout.display = "flex" if change["new"] else "none"


def address_and_key(client: Any) -> dict[str, Any]:
    """What a client is made of: the given client's, or what a lesson would write. Raises before `helpers.start`."""
    current()
    if client is not None:
        return {"base_url": client.base_url, "api_key": client.api_key}
    return {"base_url": OPENROUTER, "api_key": os.environ["OPENROUTER_API_KEY"]}
