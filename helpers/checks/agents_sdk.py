"""The checkers of 31-agents-sdk: settings are built with the SDK's own class, a function is tried on made-up runs."""

from __future__ import annotations

from collections.abc import Callable
from numbers import Number
from types import SimpleNamespace
from typing import Any

from .routing_options import FIGURES, limit_sent, only_by_figures, plan_of
from .verdict import Verdict, is_number, judged, not_yet, right

ROUTING = {"provider", "models", "session_id", "max_tokens", "max_completion_tokens"}
RUNS: list[tuple[str, list[dict[str, float] | None], float | None, str]] = [
    ("a run of one call", [{"cost": 0.25}], 0.25, "Look at what a response holds."),
    ("a run of two calls", [{"cost": 0.25}, {"cost": 0.5}], 0.75, "Is every response of the run counted?"),
    ("a run of three calls", [{"cost": 0.25}, {"cost": 0.5}, {"cost": 0.125}], 0.875, "Is every response of the run counted?"),
    ("two calls at one price", [{"cost": 0.25}, {"cost": 0.25}], 0.5, "Equal prices are still two payments."),
    ("a run of only free calls", [{"cost": 0}, {"cost": 0}], 0, "0 is an amount, None is none."),
    ("a run of five calls", [{"cost": 0.5}] * 5, 2.5, "Is every response of the run counted?"),
    ("a run whose middle call kept no usage", [{"cost": 0.25}, None, {"cost": 0.25}], None, "What is a sum that leaves a call out?"),
    ("a run of small costs", [{"cost": 0.0000173}, {"cost": 0.0000012}], 0.0000185, "Is something rounded?"),
    ("a run with a free call", [{"cost": 0}, {"cost": 0.25}], 0.25, "A cost of 0 is a cost."),
    ("a run with a call that kept no usage", [{"cost": 0.25}, None], None, "What is a sum that leaves a call out?"),
    ("a run whose first call kept no usage", [None, {"cost": 0.25}], None, "What is a sum that leaves a call out?"),
    ("a run whose last call says no cost", [{"cost": 0.25}, {"total_tokens": 9}], None, "What is missing is not 0."),
    ("a run whose first call says no cost", [{"total_tokens": 9}, {"cost": 0.25}], None, "What is missing is not 0."),
]  # fmt: skip
"""Made-up runs: a name, the raw_usage of each response, the sum, and what to look at when the function says otherwise."""


@judged
def careful_settings(answer: Any) -> Verdict:
    """At most 200 tokens, Together first, others allowed, no training: as keyword arguments of ModelSettings."""
    from agents import ModelSettings

    if not isinstance(answer, dict):
        return not_yet("give a dict of keyword arguments, such as {'max_tokens': 200}.")
    dropped = [name for name in answer if name not in ModelSettings.__dataclass_fields__]
    if dropped and "max" in str(dropped[0]):
        return not_yet(f"ModelSettings drops {dropped[0]!r} without a word. Its own field is called max_tokens.")
    if dropped:
        return not_yet(
            f"ModelSettings drops {dropped[0]!r} without a word. Which of its fields adds keys to the request's body?"
        )
    settings = ModelSettings(**answer)
    body = settings.extra_body or {}
    if settings.extra_args or not isinstance(body, dict) or set(body) - ROUTING:
        return not_yet("two fields are enough: max_tokens, and extra_body with nothing in it but routing.")
    limit = limit_sent(body, settings.max_tokens)
    if limit is None:
        return not_yet(
            "without max_tokens an answer may be as long as the model can make it, and a small balance is refused."
        )
    if not is_number(limit) or not 0 < limit <= 200:
        return not_yet(f"an answer may have 200 tokens at most; these settings send {limit}.")
    if settings.max_tokens is not None and settings.max_tokens > 200:
        return not_yet(f"two limits would be sent, and one of them is {settings.max_tokens}: one of 200 is enough.")
    if not isinstance(body.get("models", []), list) or not isinstance(body.get("session_id", ""), str):
        return not_yet("models takes a list of model ids, session_id a text: this would be refused with a 400.")
    if "provider" not in body:
        return not_yet("no routing goes out with the request: extra_body needs a key provider.")
    plan = plan_of(body["provider"])
    if isinstance(plan, Verdict):
        return plan
    if [e.slug for e in plan.first] != ["together"]:
        return not_yet("Together is not asked first. Which field lists favourites?")
    if only_by_figures(body["provider"]):
        return not_yet(FIGURES)
    if {e.slug for e in plan.kept} == {"together"} or plan.attempts == 1:
        return not_yet("no other provider may follow when Together is down; a customer would see its error.")
    if body["provider"].get("data_collection") != "deny":
        return not_yet("nothing here is about training. Which field of the provider object forbids it by name?")
    return right(f"{limit} tokens at most, Together first, others behind it, and none of them may train on prompts.")


@judged
def run_cost(answer: Any) -> Verdict:
    """The function adds up every response of a run, and gives None when one of them says no cost."""
    if not callable(answer):
        return not_yet("give the function itself, without calling it.")
    for name, usages, total, look in RUNS:
        found = _tried(answer, name, usages)
        if isinstance(found, Verdict):
            return found
        if total is None and found is not None:
            return not_yet(f"for {name} it says {found!r}, although the cost of that call is not known. {look}")
        if total is not None and not isinstance(found, Number):
            return not_yet(f"for {name} the function returned {found!r}, which is not an amount. {look}")
        if total is not None and not abs(float(found) - total) < 1e-9:  # NaN is no amount either
            return not_yet(f"for {name} it says {found}, but the calls cost {total:g}. {look}")
    return right("one call, several, equal prices and free ones add up; a call without a cost gives None.")


def _tried(function: Callable[[Any], Any], name: str, usages: list[dict[str, float] | None]) -> Any:
    responses = [SimpleNamespace(raw_usage=usage) for usage in usages]
    try:
        return function(SimpleNamespace(raw_responses=responses))
    except Exception as problem:
        return not_yet(
            f"for {name} the function raised {type(problem).__name__}: {problem}. A result holds raw_responses, each with a raw_usage."
        )
