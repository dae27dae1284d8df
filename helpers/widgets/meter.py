"""The cost meter: requests, tokens and dollars of this kernel, the last answer, and what is left of the budget."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import ipywidgets as ipw
from IPython import get_ipython

from ..replay.log import Entry
from ..session import LIVE, Session, current
from ..show.markup import Table, html_text, usd
from . import ui

PROMPT, COMPLETION = ("prompt_tokens", "input_tokens"), ("completion_tokens", "output_tokens")
"""The names of chat completions, then those of the Responses API."""

BARS = (0.001, 0.01, 0.1, 1.0, 10.0)
"""US dollars: how long the bar is offline. The first that holds all."""

_meter: CostMeter | None = None
"""The one meter of this kernel. Shown twice, it has two views, and nothing is left behind."""


class CostMeter(ui.Widget):
    """The running totals of this kernel. `refresh` counts anew; it runs after every cell and every widget's request."""

    def __init__(self) -> None:
        super().__init__()
        self.totals, self.budget = ipw.HTML(), ipw.HTML()
        self.put(self.totals, self.budget, self.status)
        self.table = totals(current())

    def first_state(self) -> Table:
        """The totals at the last count."""
        return self.table

    @ui.told
    def refresh(self) -> None:
        """Count anew. Without a running lesson it says so and keeps the last totals."""
        session = current()
        self.table = totals(session)
        live = ui.tables_html(totals(session, charged=False))  # the bar says it
        self.totals.value, self.budget.value = live, _bar(session)
        self.say("")


def cost_meter() -> CostMeter:
    """Running totals of this kernel: requests, tokens, US dollars, the last answer, and the budget.

    It counts after every cell and after each request of the other widgets. Costs of recorded answers are not charged.
    """
    global _meter
    current()  # one clear sentence before helpers.start
    if _meter is None or _meter.box.comm is None:  # closed by hand
        _meter = CostMeter()
    shell = get_ipython()
    if shell is not None:
        shell.events.register("post_run_cell", _after_cell)  # the same function again is not added twice
    _meter.refresh()
    return _meter


def refresh() -> None:
    """Count anew, if a meter is shown. The other widgets call it after a request."""
    if _meter is not None:
        _meter.refresh()


def _after_cell(result: object) -> None:
    refresh()


def totals(session: Session, charged: bool = True) -> Table:
    """Requests, tokens and dollars of this kernel as a table; `charged`: with what is left of the budget."""
    entries = session.log.entries
    note = "Only live answers are charged; recorded ones carry the cost they had."
    return Table(
        ["", ""],
        [
            ["requests", len(entries)],
            ["prompt tokens", sum(_tokens(e, PROMPT) for e in entries)],
            ["completion tokens", sum(_tokens(e, COMPLETION) for e in entries)],
            ["cost in the answers", usd(sum(e.cost for e in entries))],
            *([["charged to you", f"{usd(_charged(session))} of a budget of {_money(session.budget)}"]] * charged),
            ["last answer", _last(session)],
        ],
        caption="Cost of this kernel",
        notes=[] if session.mode == "live" else [note],
    )


def _charged(session: Session) -> float:
    return sum(e.cost for e in session.log.entries if e.source == LIVE)


def _money(value: float) -> str:
    """US dollars with two digits for the cents, more where they count."""
    return f"${value:,.2f}" if round(value, 2) == value else usd(value)


def _tokens(entry: Entry, names: Sequence[str]) -> int:
    """The first of these counts that the answer has."""
    usage = entry.usage or {}
    return next((usage[name] for name in names if usage.get(name)), 0)


def _last(session: Session) -> str:
    """The last answer that used tokens, in one line."""
    entry = next((e for e in reversed(session.log.entries) if e.usage), None)
    if entry is None:
        return "none yet"
    who = " by ".join(filter(None, (entry.model, entry.provider)))
    used = f"{_tokens(entry, PROMPT)} + {_tokens(entry, COMPLETION)} tokens"
    return f"{who}: {used}, {usd(entry.cost)}, source: {session.source_name(entry)}"


def _bar(session: Session) -> str:
    """Live: what is charged of the budget. Offline: what the answers would have cost, on a bar that grows with it."""
    if session.mode == "live":
        spent, whole = _charged(session), session.budget
        words = f"Budget: {usd(spent)} of {_money(whole)} charged"
    else:
        spent = sum(e.cost for e in session.log.entries)
        whole = next((size for size in BARS if spent <= size), spent)
        words = f"Live, these answers would have cost {usd(spent)} (the whole bar: {_money(whole)}). Nothing is charged"
    bar = f'<progress max="{max(whole, 1e-9)}" value="{min(spent, whole)}" aria-label="{escape(words)}"></progress>'
    return f'<div class="cookbook-widget">{bar} {html_text(words)}</div>'
