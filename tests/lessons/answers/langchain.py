"""Answers to the exercises of 33-langchain: for each checker the unedited one, wrong ones, right ones."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

MISTRAL = "mistralai/mistral-small-2603"
ARRIVES = {
    "models": [MISTRAL],
    "provider": {"sort": "price", "max_price": {"prompt": 0.16}},
}
DENIED = (None, "length", "lengthlength", "error", "errorerror", "content_filter")


def sent(provider: Any = ARRIVES["provider"], **body: Any) -> dict[str, Any]:
    """The right arguments, with another provider object or more in extra_body."""
    return {"max_tokens": 1000, "extra_body": {**ARRIVES, "provider": provider, **body}}


def priced(**fields: Any) -> dict[str, Any]:
    """The right arguments, with these fields of the provider object replaced or added."""
    return sent({**ARRIVES["provider"], **fields})


def reason_of(metadata: dict[str, Any]) -> str:
    return metadata.get("finish_reason") or ""


async def awaited(metadata: dict[str, Any]) -> bool:
    return reason_of(metadata) in ("stop", "stopstop")


def yields(metadata: dict[str, Any]) -> Any:
    yield reason_of(metadata) in ("stop", "stopstop")


def endless(metadata: dict[str, Any]) -> bool:
    while reason_of(metadata) != "length":
        pass
    return False


def of_two(metadata: dict[str, Any], more: Any) -> bool:
    return reason_of(metadata) in ("stop", "stopstop")


def first_only(metadata: dict[str, Any]) -> bool:
    return metadata["finish_reason"] in ("stop", "stopstop")


def matched(metadata: dict[str, Any]) -> str:
    match reason_of(metadata):
        case "stop" | "stopstop":
            return "yes"
    return ""


class Finished:
    """A class with a method in place of a function."""

    def __call__(self, metadata: dict[str, Any]) -> bool:
        return reason_of(metadata) in ("stop", "stopstop")

    def method(self, metadata: dict[str, Any]) -> int:
        return int(self(metadata))


class Undecided:
    """What is neither true nor false."""

    def __bool__(self) -> bool:
        raise RuntimeError("bool")


CASES: dict[str, tuple[Any, list[Any], list[Any]]] = {
    "request_arrives": (
        {"max_tokens": 1000, "model_kwargs": {"provider": {"sort": "price"}}},
        [
            None,
            [sent()],
            "max_tokens=1000",
            {1: 2},
            {"extra_body": ARRIVES},  # no limit
            {**sent(), "max_tokens": 9000},
            {**sent(), "max_tokens": 100},  # it thinks
            {**sent(), "max_tokens": True},  # is sent as 1
            {**sent(), "max_tokens": 1000.5},
            sent(max_tokens=9000),  # both are sent
            {"max_tokens": 1000, "provider": {"sort": "price"}},  # not an argument
            {"max_tokens": 1000, "extra_body": {"extra_body": ARRIVES}},
            {"max_tokens": 1000, "extra_body": [ARRIVES]},
            {"max_tokens": 1000, "extra_body": None},
            {**sent(), "temprature": 0.2},
            {**sent(), "reasoning": {"effort": "low"}},
            {**sent(), "use_responses_api": True},
            {**sent(), "n": 50},
            {**sent(), "temperature": 5},  # 400
            {**sent(), "temperature": float("nan")},  # cannot be sent
            {**sent(), "base_url": "https://openrouter.ai/api/v1"},
            {**sent(), "model_name": "openai/gpt-5-nano"},  # another name of model
            {**sent(), "client": print},  # would send it somewhere else
            {**sent(), "callbacks": 5},
            sent(model="x/y"),
            sent(messages=[]),
            sent(stream=True),
            {"max_tokens": 1000, "extra_body": {"models": [MISTRAL]}},  # no provider
            {"max_tokens": 1000, "extra_body": {"provider": ARRIVES["provider"]}},  # no fallback
            sent({"max_price": {"prompt": 0.16}}),  # nothing is sorted
            sent({"sort": "price"}),  # nothing is capped
            priced(sort="throughput"),
            priced(sort={"by": "price", "partition": "none"}),  # the fallback comes in between
            priced(preferred_min_throughput=1),  # by medians
            priced(order=["open-inference"]),  # order beats sort
            priced(max_price={"prompt": 0.1}),  # shuts the fallback out
            priced(max_price={"prompt": 0.16, "completion": 0.5}),  # the same
            priced(max_price={"prompt": 16}),  # cents
            priced(max_price={"prompt": Decimal("0.16")}),  # cannot be sent
            priced(max_price=0.16),
            priced(ignore=["mistral"]),  # shuts the fallback out
            priced(allow_fallbacks=False),
            priced(quantizations=["fp8"]),  # the fallback's precision is not known
            sent(models=MISTRAL),  # a text
            sent(models={MISTRAL}),  # a set
            sent(models={MISTRAL: 1}),
            sent(models=(model for model in [MISTRAL])),
            sent(models=["z-ai/glm-5.3-flash"]),  # itself
            sent(models=[MISTRAL, "openai/gpt-5-nano"]),  # one too many
            sent(models=["mistral-small-2603"]),  # no author
            sent(models=[[MISTRAL]]),
        ],
        [
            sent(),
            {"max_completion_tokens": 1000, "extra_body": ARRIVES},
            {"extra_body": {**ARRIVES, "max_tokens": 1000}},
            {**sent(), "max_tokens": "1000"},  # the class makes a number of it
            {"max_tokens": 1000, "model_kwargs": {"extra_body": ARRIVES}},  # LangChain moves it to its place
            {**sent(), "model_kwargs": {"user": "desk"}},  # the SDK knows user
            {**sent(session_id="x"), "temperature": 0},
            {**sent(), "streaming": True, "timeout": 5, "max_retries": 3},
            {**sent(), "default_headers": {"X-OpenRouter-Title": "desk"}, "stop": ["END"]},
            sent(models=["z-ai/glm-5.3-flash", MISTRAL]),
            sent(models=(MISTRAL, MISTRAL)),
            priced(sort={"by": "price"}, max_price={"prompt": "0.16"}),
        ],
    ),
    "says_finished": (
        lambda metadata: metadata["finish_reason"] == "stop",
        [
            None,
            "finished",
            True,
            Finished,  # the class, which is always true
            of_two,
            awaited,
            lambda metadata: awaited(metadata),  # a coroutine that nobody awaits
            yields,  # a generator is always true
            endless,
            first_only,  # the reason may be missing
            lambda metadata: metadata["finish_reason"] == "stop",
            lambda metadata: reason_of(metadata) == "stopstop",
            lambda metadata: "stop" in metadata["finish_reason"],
            lambda metadata: "stop" in reason_of(metadata),
            lambda metadata: "p" in reason_of(metadata),
            lambda metadata: reason_of(metadata).startswith("stop"),
            lambda metadata: reason_of(metadata).endswith("stop") or "stop",
            lambda metadata: len(reason_of(metadata)) in (4, 8, 19),
            lambda metadata: metadata.get("finish_reason") not in (None, "length", "lengthlength", "error"),
            lambda metadata: metadata.get("finish_reason") not in DENIED,
            lambda metadata: metadata.get("finish_reason", "stop") in ("stop", "stopstop"),  # silence is no stop
            lambda metadata: (metadata.get("finish_reason") or "stop") in ("stop", "stopstop"),
            lambda metadata: str(reason_of(metadata) in ("stop", "stopstop")),  # "False" is true
            lambda metadata: [reason_of(metadata) in ("stop", "stopstop")],  # a list of one is true
            lambda metadata: reason_of(metadata) not in ("stop", "stopstop"),  # the other way round
            lambda metadata: metadata.finish_reason in ("stop", "stopstop"),  # a dict has no such attribute
            lambda metadata: Undecided(),
            lambda metadata: float("nan"),  # is true
            lambda metadata: True,
            lambda metadata: None,
            lambda metadata: print(metadata),
        ],
        [
            lambda metadata: metadata.get("finish_reason") in ("stop", "stopstop"),
            lambda metadata: reason_of(metadata).replace("stop", "") == "" and bool(reason_of(metadata)),
            lambda metadata: re.fullmatch("(stop)+", reason_of(metadata)),  # a match is true, None is not
            lambda metadata: {"stop": 1, "stopstop": 1}.get(metadata.get("finish_reason")),
            lambda metadata, wanted=("stop", "stopstop"): reason_of(metadata) in wanted,
            matched,
            Finished(),
            Finished().method,
        ],
    ),
}  # fmt: skip
