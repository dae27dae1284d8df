"""The checkers of 04-streaming."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from ..show.markup import usd
from .routing_options import many, names, only_today, plan_of, unit_hint
from .verdict import Verdict, called, in_words, judged, not_yet, right, shown

FIRST_TOKEN_S, CEILING = 0.6, Decimal("0.20")


def _chunk(
    content: str | None = "",
    usage: Any = None,
    empty: bool = False,
    reasoning: str | None = None,
    finish: str | None = None,
) -> Any:
    """A chunk of the shape that real streams have."""
    delta = SimpleNamespace(role="assistant", content=content, reasoning=reasoning)
    choices = [] if empty else [SimpleNamespace(index=0, delta=delta, finish_reason=finish)]
    return SimpleNamespace(choices=choices, usage=usage)


@judged
def survives(collect: Any) -> Verdict:
    """A function from chunks to `(text, usage)`, tried on several shapes of stream."""
    if not callable(collect):
        return not_yet(f"collect is a function that takes chunks, not {shown(collect)}.")
    usage = SimpleNamespace(completion_tokens=2, cost=0.000001)
    streams = {
        "a stream whose usage chunk has an empty choices list": [
            _chunk("One"),
            _chunk(" two"),
            _chunk(finish="stop"),
            _chunk(usage=usage, empty=True),
        ],
        "a stream whose last chunk repeats the finish reason": [
            _chunk("One"),
            _chunk(" two"),
            _chunk(finish="stop"),
            _chunk(usage=usage, finish="stop"),
        ],
        "a stream with a delta whose content is None": [
            _chunk("One"),
            _chunk(None),
            _chunk(" two"),
            _chunk(usage=usage),
        ],
        "a stream that has usage before its last chunk": [_chunk("One"), _chunk(" two", usage=usage), _chunk("")],
        "a stream that reasons first": [_chunk("", reasoning="hm"), _chunk("One"), _chunk(" two"), _chunk(usage=usage)],
        "a stream that says the same twice": [_chunk("ha"), _chunk("ha"), _chunk(" ha"), _chunk(usage=usage)],
        "a stream that breaks a word and a line": [
            _chunk("thr"),
            _chunk("ee\n"),
            _chunk(" "),
            _chunk(" four"),
            _chunk(usage=usage),
        ],
        "a stream with text behind its usage": [_chunk(" Five", usage=usage), _chunk(" six\n")],
    }
    for name, chunks in streams.items():
        wanted = "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)
        problem = _try(collect, name, iter(chunks), wanted, usage) or _try(
            collect, f"{name}, given as a list,", chunks, wanted, usage
        )
        if problem:
            return not_yet(problem)
    return right(f"{len(streams)} shapes of stream, one text, and the usage every time.")


def _try(collect: Callable[[Any], Any], name: str, chunks: Iterable[Any], wanted: str, usage: Any) -> str | None:
    """What goes wrong with one stream, or None."""
    try:
        result = called(collect, chunks)
    except Exception as error:
        return f"{name} ends in {in_words(error)}."
    if not isinstance(result, tuple) or len(result) != 2:
        return f"collect returns two things, (text, usage), not {shown(result)}."
    text, found = result
    if found == wanted and text == usage:
        return "collect returns (text, usage), in this order."
    if text != wanted:
        return f"{name} should give {wanted!r}, but collect gives {shown(text)}."
    if type(found) is not type(usage) or found != usage:
        if found is None:
            return f"{name}: the text is right, but the usage is lost. In which chunk was it?"
        return f"{name}: the text is right, but the whole usage object is wanted, not {shown(found)}."
    return None


@judged
def first_token(answer: Any) -> Verdict:
    """Every endpoint that may be tried first has a median wait of at most 0.6 s and asks at most 20 cents."""
    plan = plan_of(answer)
    if isinstance(plan, Verdict):
        return plan
    slowest = max(plan.first, key=lambda e: e.latency["p50"])
    if slowest.latency["p50"] > FIRST_TOKEN_S:
        who = (
            "goes first"
            if len(plan.first) == 1
            else f"may go first ({many(plan)} any of {len(plan.first)} may be drawn)"
        )
        return not_yet(f"{slowest.provider} {who} and waits {slowest.latency['p50']:.2f} s for its first token.")
    asked = plan.first if plan.attempts == 1 else plan.kept
    dear = [e for e in asked if e.prompt > CEILING]
    first = [e for e in plan.first if e.prompt > CEILING]
    if first:
        return not_yet(
            f"the start is quick, but {names(first)} may go first, at up to {usd(max(e.prompt for e in first))} per million. {unit_hint(answer)}".rstrip()
        )
    if dear:
        return not_yet(
            f"the start is quick, but when others are down {names(dear)} may answer, at up to {usd(max(e.prompt for e in dear))} per million. {unit_hint(answer)}".rstrip()
        )
    who = (
        f"{names(plan.first)} goes first, after"
        if len(plan.first) == 1
        else f"one of {names(plan.first)} goes first, after at most"
    )
    return right(
        f"{who} {slowest.latency['p50']:.2f} s, and no endpoint that is left asks more than 20 cents.{only_today(answer)}"
    )
