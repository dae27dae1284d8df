"""What the widgets share: the frame around their controls, tables and sentences as HTML, and how a problem is told."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

import ipywidgets as ipw
import openai

from ..budget import BudgetSpent
from ..replay.matching import NotRecorded
from ..replay.scrub import Scrubber, secrets_around
from ..session import current
from ..show.markup import Table, html_row, html_text
from ..show.receipt import error_body

OPENROUTER = "https://openrouter.ai/api/v1"
FAILURES = (Exception, BudgetSpent, NotRecorded)
"""What a handler catches. The last two are no Exceptions, so that an SDK does not retry them."""
RUN_IT = "This is the first state. Run the cell in a notebook to get the controls."

LABEL = {"description_width": "initial"}
"""A label is as wide as its words."""
CSS = """<style>
.cookbook-widget { color: var(--jp-ui-font-color1, inherit); line-height: 1.4; overflow-x: auto; }
.cookbook-widget table { border-collapse: collapse; margin: 0 0 6px; }
.cookbook-widget th, .cookbook-widget td { padding: 2px 14px 2px 0; vertical-align: top;
  border-bottom: 1px solid var(--jp-border-color2, #bdbdbd); }
.cookbook-widget th { font-weight: 600; }
.cookbook-widget tbody th { font-weight: 400; }
.cookbook-widget caption { font-weight: 600; padding: 4px 0; }
.cookbook-widget tr.faint > * { opacity: .75; }
.cookbook-widget p { margin: 2px 0; max-width: 60em; }
.cookbook-widget td:not(:last-child), .cookbook-widget tbody th { white-space: nowrap; }
.cookbook-widget td:last-child { min-width: 15em; }
.cookbook-widget .plan td:nth-child(3) { min-width: 15em; white-space: normal; }
.cookbook-widget .plan td:last-child { min-width: 0; }
.cookbook-widget summary { cursor: pointer; }
.cookbook-widget[role=status] { padding: 3px 0; }
.cookbook-words { white-space: pre-wrap; border-left: 3px solid var(--jp-border-color2, #bdbdbd); padding-left: 8px; }
.cookbook-words .thought { font-style: italic; opacity: .75; }
.cookbook-widget .side { display: flex; flex-wrap: wrap; gap: 0 40px; }
</style>"""


class Widget:
    """A box of controls, and a table of its first state for every place that runs no widgets (GitHub, print)."""

    def __init__(self) -> None:
        self.status = ipw.HTML()
        self.box = ipw.VBox()

    def first_state(self) -> Table:
        """What stands in place of the controls where no widgets run. The same on every run."""
        raise NotImplementedError

    def say(self, text: str, lead: str = "") -> None:
        """One sentence in the status line, read out by a screen reader. `lead`: its first words, in bold."""
        self.status.value = sentence_html(text, lead)

    def put(self, *parts: ipw.Widget) -> None:
        """Lay out the parts from top to bottom."""
        self.box.children = (ipw.HTML(CSS, layout=ipw.Layout(display="none")), *parts)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        table = self.first_state()
        return {**self.box._repr_mimebundle_(), "text/plain": repr(table), "text/html": table._repr_html_()}

    def __repr__(self) -> str:
        return repr(self.first_state())


class LiveTable(Table):
    """A table for an HTML widget. The rows numbered in `faint` do not count: they are greyed beside what they say.

    `kind` is the table's class in the style sheet.
    """

    def __init__(self, head: Sequence[str], rows: Sequence[Sequence[Any]], caption: str, **more: Any) -> None:
        self.faint: Collection[int] = more.pop("faint", ())
        self.kind: str = more.pop("kind", "")
        super().__init__(head, rows, caption, **more)

    def _repr_html_(self) -> str:
        head = "".join(f'<th scope="col" style="text-align:left">{html_text(h)}</th>' for h in self.head)
        marks = [' class="faint"' if n in self.faint else "" for n in range(len(self.rows))]
        rows = [f"<tr{mark}>{html_row(row)}</tr>" for mark, row in zip(marks, self.rows, strict=True)]
        notes = "".join(f"<p>{html_text(n)}</p>" for n in self.notes)
        caption = f'<caption style="text-align:left">{html_text(self.caption)}</caption>'
        return f"{notes}<table class='{self.kind}'>{caption}<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def told(handler: Callable[..., None]) -> Callable[..., None]:
    """A handler of a control that never raises: what goes wrong becomes one sentence in the status line."""

    @functools.wraps(handler)
    def safe(widget: Widget, *change: Any) -> None:
        try:
            handler(widget, *change)
        except FAILURES as problem:
            widget.say(sentence(problem))

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


def sentence_html(text: str, lead: str = "") -> str:
    """A sentence in a live region, its first words in bold."""
    first = f"<strong>{html_text(lead)}</strong> " if lead else ""
    return f'<div class="cookbook-widget" role="status">{first}{html_text(clean(text))}</div>'


def text_html(text: str, thought: str = "") -> str:
    """A model's words as they came, with their line breaks; its thoughts before them in grey italics."""
    before = f"{'thought:' if text else 'thinking…'} {clean(thought)}"
    first = f'<div class="thought">{html_text(before)}</div>' if thought else ""
    return f'<div class="cookbook-widget cookbook-words">{first}{html_text(clean(text))}</div>'


def folded_html(title: str, html: str) -> str:
    """HTML that opens with a click on its title."""
    return f'<details class="cookbook-widget"><summary>{html_text(title)}</summary>{html}</details>'


def tables_html(*tables: Table) -> str:
    """Tables side by side, where there is room."""
    each = "".join(f"<div>{t._repr_html_()}</div>" for t in tables)
    return f'<div class="cookbook-widget"><div class="side">{each}</div></div>'


def text_box(label: str, hint: str = "", value: str = "", width: str = "300px") -> ipw.Text:
    """A line to type in; it counts on Enter or when the reader leaves it."""
    layout = ipw.Layout(width=width)
    return ipw.Text(
        value=value, description=label, placeholder=hint, style=LABEL, layout=layout, continuous_update=False
    )


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
        for part in getattr(control, "ticks", (control,)):
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


def address_and_key(client: Any) -> dict[str, Any]:
    """What a client is made of: the given client's, or what a lesson would write. Raises before `helpers.start`."""
    current()
    if client is not None:
        return {"base_url": client.base_url, "api_key": client.api_key}
    return {"base_url": OPENROUTER, "api_key": os.environ["OPENROUTER_API_KEY"]}
