"""The checkers of 35-local-servers: a charge read from either kind of answer, and which errors lead to the next server."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import openai
from openai.types.chat import ChatCompletion, ChatCompletionChunk

from .verdict import Verdict, is_number, judged, not_yet, right, shown, tried

USAGE = {"prompt_tokens": 9, "completion_tokens": 4, "total_tokens": 13}
HEAD = {"id": "chatcmpl-1", "created": 1, "model": "smollm2:135m"}
CHOICE = {"index": 0, "finish_reason": "stop"}
Case = tuple[str, Any, float | None]


def _whole(**more: Any) -> ChatCompletion:
    said = {**CHOICE, "message": {"role": "assistant", "content": "Hi."}}
    return ChatCompletion.model_validate({**HEAD, "object": "chat.completion", "choices": [said], **more})


def _last_chunk(**more: Any) -> ChatCompletionChunk:
    return ChatCompletionChunk.model_validate({**HEAD, "object": "chat.completion.chunk", "choices": [], **more})


def _answers() -> list[Case]:
    """What is read, how a sentence names it, and the charge."""
    paid = {
        "provider": "Groq",
        "usage": {**USAGE, "cost": 4.07e-06, "cost_details": {"upstream_inference_cost": 4.07e-06}},
    }
    return [
        ("OpenRouter's answer", _whole(**paid), 4.07e-06),
        ("a local answer", _whole(usage=USAGE), 0.0),
        ("the last chunk of OpenRouter's stream", _last_chunk(**paid), 4.07e-06),
        ("the last chunk of a local stream", _last_chunk(usage=USAGE), 0.0),
        ("a free model's answer", _whole(provider="Google", usage={**USAGE, "cost": 0}), 0.0),
        ("an answer whose cost is null", _whole(usage={**USAGE, "cost": None}), 0.0),
        ("a chunk without usage", _last_chunk(), None),
    ]


@judged
def bills(answer: Callable[[Any], Any]) -> Verdict:
    """`bill(response)`: the charge in US dollars, 0 where nobody charges, None where `usage` is missing."""
    if not callable(answer):
        return not_yet(f"bill is a function, not {shown(answer)}.")
    for name, response, charge in _answers():
        found = tried(f"for {name}, bill raises", answer, response)
        if charge is None:
            if found is not None:
                return not_yet(f"for {name} it gives {shown(found)}: nothing is known there, so None.")
        elif not is_number(found):
            return not_yet(f"for {name} it gives {shown(found)}, and the charge is the number {charge:g}.")
        elif abs(float(found) - charge) > 1e-12:
            return not_yet(f"for {name} it gives {shown(found)}, and the charge is {charge:g}.")
    return right("it reads both kinds, whole and streamed, and knows a charge of 0 from one that is not known.")


HTTP = sys.modules[openai.DefaultHttpxClient.__mro__[1].__module__]
"""httpx or httpx2, whichever the SDK uses."""
REQUEST = HTTP.Request("POST", "http://localhost/v1/chat/completions")
STATUSES = {
    400: (False, "a mistake in your request, which the next server would get too"),
    401: (False, "a wrong key, which nobody would notice any more"),
    402: (True, "no credits here; another server may have some, or need none"),
    404: (True, "no such model here; the next server may have its own"),
    408: (True, "too slow here"),
    422: (False, "a mistake in your request, which the next server would get too"),
    429: (True, "too many requests here"),
    500: (True, "a fault of this server"),
    502: (True, "a fault of the provider behind this server"),
    503: (True, "no capacity here"),
    529: (True, "an overload here"),
}
"""Statuses, whether the next server should be asked, and why. 403 and 413 are left out: that depends on the reason."""


def _problem(status: int) -> openai.APIStatusError:
    """The exception that the SDK raises for a status."""
    client = openai.OpenAI(base_url="http://localhost/v1", api_key="none")
    answer = HTTP.Response(status, request=REQUEST, json={"error": {"code": status, "message": "made up"}})
    return client._make_status_error_from_response(answer)


def _problems() -> list[tuple[str, Exception, bool, str]]:
    lost = [
        ("a refused connection", openai.APIConnectionError(request=REQUEST), True, "nothing listens there"),
        ("a time-out", openai.APITimeoutError(request=REQUEST), True, "too slow here"),
    ]
    by_status = [(f"a {status}", _problem(status), wanted, why) for status, (wanted, why) in STATUSES.items()]
    own = ("a ValueError of your own code", ValueError("not a number"), False, "a mistake in your code")
    return [*lost, *by_status, own]


@judged
def leads_on(answer: Callable[[Exception], Any]) -> Verdict:
    """`leads_on(problem)`: whether the next server is asked after this exception."""
    if not callable(answer):
        return not_yet(f"leads_on is a function, not {shown(answer)}.")
    for name, problem, wanted, why in _problems():
        found = tried(f"for {name}, leads_on raises", answer, problem)
        if not isinstance(found, bool):
            return not_yet(f"for {name} it gives {shown(found)}: True or False is asked for.")
        if found != wanted:
            does = "asks the next server" if found else "gives up"
            return not_yet(f"after {name} it {does}, but that is {why}.")
    return right("what another server may do better leads on, and what is your own to mend is seen.")
