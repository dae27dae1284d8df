"""The checkers of 32-pydantic-ai: settings as the OpenRouter model would send them, a class tried on made-up answers."""

from __future__ import annotations

from typing import Any

from .routing_options import plan_of
from .verdict import Verdict, not_yet, right

KNOWN = ("openrouter_provider", "openrouter_reasoning")
FINE = [{"order": "A-17", "euros": 1}, {"order": "Z-4", "euros": 100}]
WRONG = [
    ({"order": "A-17", "euros": 101}, "101 euros pass. Which argument of Field sets the largest number?"),
    ({"order": "A-17", "euros": 0}, "0 euros pass. Which argument of Field sets the smallest number?"),
    ({"order": "17", "euros": 5}, "the order '17' passes, although it has no letter. Which argument of Field takes a pattern?"),
    ({"order": "see A-17 please", "euros": 5}, "'see A-17 please' passes. Does the pattern hold from the first to the last character?"),
]  # fmt: skip


def settings_arrive(answer: Any) -> Verdict:
    """Together, then Fireworks, nobody else, low effort: as settings that an openrouter: model sends."""
    if not isinstance(answer, dict):
        return not_yet("give a dict of settings, such as {'max_tokens': 200}.")
    odd = [name for name in answer if name.startswith("openrouter") and name not in KNOWN]
    if odd:
        return not_yet(f"{odd[0]!r} is not needed here, or not a setting at all. Which two are?")
    if "openrouter_provider" not in answer:
        return not_yet("no routing arrives: the provider object belongs into the setting openrouter_provider.")
    plan = plan_of(answer["openrouter_provider"])
    if isinstance(plan, Verdict):
        return plan
    asked = list(dict.fromkeys(e.slug for e in plan.kept))
    if asked[:2] != ["together", "fireworks"]:
        return not_yet(f"asked in turn: {', '.join(asked[:3])}. Which field gives an order?")
    if len(asked) > 2:
        return not_yet(f"behind the two, {len(asked) - 2} others may answer. Which field forbids it?")
    thinks = answer.get("openrouter_reasoning")
    if not isinstance(thinks, dict) or thinks.get("effort") != "low":
        return not_yet("the effort of its thinking is not low. Which setting holds {'effort': …}?")
    return right("Together, then Fireworks, nobody else, with low effort; and all of it goes out with the request.")


def refund_class(answer: Any) -> Verdict:
    """The class takes what a refund may be and refuses everything else."""
    from pydantic import BaseModel, ValidationError

    if not (isinstance(answer, type) and issubclass(answer, BaseModel)):
        return not_yet("give the class itself, made from BaseModel.")
    if set(answer.model_fields) != {"order", "euros"}:
        return not_yet(
            f"the class has the fields {', '.join(answer.model_fields) or 'none'}; it needs order and euros."
        )
    for fields in FINE:
        try:
            answer(**fields)
        except ValidationError as problem:
            return not_yet(f"a good refund, {fields}, is refused: {problem.errors()[0]['msg']}.")
    for fields, sentence in WRONG:
        try:
            answer(**fields)
        except ValidationError:
            continue
        return not_yet(sentence)
    return right("letter, dash and digits, 1 to 100 euros; anything else is an error that the model is told about.")
