"""The checkers of 33-langchain: arguments as ChatOpenAI would send them, a function tried on the metadata that occur."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import openrouter_standin
from openrouter_standin import catalogue

from .routing_options import GLM, limit_sent, plan_of
from .verdict import Verdict, judged, not_yet, right

FALLBACK, CAP = "mistralai/mistral-small-2603", Decimal("0.16")
METADATA = [
    ("a plain answer", {"finish_reason": "stop", "model_provider": "openai"}, True),
    ("an answer that was cut", {"finish_reason": "length"}, False),
    ("a stream of ChatOpenAI", {"finish_reason": "stopstop"}, True),
    ("a cut stream of ChatOpenAI", {"finish_reason": "lengthlength"}, False),
    ("a stream that broke", {"finish_reason": "error"}, False),
    ("a broken stream of ChatOpenAI", {"finish_reason": "errorerror"}, False),
    ("an answer that a filter ended", {"finish_reason": "content_filter"}, False),
    ("a stream of ChatOpenAI that a filter ended", {"finish_reason": "content_filtercontent_filter"}, False),
    ("a reason that begins like another", {"finish_reason": "stopped by a filter"}, False),
    ("metadata without a reason", {"model_provider": "openai"}, False),
    ("a reason that is None", {"finish_reason": None}, False),
]


@judged
def request_arrives(answer: Any) -> Verdict:
    """Sorted by price, capped, with a fallback that the cap lets in, 1,000 tokens, all of it where it reaches the body."""
    if not isinstance(answer, dict):
        return not_yet("give a dict of keyword arguments, such as {'max_tokens': 1000}.")
    given = [name for name in ("model", "base_url", "api_key") if name in answer]
    if given:
        return not_yet(f"{given[0]} is given: leave it out.")
    chat = _made(answer)
    if chat.model_kwargs:
        return not_yet(
            f"{next(iter(chat.model_kwargs))!r} becomes an argument of the OpenAI SDK, which does not know it. What adds to the body?"
        )
    if not 0 <= (chat.temperature or 0) <= 2 or (chat.n or 1) != 1:
        return not_yet("a temperature above 2 is refused, and more than one answer (n) is not given: leave them out.")
    if chat.use_responses_api or chat.reasoning or chat.disabled_params:
        return not_yet("reasoning, use_responses_api and disabled_params change the request itself: leave them out.")
    body = chat.extra_body
    if not isinstance(body, dict):
        return not_yet("nothing of OpenRouter's is sent: extra_body is a dict with provider and models.")
    limit = limit_sent(body, chat.max_tokens)
    if "messages" in body:
        return not_yet("messages in extra_body would replace the conversation: leave them out.")
    if limit != 1000 or "model" in body:
        return not_yet(f"an answer may have 1,000 tokens, not {limit or 'as many as it likes'}, and model is given.")
    return _routes(body)


def _made(answer: dict[str, Any]) -> Any:
    from langchain_openai import ChatOpenAI

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # unknown names: model_kwargs, which is looked at
        return ChatOpenAI(model=GLM, base_url="https://openrouter.ai/api/v1", api_key="none", **answer)


def _routes(body: dict[str, Any]) -> Verdict:
    if "provider" not in body:
        return not_yet("extra_body has no provider object: nothing is sorted and nothing is capped.")
    plan = plan_of(body["provider"])
    if isinstance(plan, Verdict):
        return plan
    prices = [e.prompt for e in plan.kept]
    if max(prices) > CAP:
        return not_yet(
            f"an endpoint at {max(prices):.3f} dollars per million prompt tokens may still answer. Which field caps it, in which unit?"
        )
    sort = body["provider"].get("sort")
    if (sort.get("by") if isinstance(sort, dict) else sort) != "price" or prices != sorted(prices):
        return not_yet("the cheapest is not asked first. Which field sorts?")
    if not isinstance(body.get("models"), list):
        return not_yet("models takes a list of model ids; anything else cannot be sent as JSON.")
    try:
        json.dumps(body)
    except TypeError as problem:
        return not_yet(f"this cannot be sent: {problem}.")
    if list(body.get("models") or ()) not in ([FALLBACK], [GLM, FALLBACK]):
        return not_yet(f"when the model is down, no other is asked: extra_body takes models: [{FALLBACK!r}].")
    if not openrouter_standin.plan(catalogue.routable(FALLBACK), provider=body["provider"], model=FALLBACK).kept:
        return not_yet(
            f"{FALLBACK} can never answer: the provider object holds for it as well, and it asks 15 cents for the prompt and 60 for the answer. What shuts it out?"
        )
    if plan.attempts == 1:
        return not_yet("only the cheapest is tried, and no other after it. Which field forbids the others?")
    return right(
        f"{len(plan.kept)} endpoint{'s'[: len(plan.kept) > 1]}, cheapest first, none above 16 cents; then {FALLBACK}, which passes too."
    )


@judged
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
    return right("plain, streamed, cut, broken, filtered and silent answers are told apart.")


def _tried(function: Callable[..., Any], metadata: dict[str, Any]) -> Any:
    try:
        return function(dict(metadata))
    except Exception as problem:
        return not_yet(
            f"for {metadata} the function raised {type(problem).__name__}. Is every key always there, and every value a text?"
        )
