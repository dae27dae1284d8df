"""The checkers of 33-langchain: arguments as ChatOpenAI would send them, a function tried on the metadata that occur."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from decimal import Decimal
from inspect import signature
from typing import Any

from .routing_options import GLM, by_price_alone, plan_of, sort_of
from .sending import MESSAGES, Wire, attempts, first_error, limits_in, sent_by, served
from .verdict import Verdict, called, in_words, judged, not_yet, right, shown

FALLBACK, CAP = "mistralai/mistral-small-2603", Decimal("0.16")
GIVEN = (
    "model", "model_name", "base_url", "openai_api_base", "api_key", "openai_api_key",
    "client", "async_client", "root_client", "root_async_client", "http_client", "http_async_client", "openai_proxy",
)  # fmt: skip
"""Arguments that say which model is asked, where and by what, under all their names."""
REPLACED = {
    "model": "replaces the model, which is given",
    "messages": "would replace the conversation",
    "stream": "changes the form of the answer, which invoke then cannot read",
}
"""Keys of the body that extra_body must not touch."""
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
    given = [name for name in GIVEN if name in answer]
    if given:
        return not_yet(f"{given[0]} is given: leave it out.")
    wire = Wire()
    try:
        chat = _made(answer, wire)
    except (TypeError, ValueError) as problem:
        return not_yet(f"ChatOpenAI refuses this: {first_error(problem)}.")
    unknown = [name for name in chat.model_kwargs if name not in _sdk_arguments()]
    if unknown:
        return not_yet(
            f"{shown(unknown[0])} becomes an argument of the OpenAI SDK, which does not know it. What adds to the body?"
        )
    if chat.use_responses_api or chat.reasoning or chat.disabled_params:
        return not_yet("reasoning, use_responses_api and disabled_params change the request itself: leave them out.")
    body = chat.extra_body
    if not isinstance(body, dict):
        return not_yet("nothing of OpenRouter's is sent: extra_body is a dict with provider and models.")
    for name, why in REPLACED.items():
        if name in body:
            return not_yet(f"{name} in extra_body {why}: leave it out.")
    sent = sent_by("ChatOpenAI", lambda _: _asked(chat), wire)
    if isinstance(sent, Verdict):
        return sent
    if sent.get("n") not in (None, 1):
        return not_yet(f"n asks for {sent['n']} answers, and one is given: leave it out.")
    limits = limits_in(sent)
    if set(limits) != {1000}:
        said = " and ".join(map(str, limits)) or "as many as it likes"
        return not_yet(f"an answer may have 1,000 tokens, not {said}.")
    return _routes(sent)


def _made(answer: dict[str, Any], wire: Wire) -> Any:
    from langchain_openai import ChatOpenAI
    from openai import DefaultHttpxClient

    own = {name: dict(value) if isinstance(value, dict) else value for name, value in answer.items()}  # it empties one
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # unknown names: model_kwargs, which is looked at
        return ChatOpenAI(
            model=GLM,
            base_url="https://openrouter.ai/api/v1",
            api_key="none",
            **{"max_retries": 0, **own, "http_client": DefaultHttpxClient(transport=wire)},
        )


def _asked(chat: Any) -> None:
    """One request, made by LangChain's own code; it leaves no trace at LangSmith."""
    from langsmith import tracing_context

    with tracing_context(enabled=False):
        chat.invoke(MESSAGES[0]["content"])


def _sdk_arguments() -> Mapping[str, Any]:
    from openai.resources.chat import Completions

    return signature(Completions.create).parameters


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
    if body["provider"].get("order"):
        return not_yet("order beats sort: whom it names goes first, whatever they ask. Leave it out.")
    if sort_of(body["provider"]) == "price" and not by_price_alone(body["provider"]):
        return not_yet("preferred_… puts slow endpoints behind quicker ones, whatever they ask. Leave it out.")
    if sort_of(body["provider"]) != "price" or prices != sorted(prices):
        return not_yet("the cheapest is not asked first. Which field sorts?")
    if body.get("models") and set(body["models"]) - {GLM} != {FALLBACK}:
        return not_yet(f"models names {shown(body['models'])}; {FALLBACK!r} is the one fallback.")
    if not body.get("models"):
        return not_yet(f"when the model is down, no other is asked: extra_body takes models: [{FALLBACK!r}].")
    if plan.attempts == 1:
        return not_yet("only the cheapest is tried, and no other after it. Which field forbids the others?")
    if not served(attempts(body, down=[e.slug for e in plan.kept])):
        return not_yet(
            f"{FALLBACK} can never answer: the provider object holds for it as well, and it asks 15 cents for the prompt and 60 for the answer. What shuts it out?"
        )
    sort = body["provider"]["sort"]
    if isinstance(sort, dict) and sort.get("partition") == "none":
        return not_yet(
            f"partition 'none' sorts both models together: {FALLBACK} comes last only by the prices of 30 September 2026. Leave it out."
        )
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
        return called(function, dict(metadata))
    except Exception as problem:
        return not_yet(
            f"for {metadata} the function raised {in_words(problem)}. Is every key always there, and every value a text?"
        )
