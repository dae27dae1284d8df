"""The checkers of 13-errors-and-retries: a reader's function is given the errors that the SDK raises for each fault."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import openai

from openrouter_standin import Faults

from .sending import MESSAGES, Wire
from .verdict import Unfit, Verdict, judged, not_yet, right, shown, tried

MINI, FREE = "openai/gpt-4o-mini", "openai/gpt-oss-20b:free"
OWN_WORDS = "The field `verbosity` is not known here"
Case = tuple[str, dict[str, Any], dict[str, Any], bool]
CASES: tuple[Case, ...] = (
    ("a provider that is down", {"down": ["*"]}, {}, True),
    ("a model id that never was", {}, {"model": "openai/gpt-4o-mimi"}, False),
    ("a busy provider", {"rate_limited": ["*"]}, {}, True),
    ("the free requests of the day, which are used up", {"free_used": "per-day"}, {"model": FREE}, False),
    ("the free requests of this minute", {"free_used": "per-min"}, {"model": FREE}, True),
    ("an empty account", {"credits": 0.0}, {}, False),
    ("requests that still run and hold the credits", {"in_flight": True}, {}, True),
    ("a request that alone is too dear for the account", {"too_heavy": True}, {}, False),
    ("moderation", {"flagged": "violence"}, {}, False),
    ("a provider that refuses the request", {"refused": OWN_WORDS}, {}, False),
    ("a provider that refuses with JSON in raw", {"refused": "max-tokens-openai"}, {}, False),
    ("a time-out at the service (408)", {"status": 408}, {}, True),
    ("a body that is too large (413)", {"status": 413}, {}, False),
    ("a request that cannot be processed (422)", {"status": 422}, {}, False),
    ("a failure inside OpenRouter (500)", {"status": 500}, {}, True),
    ("no free provider (503)", {"status": 503}, {}, True),
    ("an edge time-out (524)", {"status": 524}, {}, True),
    ("an overloaded provider (529)", {"status": 529}, {}, True),
    ("wishes that leave no endpoint", {}, {"extra_body": {"provider": {"only": ["z-ai"]}}}, False),
    ("a line that breaks", {"certificate": True}, {}, True),
    ("a stream that breaks", {"break_after": 2}, {"stream": True}, True),
)  # fmt: skip
"""What happens, the fault, what the request has of its own, whether it is worth a second try."""


@cache
def _error(number: int) -> openai.APIError:
    """What the SDK raises for a case, made by a real client whose requests end in the stand-in."""
    _, faults, request, _ = CASES[number]
    client = openai.OpenAI(
        api_key="offline",
        base_url="https://openrouter.ai/api/v1",
        max_retries=0,
        http_client=openai.DefaultHttpxClient(transport=Wire(Faults(**faults))),
    )
    try:
        answer = client.chat.completions.create(**{"model": MINI, "messages": MESSAGES, "max_tokens": 60, **request})
        list(answer)
    except openai.APIError as error:
        return error
    raise AssertionError(f"no error for {CASES[number][0]}")


@judged
def worth_it(answer: Any) -> Verdict:
    """A function that says of each error whether it may be better the next time."""
    for number, found in _given(answer, "again"):
        what, _, _, wanted = CASES[number]
        if not isinstance(found, bool):
            return not_yet(f"{what}: again gives {shown(found)}, and True or False was asked for.")
        if found != wanted:
            why = "is worth a second try" if wanted else "is not better the next time"
            return not_yet(f"{what} ({_named(number)}) {why}. {_look(number)}")
    return right(
        f"{len(CASES)} errors judged: {sum(c[3] for c in CASES)} of them are tried again, the others come out."
    )


@judged
def log_line(answer: Any) -> Verdict:
    """A function that gives one line: status or code, provider, and the sentence that says why."""
    for number, found in _given(answer, "line"):
        what = CASES[number][0]
        if not isinstance(found, str) or not found.strip():
            return not_yet(f"{what}: line gives {shown(found)}, and a text was asked for.")
        if "\n" in found.strip():
            return not_yet(f"{what}: the line has several lines; a log has one for each error.")
        for needed, name in _needed(number):
            if needed not in found:
                return not_yet(f"{what} ({_named(number)}): {name} is missing in {shown(found)}.")
        if len(found) > 400:
            return not_yet(f"{what}: the line has {len(found)} characters; one sentence is enough.")
    return right(f"{len(CASES)} errors, one line each, with the provider's own words where it has some.")


def _given(function: Any, name: str) -> Iterator[tuple[int, Any]]:
    """The number of each case, and what the reader's function makes of its error. `name`: the function's in the lesson."""
    if not callable(function):
        raise Unfit(f"{name} is a function that takes an error, not {shown(function)}.")
    for number, case in enumerate(CASES):
        yield number, tried(f"{case[0]} ({_named(number)}): your function raises", function, _error(number))


def _named(number: int) -> str:
    error = _error(number)
    status = getattr(error, "status_code", None)
    return f"{status}, {type(error).__name__}" if status else f"{type(error).__name__} without a status"


def _look(number: int) -> str:
    """What tells this error from its neighbours."""
    status = getattr(_error(number), "status_code", None)
    if status == 402:
        return "Which limit_source does it name?"
    if status == 429:
        return "Which limit does its message name?"
    return "It has no status_code." if status is None else "What does its status say?"


def _inner(raw: Any) -> Any:
    """The sentence inside what a provider sent, where that is JSON with one; else what it sent."""
    try:
        return json.loads(raw)["error"]["message"]
    except (KeyError, TypeError, ValueError):
        return raw


def _needed(number: int) -> list[tuple[str, str]]:
    """What a line about this error must hold, and how a sentence calls it."""
    error = _error(number)
    body = error.body if isinstance(error.body, dict) else {}
    metadata = body.get("metadata") or {}
    status = getattr(error, "status_code", None) or error.code
    needed = [(str(status), "the status" if hasattr(error, "status_code") else "the code")] if status else []
    if metadata.get("provider_name"):
        needed.append((metadata["provider_name"], "the provider's name"))
    sentence = _inner(metadata.get("raw")) or body.get("message") or str(error)
    return [*needed, (" ".join(sentence.split())[:30], "the sentence that says why")]
