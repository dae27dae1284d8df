"""The checkers of 31-agents-sdk: settings are built with the SDK's own class, a function is tried on made-up runs."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from .routing_options import plan_of
from .verdict import Verdict, not_yet, right


def careful_settings(answer: Any) -> Verdict:
    """At most 200 tokens, Together first, others allowed, no training: as keyword arguments of ModelSettings."""
    from agents import ModelSettings

    if not isinstance(answer, dict):
        return not_yet("give a dict of keyword arguments, such as {'max_tokens': 200}.")
    try:
        settings = ModelSettings(**answer)
    except (TypeError, ValueError) as problem:
        unknown = [name for name in answer if not hasattr(ModelSettings(), name)]
        if unknown:
            return not_yet(
                f"ModelSettings knows no {unknown[0]!r}. Which of its fields adds keys to the request's body?"
            )
        return not_yet(f"ModelSettings refuses this: {str(problem).splitlines()[0]}.")
    if settings.max_tokens is None:
        return not_yet(
            "without max_tokens an answer may be as long as the model can make it, and a small balance is refused."
        )
    if settings.max_tokens != 200:
        return not_yet(f"an answer may have 200 tokens; these settings allow {settings.max_tokens}.")
    body = settings.extra_body or {}
    if not isinstance(body, dict) or "provider" not in body:
        return not_yet("no routing goes out with the request: extra_body needs a key provider.")
    plan = plan_of(body["provider"])
    if isinstance(plan, Verdict):
        return plan
    if [e.slug for e in plan.first] != ["together"]:
        return not_yet("Together is not asked first. Which field lists favourites?")
    if {e.slug for e in plan.kept} == {"together"}:
        return not_yet("nobody may follow when Together is down; a customer would see its error.")
    if body["provider"].get("data_collection") != "deny":
        return not_yet("a provider may still train on the prompts. Which field forbids it?")
    return right("200 tokens at most, Together first, others behind it, and none of them may train on prompts.")


def run_cost(answer: Any) -> Verdict:
    """The function adds up each generation of a run once."""
    if not callable(answer):
        return not_yet("give the function itself, without calling it.")
    for name, result, prices, total in _runs():
        found = _tried(answer, result, prices)
        if isinstance(found, Verdict):
            return found
        if not isinstance(found, int | float) or isinstance(found, bool):
            return not_yet(f"for {name} the function returned {found!r}, which is no amount.")
        if abs(found - total) > 1e-9:
            return not_yet(f"for {name} it says {found:g}, but the calls cost {total:g}. {_why(name)}")
    return right("one call, several calls, several items of one call and items without details: all add up.")


def _tried(function: Callable[..., Any], result: Any, prices: dict[str, float]) -> Any:
    try:
        return function(result, prices.__getitem__)
    except Exception as problem:
        return not_yet(f"the function raised {type(problem).__name__}: {problem}. Does every item have what you read?")


def _why(name: str) -> str:
    return {
        "a run of two calls": "Is every response of the run counted?",
        "a call with two items": "Items of one response share an id; pay for it once.",
    }.get(name, "Look at what each response holds.")


def _runs() -> list[tuple[str, Any, dict[str, float], float]]:
    """Made-up runs: a name, the result, the cost of each generation, the sum."""

    def item(identity: str | None) -> Any:
        return SimpleNamespace(provider_data={"response_id": identity} if identity else None)

    def run(*responses: list[str | None]) -> Any:
        made = [SimpleNamespace(output=[item(i) for i in ids]) for ids in responses]
        return SimpleNamespace(raw_responses=made)

    return [
        ("a run of one call", run(["gen-a"]), {"gen-a": 0.25}, 0.25),
        ("a run of two calls", run(["gen-a"], ["gen-b"]), {"gen-a": 0.25, "gen-b": 0.5}, 0.75),
        ("a call with two items", run(["gen-a", "gen-a"], ["gen-b"]), {"gen-a": 0.25, "gen-b": 0.5}, 0.75),
        ("an item without details", run([None, "gen-a"]), {"gen-a": 0.25}, 0.25),
    ]
