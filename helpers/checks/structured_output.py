"""The checkers of 10-structured-output: a class sent as `parse` would and tried on answers, and a rescued list."""

from __future__ import annotations

import json
from typing import Any

from .sending import MESSAGES, Wire, first_error, sent_by
from .verdict import Verdict, judged, not_yet, right, shown, tried

ITEM = {"name": "lamp", "euros": 25.5}
INVOICE = {"number": "2026-117", "total": 119.5, "due": "2026-12-24", "items": [ITEM, {"name": "postage", "euros": 5}]}
LONG = [{"name": f"{n} hours of work on the roof, with a crane and two helpers", "euros": 12_345.67} for n in range(40)]
FINE = [
    INVOICE,
    {**INVOICE, "due": None},
    {**INVOICE, "total": 0, "items": [ITEM]},
    {**INVOICE, "total": 493_826.8, "items": LONG},
]
WRONG: list[tuple[dict[str, Any], str]] = [
    ({**INVOICE, "total": "a lot"}, "the text 'a lot' passes as a total. Which type is an amount with cents?"),
    ({**INVOICE, "total": -1}, "a total of -1 passes. Which argument of Field sets the smallest number?"),
    ({**INVOICE, "total": None}, "None passes as a total. Does the type allow it?"),
    ({**INVOICE, "due": "soon"}, "the text 'soon' passes as a date. Which type is a day?"),
    ({**INVOICE, "due": "2026-02-30"}, "30 February passes as a date. Which type is a day?"),
    ({**INVOICE, "items": []}, "an invoice without items passes. Which argument of Field bounds a list?"),
    ({**INVOICE, "items": None}, "None passes in place of the items. Does the type allow it?"),
    ({**INVOICE, "items": ["lamp"]}, "the text 'lamp' passes as an item. An item is an object: give it a class."),
    ({**INVOICE, "items": [{"name": "lamp"}]}, "an item without euros passes: a default fills the gap."),
    ({**INVOICE, "items": [{**ITEM, "euros": "cheap"}]}, "an item for 'cheap' euros passes. Which type is an amount?"),
    ({**INVOICE, "items": [{**ITEM, "euros": None}]}, "None passes as the price of an item. Does the type allow it?"),
    ({**INVOICE, "items": [{**ITEM, "name": None}]}, "None passes as the name of an item. Does the type allow it?"),
    ({**INVOICE, "number": None}, "None passes as a number. Does the type allow it?"),
    ({k: v for k, v in INVOICE.items() if k != "number"}, "an invoice without a number passes: a default fills the gap."),
    ({k: v for k, v in INVOICE.items() if k != "due"}, "an answer that forgets due passes: a default fills the gap."),
]  # fmt: skip


@judged
def invoice_fits(answer: Any) -> Verdict:
    """A class that the stand-in accepts as a strict schema, that takes good invoices whole and refuses wrong ones."""
    from pydantic import BaseModel, ValidationError

    if not (isinstance(answer, type) and issubclass(answer, BaseModel)):
        return not_yet(f"a class is needed that inherits from BaseModel, not {shown(answer)}.")
    sent = sent_by("parse", lambda wire: _parsed(answer, wire))
    if isinstance(sent, Verdict):
        return sent
    for invoice in FINE:
        try:
            read = answer.model_validate_json(json.dumps(invoice)).model_dump(mode="json")
        except ValidationError as problem:
            return not_yet(f"a good invoice does not fit: {first_error(problem)}.")
        lost = [name for name in INVOICE if name not in read]
        if lost:
            return not_yet(f"{lost[0]} of a good invoice is lost: the class has no such field.")
        if _plain(read) != _plain(invoice):
            return not_yet(f"a good invoice comes back changed: {shown(read)}.")
    for invoice, sentence in WRONG:
        try:
            answer.model_validate_json(json.dumps(invoice))
        except ValidationError:
            continue
        return not_yet(sentence)
    return right(f"it is a strict schema, takes {len(FINE)} good invoices and refuses {len(WRONG)} wrong ones.")


def _plain(value: Any) -> Any:
    """A value in which an amount is the same as a number and as the text of a Decimal."""
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    try:
        return float(value)
    except (TypeError, ValueError):
        return value


def _parsed(form: Any, wire: Wire) -> None:
    import openai

    http = openai.DefaultHttpxClient(transport=wire)
    client = openai.OpenAI(base_url="https://openrouter.ai/api/v1", api_key="none", http_client=http, max_retries=0)
    client.chat.completions.parse(model="openai/gpt-4o-mini", max_tokens=200, messages=MESSAGES, response_format=form)


PARTS = [{"name": "foot", "euros": 4}, {"name": "arm {long}", "euros": 16}, {"name": 'say "shade", please', "euros": 7}]
WHOLE = json.dumps({"parts": PARTS})
ENDS = {
    "in the middle of a price": WHOLE.index("16") + 1,
    "behind the comma after the first part": WHOLE.index("},") + 2,
    "right behind the first part": WHOLE.index("},") + 1,
    "in the middle of a name": WHOLE.index("arm") + 2,
    "inside a name with a bracket in it": WHOLE.index("{long}") + 5,
    "inside a name with a quotation mark in it": WHOLE.index("shade") + 3,
    "behind the last part, before the list is closed": len(WHOLE) - 2,
    "before the first part": len('{"parts": ['),
    "in the middle of the first key": 4,
    "behind its first bracket": 1,
    "before anything": 0,
}


@judged
def rescues(answer: Any) -> Verdict:
    """The parts that are surely whole, wherever the text is cut."""
    if not callable(answer):
        return not_yet(f"rescue is a function that takes a text, not {shown(answer)}.")
    cases = [("that is whole", WHOLE, [PARTS]), ("that is whole and has no parts", '{"parts": []}', [[]])]
    cases += [(f"that was cut {where}", WHOLE[:end], _whole_at(end)) for where, end in ENDS.items()]
    for what, text, allowed in cases:
        found = tried(f"a text {what} ends in", answer, text)
        if not isinstance(found, list) or found not in allowed:
            return not_yet(f"of a text {what} it should give {len(allowed[0])} parts, but gives {shown(found)}.")
    return right(f"{len(cases)} texts, whole and cut, and only parts that are surely whole.")


def _whole_at(end: int) -> list[list[dict[str, Any]]]:
    """The two answers that are right for a text that ends here: all parts but the last begun, and all that are closed."""
    texts = [json.dumps(part) for part in PARTS]
    begun = [part for part, text in zip(PARTS, texts, strict=True) if WHOLE.index(text) < end]
    closed = [part for part, text in zip(PARTS, texts, strict=True) if WHOLE.index(text) + len(text) <= end]
    return [begun[:-1], closed]
