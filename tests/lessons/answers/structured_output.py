"""Answers to the exercises of 10-structured-output: for each checker the unedited one, wrong ones, right ones."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, Field, create_model, field_validator
from pydantic_core import from_json

Item = create_model("Item", name=(str, ...), euros=(float, ...))
FIELDS: dict[str, Any] = {
    "number": (str, ...),
    "total": (float, Field(ge=0)),
    "due": (date | None, ...),
    "items": (list[Item], Field(min_length=1)),
}


def invoice(without: str = "", **other: Any) -> type[BaseModel]:
    """The right class, with other fields, or without one."""
    fields = {name: field for name, field in {**FIELDS, **other}.items() if name != without}
    return create_model("Invoice", **fields)


class Unedited(BaseModel):
    number: str
    total: str


class Inherited(invoice()):
    pass


class Checked(BaseModel):
    number: str
    total: float
    due: date | None
    items: list[Item]

    @field_validator("total")
    @classmethod
    def not_negative(cls, value: float) -> float:
        if value < 0:
            raise ValueError("negative")
        return value

    @field_validator("items")
    @classmethod
    def some(cls, value: list[Any]) -> list[Any]:
        if not value:
            raise ValueError("none")
        return value


def by_json(text: str) -> list[Any]:
    return json.loads(text)["parts"]


def all_that_is_there(text: str) -> list[Any]:
    return from_json(text, allow_partial=True).get("parts", []) if text else []


def never_the_last(text: str) -> list[Any]:
    return all_that_is_there(text)[:-1]


def rescue(text: str) -> list[Any]:
    try:
        return by_json(text)
    except json.JSONDecodeError:
        return never_the_last(text)


def closed_ones(text: str) -> list[Any]:
    """Item by item, as long as one is closed."""
    found, place = [], text.find("[") + 1
    while place:
        place += len(text[place:]) - len(text[place:].lstrip(" ,"))
        try:
            item, place = json.JSONDecoder().raw_decode(text, place)
        except json.JSONDecodeError:
            break
        found.append(item)
    return found


def by_brackets(text: str) -> list[Any]:
    """Close what is open: wrong for a name with a bracket or a quotation mark in it."""
    return json.loads(text[: text.rfind("}") + 1] + "]}")["parts"] if "}" in text else []


CASES: dict[str, tuple[Any, list[Any], list[Any]]] = {
    "invoice_fits": (
        Unedited,
        [
            None,
            "Invoice",
            dict,
            BaseModel,  # no fields
            Unedited(number="1", total="2"),  # an object
            invoice(total=(str, ...)),
            invoice(total=(float, ...)),  # may be negative
            invoice(total=(int, ...)),  # no cents
            invoice(total=(float | None, Field(ge=0))),
            invoice(due=(str | None, ...)),
            invoice(due=(date, ...)),  # may not be missing
            invoice(due=(date | None, None)),  # may be forgotten
            invoice(items=(list[Item], ...)),
            invoice(items=(list[str], Field(min_length=1))),
            invoice(items=(list[Any], Field(min_length=1))),
            invoice(items=(list[dict], Field(min_length=1))),  # not strict
            invoice(items=(list[create_model("Item", name=(str, ...), euros=(float, 0.0))], Field(min_length=1))),
            invoice(items=(list[create_model("Item", name=(str, ...))], Field(min_length=1))),
            invoice(number=(str | None, ...)),
            invoice(number=(str, "")),
            invoice(number=(int, ...)),
            invoice(without="due"),
            invoice(without="items"),
            invoice(extra=(str, ...)),  # not in the invoices
            invoice(total=(float, Field(ge=0, le=120))),
            invoice(items=(list[Item], Field(min_length=1, max_length=2))),
            invoice(items=(list[create_model("Item", name=(str, ...), euros=(float | None, ...))], Field(min_length=1))),
            invoice(items=(list[create_model("Item", name=(str | None, ...), euros=(float, ...))], Field(min_length=1))),
            invoice(items=(list[create_model("Item", name=(str, Field(max_length=10)), euros=(float, ...))], Field(min_length=1))),
            42,
        ],
        [
            invoice(),
            Inherited,
            Checked,
            invoice(total=(float, Field(ge=0, description="with cents"))),
            invoice(number=(str, Field(min_length=1))),
            invoice(total=(Decimal, Field(ge=0))),
            invoice(items=(Annotated[list[Item], Field(min_length=1)], ...)),
            invoice(items=(list[create_model("Line", name=(str, ...), euros=(float, ...))], Field(min_length=1, max_length=500))),
        ],
    ),
    "rescues": (
        by_json,
        [
            None,
            "rescue",
            all_that_is_there,
            never_the_last,
            by_brackets,
            lambda text: [],
            lambda text: rescue(text) or None,
            lambda text: tuple(rescue(text)),
            lambda text: rescue(text)[:1],
            lambda text: {"parts": rescue(text)},
            lambda text: from_json(text, allow_partial=True)["parts"][:-1],
            lambda text, more: rescue(text),
            lambda text: str(rescue(text)),
        ],
        [
            rescue,
            lambda text: list(rescue(text)),
            lambda text: by_json(text) if text.endswith("]}") else never_the_last(text),
            lambda text: [dict(part) for part in rescue(text)],
            lambda text: never_the_last(text) if not text.endswith("]}") else all_that_is_there(text),
            closed_ones,
            type("Rescue", (), {"__call__": lambda self, text: rescue(text)})(),
        ],
    ),
}  # fmt: skip
