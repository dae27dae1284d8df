"""The model browser: filter the catalogue while you type, sort it by its heads, pick a row, copy its id."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import ipywidgets as ipw

from openrouter_standin.endpoint import per_million

from ..show.markup import Table, usd
from . import ui
from .parts import Copy, LiveTable

IN_PRINT, SHOWN = 15, 60
"""Rows of the table: where no widget runs, and in the widget."""
HEAD = ["id", "$/M prompt", "$/M completion", "context", "takes", "gives", "listed since"]
ANY = "any"
USUAL = ("tools", "structured_outputs", "response_format", "reasoning")
"""The parameters that are asked for most: their ticks come first."""
LATEST = 10**11
"""No date lies beyond: what is larger is not a time in seconds."""


@dataclass(frozen=True)
class Model:
    """What the browser looks at. Prices are dollars per million tokens; below 0 they depend on the model chosen."""

    id: str
    name: str
    prompt: Decimal | None
    completion: Decimal | None
    context: int
    takes: tuple[str, ...]
    gives: tuple[str, ...]
    parameters: frozenset[str]
    created: int

    @classmethod
    def read(cls, row: Any) -> Model:
        """From an element of `data` of GET /models, or from the SDK's object for it."""
        fields = row.model_dump() if hasattr(row, "model_dump") else row
        if not isinstance(fields, Mapping) or not fields.get("id"):
            raise ValueError("model_browser takes the catalogue: client.models.list().data, or `data` of GET /models")
        price, made, top = (fields.get(part) or {} for part in ("pricing", "architecture", "top_provider"))
        return cls(
            id=ui.clean(str(fields["id"])),
            name=ui.clean(str(fields.get("name") or "")),
            prompt=_read(price.get("prompt")),
            completion=_read(price.get("completion")),
            context=top.get("context_length") or fields.get("context_length") or 0,  # what the first choice holds
            takes=tuple(made.get("input_modalities") or ()),
            gives=tuple(made.get("output_modalities") or ()),
            parameters=frozenset(fields.get("supported_parameters") or ()),
            created=fields["created"] if isinstance(fields.get("created"), int) and fields["created"] < LATEST else 0,
        )

    def row(self) -> list[str]:
        """A line of the table."""
        day = datetime.fromtimestamp(self.created, UTC).date().isoformat() if self.created else "unknown"
        prices = [_price(self.prompt), _price(self.completion)]
        return [self.id, *prices, f"{self.context:,}", ", ".join(self.takes), ", ".join(self.gives), day]


def _read(price: Any) -> Decimal | None:
    """Dollars per million tokens; None for what is not a number."""
    try:
        found = per_million(None if price is None else str(price))
    except InvalidOperation:
        return None
    return found if found is None or found.is_finite() else None


def _price(price: Decimal | None) -> str:
    if price is None:
        return "unknown"
    return usd(price) if price >= 0 else "depends on the model chosen"


def _cheapest(price: Decimal | None) -> tuple[bool, Decimal]:
    """For sorting: a price that is not known or depends on the model chosen comes last."""
    known = price is not None and price >= 0
    return (not known, price if known else Decimal(0))


def _unpriced(m: Model, column: int) -> bool:
    """For sorting by a price: what has none stays last, whichever way the order goes."""
    return column in (1, 2) and SORTS[column](m)[0]


SORTS = [
    lambda m: m.id.lower(),
    lambda m: _cheapest(m.prompt),
    lambda m: _cheapest(m.completion),
    lambda m: -m.context,
    lambda m: m.takes,
    lambda m: m.gives,
    lambda m: -m.created,
]
"""By column: what a press on its head sorts by. A second press turns the order round."""
FROM_THE_TOP = (HEAD.index("context"), HEAD.index("listed since"))
"""The columns whose largest value comes first."""


class ModelBrowser(ui.Widget):
    """Controls over the catalogue. `matches` is what they leave, in order; `chosen` holds the id to copy."""

    def __init__(self, rows: Iterable[Any]) -> None:
        super().__init__()
        self.models = [Model.read(row) for row in rows]
        if not self.models:
            raise ValueError("model_browser got an empty catalogue: give it client.models.list().data")
        self.text = ui.Field("Text in id or name", "such as claude", live=True)
        self.max_price = ui.Field("Highest prompt price, $ per million tokens", "no limit", width="400px", live=True)
        self.min_context = ui.Field("Shortest context, tokens", "no limit", live=True)
        self.takes = ui.choice("Takes", [ANY, *_values(m.takes for m in self.models)])
        self.gives = ui.choice("Gives", [ANY, *_values(m.gives for m in self.models)])
        names = sorted(_values(m.parameters for m in self.models), key=_usual_first)
        self.parameters = ui.Ticks("Supports all of", names, width="480px")
        self.free = ui.tick("Free models only (ids that end in :free)")
        self.plain = ui.tick("Without variants, aliases and routers")
        self.table = LiveTable(head=HEAD, numbers=[1, 2, 3], sortable=True, pickable=True, height="330px")
        self.chosen = Copy(label="Id to copy")
        self.sorted_by, self.turned, self.picked = HEAD.index("listed since"), False, ""
        self.matches: list[Model] = []
        self._lay_out()
        self._update()
        caption = f"{self._count()} The first {IN_PRINT}, newest first"
        self._first = Table(HEAD, [m.row() for m in self.matches[:IN_PRINT]], caption, [ui.RUN_IT])

    def first_state(self) -> Table:
        """The newest models."""
        return self._first

    def _lay_out(self) -> None:
        lines, ticks = (self.text, self.max_price, self.min_context), (self.free, self.plain)
        ui.watch((*lines, *ticks, self.takes, self.gives, self.parameters), self._update)
        self.table.on_head(self._sort)
        self.table.on_row(self._pick)
        words = ipw.VBox((*lines, ui.side_by_side(self.takes, self.gives), *ticks))
        self.put(ui.side_by_side(words, self.parameters), self.status, self.table, self.chosen)

    @ui.told
    def _update(self, change: Any = None) -> None:
        """Filter and sort anew. What is not a number leaves everything as it was and says so, also at its field."""
        try:
            limits = self.max_price.read(_dollars), self.min_context.read(_tokens)
        except ValueError as problem:
            self.say(f"Not read: {problem} The list below is still the one before.", "bad")
            return
        self.matches = sorted((m for m in self.models if self._fits(m, *limits)), key=SORTS[self.sorted_by])
        if self.turned:
            self.matches.reverse()
            self.matches.sort(key=lambda m: _unpriced(m, self.sorted_by))
        self._draw()
        self.say(self._count())

    def _draw(self) -> None:
        """The first matches, and the id to copy: the picked one as long as it matches, else the first."""
        ids = [m.id for m in self.matches]
        chosen = self.picked if self.picked in ids else next(iter(ids), "")
        shown = self.matches[:SHOWN]
        caption = f"The first {len(shown)} by {HEAD[self.sorted_by]}: press a head to sort, a row to pick it"
        place = ids.index(chosen) if chosen in ids[:SHOWN] else -1
        order = {"sorted_by": self.sorted_by, "descending": self.turned != (self.sorted_by in FROM_THE_TOP)}
        self.table.show(caption, [(m.row(), "") for m in shown], picked=place, **order)
        self.chosen.text = chosen

    @ui.told
    def _sort(self, column: int) -> None:
        self.turned = not self.turned if column == self.sorted_by else False
        self.sorted_by = column
        self._update()

    @ui.told
    def _pick(self, row: int) -> None:
        self.picked = self.matches[row].id
        self._draw()

    def _fits(self, m: Model, limit: Decimal | None, context: int) -> bool:
        words = self.text.value.strip().lower()
        return (
            (words in m.id.lower() or words in m.name.lower())
            and (limit is None or (m.prompt is not None and 0 <= m.prompt <= limit))
            and m.context >= context
            and self.takes.value in (ANY, *m.takes)
            and self.gives.value in (ANY, *m.gives)
            and m.parameters.issuperset(self.parameters.value)
            and (m.id.endswith(":free") or not self.free.value)
            and not (self.plain.value and (":" in m.id or m.id.startswith(("~", "openrouter/"))))
        )

    def _count(self) -> str:
        if not self.matches:
            return "No model matches: loosen a filter."
        return f"{len(self.matches)} of {len(self.models)} models match."


def _dollars(text: str) -> Decimal | None:
    """A price as a reader writes it; None for an empty line."""
    try:
        limit = Decimal(text.removeprefix("$")) if text else None
        if limit is None or limit >= 0:
            return limit
    except ArithmeticError:
        pass
    raise ValueError(f"the highest prompt price takes dollars per million tokens, such as 0.5, not {text!r}.")


def _tokens(text: str) -> int:
    """A number of tokens as a reader writes it; 0 for an empty line."""
    digits = text.replace(",", "").replace("_", "")
    if digits and not digits.isdecimal():
        raise ValueError(f"the shortest context takes a whole number of tokens, such as 200000, not {text!r}.")
    return int(digits or 0)


def _values(sets: Iterable[Iterable[str]]) -> list[str]:
    """Everything that occurs, in order of the alphabet."""
    return sorted({ui.clean(value) for values in sets for value in values})


def _usual_first(name: str) -> int:
    """For sorting: the usual parameters in their order, then the others as they stand."""
    return USUAL.index(name) if name in USUAL else len(USUAL)


def model_browser(rows: Iterable[Any]) -> ModelBrowser:
    """Filter and sort the catalogue, and copy a model's id.

    `rows`: `client.models.list().data`, or the list under `data` of GET /models. Raises `ValueError` for anything else.
    """
    return ModelBrowser(rows)
