"""The checkers of 33-langchain: arguments as ChatOpenAI would send them, a function tried on the metadata that occur."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from .routing_options import plan_of
from .verdict import Verdict, not_yet, right

FALLBACK = "mistralai/mistral-small-2603"
METADATA = [
    ("a plain answer", {"finish_reason": "stop", "model_provider": "openai"}, True),
    ("an answer that was cut", {"finish_reason": "length"}, False),
    ("a stream of ChatOpenAI", {"finish_reason": "stopstop"}, True),
    ("a cut stream of ChatOpenAI", {"finish_reason": "lengthlength"}, False),
    ("a stream that broke", {"finish_reason": "error"}, False),
    ("metadata without a reason", {"model_provider": "openai"}, False),
    ("a reason that is None", {"finish_reason": None}, False),
]


def request_arrives(answer: Any) -> Verdict:
    """Sorted by price, capped, with a fallback, at most 100 tokens, all of it where it reaches the body."""
    if not isinstance(answer, dict):
        return not_yet("give a dict of keyword arguments, such as {'max_tokens': 100}.")
    if answer.get("model_kwargs"):
        return not_yet(
            "model_kwargs become arguments of the OpenAI SDK, which refuses those it does not know. What adds to the body?"
        )
    if answer.get("max_tokens") != 100:
        return not_yet(f"an answer may have 100 tokens, not {answer.get('max_tokens', 'as many as it likes')}.")
    body = answer.get("extra_body")
    if not isinstance(body, dict):
        return not_yet("nothing of OpenRouter's is sent: extra_body is a dict with provider and models.")
    plan = plan_of(body.get("provider", {}))
    if isinstance(plan, Verdict):
        return plan
    prices = [e.prompt for e in plan.kept]
    if max(prices) > Decimal("0.10"):
        return not_yet(
            f"an endpoint at {max(prices):.3f} dollars per million prompt tokens may still answer. Which field caps it?"
        )
    if prices != sorted(prices) or not plan.ordered:
        return not_yet("the cheapest is not asked first. Which field sorts?")
    if body.get("models") != [FALLBACK]:
        return not_yet(f"when the model is down, nobody else is asked: extra_body takes models: [{FALLBACK!r}].")
    return right(f"{len(plan.kept)} endpoints, cheapest first, none above 10 cents; then {FALLBACK}.")


def says_finished(answer: Any) -> Verdict:
    """The function tells an answer that ended by itself from one that was cut or broke."""
    if not callable(answer):
        return not_yet("give the function itself, without calling it.")
    for name, metadata, wanted in METADATA:
        found = _tried(answer, metadata)
        if isinstance(found, Verdict):
            return found
        if bool(found) is not wanted:
            return not_yet(
                f"{name}, {metadata}, is called {'finished' if found else 'not finished'}. Look at its finish_reason."
            )
    return right("plain, streamed, cut, broken and silent answers are told apart.")


def _tried(function: Callable[..., Any], metadata: dict[str, Any]) -> Any:
    try:
        return function(dict(metadata))
    except Exception as problem:
        return not_yet(f"for {metadata} the function raised {type(problem).__name__}. Is every key always there?")
