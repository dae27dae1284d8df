"""The checkers of 31-agents-sdk: settings are built with the SDK's own class, a function is tried on made-up runs."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from openrouter_standin.routing.preferences import FIELDS

from .routing_options import FIGURES, GLM, only_by_figures, plan_of
from .sending import MESSAGES, Wire, attempts, first_error, limits_in, sent_by, served, waited
from .verdict import Verdict, called, in_words, is_number, judged, not_yet, right, shown

ROUTING = {"provider", "models", "session_id", "max_tokens", "max_completion_tokens"}
LIMIT, LEAST = 200, 20
"""Tokens of an answer: what the task allows, and with less than what it breaks off in its first sentence."""
RUNS: list[tuple[str, list[dict[str, float] | None], float | None, str]] = [
    ("a run of one call", [{"cost": 0.25}], 0.25, "Look at what a response holds."),
    ("a run of two calls", [{"cost": 0.25}, {"cost": 0.5}], 0.75, "Is every response of the run counted?"),
    ("a run of three calls", [{"cost": 0.25}, {"cost": 0.5}, {"cost": 0.125}], 0.875, "Is every response of the run counted?"),
    ("two calls at one price", [{"cost": 0.25}, {"cost": 0.25}], 0.5, "Equal prices are still two payments."),
    ("a run of only free calls", [{"cost": 0}, {"cost": 0}], 0, "0 is an amount, None is none."),
    ("a run of twelve calls", [{"cost": 0.5}] * 12, 6, "Is every response of the run counted?"),
    ("a run whose middle call kept no usage", [{"cost": 0.25}, None, {"cost": 0.25}], None, "What is a sum that leaves a call out?"),
    ("a run of small costs", [{"cost": 0.000014175}, {"cost": 0.0000012}], 0.000015375, "Is something rounded?"),
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
        return not_yet(f"ModelSettings drops {shown(dropped[0])} without a word. Its own field is called max_tokens.")
    if dropped:
        return not_yet(
            f"ModelSettings drops {shown(dropped[0])} without a word. Which of its fields adds keys to the request's body?"
        )
    if isinstance(answer.get("max_tokens"), bool):
        return not_yet(f"max_tokens takes a whole number, not {answer['max_tokens']}, which would be sent as a 0 or 1.")
    try:
        settings = ModelSettings(**answer)
    except (TypeError, ValueError) as problem:
        return not_yet(f"ModelSettings refuses this: {first_error(problem)}.")
    extra = settings.extra_body or {}
    misplaced = [name for name in extra if name in FIELDS]
    if misplaced:
        return not_yet(
            f"OpenRouter ignores {shown(misplaced[0])} at the top of the body: it belongs into the object provider."
        )
    if settings.extra_args or not isinstance(extra, dict) or set(extra) - ROUTING:
        return not_yet("two fields are enough: max_tokens, and extra_body with nothing in it but routing.")
    body = sent_by("the SDK", lambda wire: waited(_asked(settings, wire)))
    if isinstance(body, Verdict):
        return body
    limits = limits_in(body)
    if not limits:
        return not_yet(
            "without max_tokens an answer may be as long as the model can make it, and a small balance is refused."
        )
    if max(limits) > LIMIT and len(limits) > 1:
        return not_yet(f"two limits would be sent, and one of them is {max(limits)}: one of 200 is enough.")
    if max(limits) > LIMIT:
        return not_yet(f"an answer may have 200 tokens at most; these settings send {limits[0]}.")
    if min(limits) < LEAST:
        return not_yet(
            f"with a limit of {min(limits)} an answer breaks off in its first sentence; it may have 200 tokens."
        )
    if "provider" not in body:
        return not_yet("no routing goes out with the request: extra_body needs a key provider.")
    plan = plan_of(body["provider"])
    if isinstance(plan, Verdict):
        return plan
    asked = attempts(body)
    if [e.slug for e in plan.first] != ["together"] or asked[0]["provider"] != "Together":
        return not_yet("Together is not asked first. Which field lists favourites?")
    if only_by_figures(body["provider"], "together"):
        return not_yet(FIGURES)
    if not served(attempts(body, down=["together"])):
        return not_yet("no other provider may follow when Together is down; a customer would see its error.")
    if body["provider"].get("data_collection") != "deny":
        return not_yet("nothing here is about training. Which field of the provider object forbids it by name?")
    return right(
        f"{max(limits)} tokens at most, Together first, others behind it, and none of them may train on prompts."
    )


async def _asked(settings: Any, wire: Wire) -> None:
    """One request of an agent with these settings, made by the SDK's own code."""
    from agents import ModelTracing, OpenAIChatCompletionsModel
    from openai import AsyncOpenAI, DefaultAsyncHttpxClient

    client = AsyncOpenAI(
        base_url="https://openrouter.ai/api/v1",
        api_key="none",
        max_retries=0,
        http_client=DefaultAsyncHttpxClient(transport=wire),
    )
    await OpenAIChatCompletionsModel(GLM, client).get_response(
        system_instructions=None,
        input=MESSAGES[0]["content"],
        model_settings=settings,
        tools=[],
        output_schema=None,
        handoffs=[],
        tracing=ModelTracing.DISABLED,
        previous_response_id=None,
        conversation_id=None,
        prompt=None,
    )


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
            return not_yet(f"for {name} it says {shown(found)}, although the cost of that call is not known. {look}")
        if total is not None and not is_number(found):
            return not_yet(f"for {name} the function returned {shown(found)}, which is not an amount. {look}")
        if total is not None and not abs(float(found) - total) < 1e-12:
            return not_yet(f"for {name} it says {found}, but the calls cost {total:g}. {look}")
    return right("one call, several, equal prices and free ones add up; a call without a cost gives None.")


def _tried(function: Callable[[Any], Any], name: str, usages: list[dict[str, float] | None]) -> Any:
    responses = [SimpleNamespace(raw_usage=usage) for usage in usages]
    try:
        return called(function, SimpleNamespace(raw_responses=responses))
    except Exception as problem:
        return not_yet(
            f"for {name} the function raised {in_words(problem)}. A result holds raw_responses, each with a raw_usage."
        )
