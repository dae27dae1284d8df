"""Answers to the exercises of 04-streaming: for each checker the unedited one, wrong ones, right ones."""

from __future__ import annotations

import contextlib
import copy
import functools
from collections.abc import AsyncIterator, Iterator
from decimal import Decimal
from typing import Any, NamedTuple


def good_loop(chunks: Any) -> tuple[str, Any]:
    text, usage = "", None
    for chunk in chunks:
        usage = chunk.usage or usage
        if chunk.choices:
            text += chunk.choices[0].delta.content or ""
    return text, usage


def good_lists(chunks: Any) -> tuple[str, Any]:
    kept = list(chunks)
    text = "".join(c.choices[0].delta.content or "" for c in kept if c.choices)
    return text, next((c.usage for c in kept if c.usage), None)


def bad_unguarded(chunks: Any) -> tuple[str, Any]:
    return "".join(c.choices[0].delta.content or "" for c in chunks), None


def bad_usage(chunks: Any) -> tuple[str, Any]:
    return "".join(c.choices[0].delta.content or "" for c in chunks if c.choices), None


def bad_last_usage(chunks: Any) -> tuple[str, Any]:
    kept = list(chunks)
    return "".join(c.choices[0].delta.content or "" for c in kept if c.choices), kept[-1].usage


def bad_none(chunks: Any) -> tuple[str, Any]:
    text, usage = "", None
    for chunk in chunks:
        usage = chunk.usage or usage
        if chunk.choices:
            text += str(chunk.choices[0].delta.content)
    return text, usage


def pieces_of(chunks: Any) -> tuple[list[str], Any]:
    kept = list(chunks)
    return [c.choices[0].delta.content or "" for c in kept if c.choices], next((c.usage for c in kept if c.usage), None)


def bad_spaces(chunks: Any) -> tuple[str, Any]:
    pieces, usage = pieces_of(chunks)
    return " ".join(p.strip() for p in pieces if p.strip()), usage


def bad_repeats(chunks: Any) -> tuple[str, Any]:
    pieces, usage = pieces_of(chunks)
    return "".join(dict.fromkeys(pieces)), usage


def bad_ends(chunks: Any) -> tuple[str, Any]:
    pieces, usage = pieces_of(chunks)
    said = [p for p in pieces if p]
    return said[0] + said[-1], usage


def bad_stops(chunks: Any) -> tuple[str, Any]:
    text = ""
    for chunk in chunks:
        text += (chunk.choices[0].delta.content or "") if chunk.choices else ""
        if chunk.usage:
            return text, chunk.usage
    return text, None


def bad_text(chunks: Any) -> tuple[str, Any]:
    return "One two", pieces_of(chunks)[1]


def bad_finish(chunks: Any) -> tuple[str, Any]:
    text, usage = "", None
    for chunk in chunks:
        usage = chunk.usage or usage
        text += (chunk.choices[0].delta.content or "") if chunk.choices else ""
        if chunk.choices and chunk.choices[0].finish_reason:
            break
    return text, usage


def bad_strip(chunks: Any) -> tuple[str, Any]:
    text, usage = good_loop(chunks)
    return text.strip(), usage


def bad_blank(chunks: Any) -> tuple[str, Any]:
    pieces, usage = pieces_of(chunks)
    return "".join(p for p in pieces if p.strip()), usage


def bad_thoughts(chunks: Any) -> tuple[str, Any]:
    text, usage = "", None
    for chunk in chunks:
        usage = chunk.usage or usage
        for choice in chunk.choices:
            text += choice.delta.content or choice.delta.reasoning or ""
    return text, usage


def bad_lone_next(chunks: Any) -> tuple[str, Any]:
    text, usage = "", None
    while (chunk := next(chunks, None)) is not None:
        usage = chunk.usage or usage
        text += (chunk.choices[0].delta.content or "") if chunk.choices else ""
    return text, usage


def bad_list_only(chunks: Any) -> tuple[str, Any]:
    return good_loop(chunks[:])


def bad_twice(chunks: Any) -> tuple[str, Any]:
    text = "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)
    return text, next((c.usage for c in chunks if c.usage), None)


def bad_endless(chunks: Any) -> tuple[str, Any]:
    text, usage, chunks = "", None, iter(chunks)
    while True:
        chunk = next(chunks, None)
        if chunk is None:
            continue
        usage = chunk.usage or usage
        text += (chunk.choices[0].delta.content or "") if chunk.choices else ""
    return text, usage


def bad_idle(chunks: Any) -> tuple[str, Any]:
    while True: pass  # fmt: skip  # noqa: E701


def bad_swallows(chunks: Any) -> tuple[str, Any]:
    chunks = iter(chunks)
    while True:
        try:
            print(next(chunks), end="")
        except Exception:
            continue


def bad_spins(chunks: Any) -> tuple[str, Any]:
    return "".join(str(n) for n in iter(int, 1)), None


def bad_list(chunks: Any) -> list[Any]:
    return list(good_loop(chunks))


def bad_dict_usage(chunks: Any) -> tuple[str, Any]:
    text, usage = good_loop(chunks)
    return text, vars(usage)


def bad_pieces(chunks: Any) -> tuple[list[str], Any]:
    return pieces_of(chunks)


def bad_prints(chunks: Any) -> None:
    good_loop(chunks)


def bad_yields(chunks: Any) -> Iterator[Any]:
    yield from good_loop(chunks)


async def bad_async(chunks: Any) -> tuple[str, Any]:
    return good_loop(chunks)


async def bad_async_yields(chunks: Any) -> AsyncIterator[Any]:
    yield good_loop(chunks)


def bad_arity() -> tuple[str, Any]:
    return "", None


def bad_leaves(chunks: Any) -> tuple[str, Any]:
    raise SystemExit


class Collected(NamedTuple):
    """A pair with names."""

    text: str
    usage: Any


class Unsayable(Exception):
    """An error without a text."""

    def __str__(self) -> str:
        raise RuntimeError("str")


def bad_raises(chunks: Any) -> tuple[str, Any]:
    raise Unsayable


class Collector:
    """A class with state in place of a function."""

    def __call__(self, chunks: Any) -> tuple[str, Any]:
        return good_loop(chunks)

    def method(self, chunks: Any) -> tuple[str, Any]:
        return good_lists(chunks)


def good_while(chunks: Any) -> tuple[str, Any]:
    text, usage, chunks = "", None, iter(chunks)
    while True:
        try:
            chunk = next(chunks)
        except StopIteration:
            return text, usage
        usage = chunk.usage or usage
        for choice in chunk.choices:
            text += choice.delta.content or ""


def good_pair(chunks: Any) -> tuple[str, Any]:
    return Collected(*good_loop(chunks))


def good_copy(chunks: Any) -> tuple[str, Any]:
    text, usage = good_loop(chunks)
    return text, copy.copy(usage)


def good_tries(chunks: Any) -> tuple[str, Any]:
    text, usage = "", None
    for chunk in chunks:
        usage = chunk.usage or usage
        with contextlib.suppress(IndexError, TypeError):
            text += chunk.choices[0].delta.content
    return text, usage


def with_start(start: str, chunks: Any) -> tuple[str, Any]:
    text, usage = good_loop(chunks)
    return start + text, usage


QUICK = {"sort": "latency", "max_price": {"prompt": 0.2}}

CASES: dict[str, tuple[Any, list[Any], list[Any]]] = {
    "survives": (
        None,
        [
            "text",
            ("One two", None),  # what it gave, not the function
            good_loop([]),  # called already
            Collector,  # the class, not an instance
            dict,
            bad_arity,
            bad_unguarded,
            bad_usage,
            bad_last_usage,
            bad_none,  # writes None into the text
            lambda chunks: "One two",
            bad_text,  # always the same text
            bad_spaces,
            bad_repeats,  # each piece once
            bad_ends,  # the first and the last piece
            bad_stops,  # at the first usage
            bad_finish,  # at the first finish reason
            bad_strip,
            bad_blank,  # drops white space
            bad_thoughts,  # takes thoughts for text
            bad_lone_next,  # next() of a list
            bad_list_only,  # a slice of an iterator
            bad_twice,  # reads a stream twice
            bad_endless,
            bad_idle,
            bad_swallows,
            bad_spins,
            bad_list,  # no pair
            bad_dict_usage,
            bad_pieces,  # a list of pieces
            bad_prints,  # returns nothing
            bad_yields,
            bad_async,
            bad_async_yields,
            lambda chunks: bad_async(chunks),  # a coroutine that nobody awaits
            bad_leaves,
            bad_raises,
            functools.partial(with_start, "> "),
        ],
        [
            good_loop,
            good_lists,
            good_while,
            good_pair,
            good_copy,
            good_tries,
            Collector(),
            Collector().method,
            functools.partial(with_start, ""),
            lambda chunks: good_loop(list(chunks)),
        ],
    ),
    "first_token": (
        {"only": ["z-ai"]},
        [
            {},
            None,
            "latency",
            [QUICK],
            {"provider": QUICK},
            {"sort": "throughput"},
            {"sort": "throughput", "max_price": {"prompt": 0.2}},  # the speed after the first token
            {"sort": "latency"},  # no line on price
            {"sort": "Latency", "max_price": {"prompt": 0.2}},
            {"sort": "quick"},
            {"sort": ["latency"], "max_price": {"prompt": 0.2}},
            {"only": ["azure"]},  # no endpoint is left
            {"sort": "price", "max_price": {"prompt": 0.2}},
            {"sort": "latency", "max_price": {"prompt": 20}},  # cents
            {"sort": "latency", "max_price": {"completion": 0.8}},  # Fireworks at 22.5 cents stays
            {"sort": "latency", "max_price": {"prompt": Decimal("0.2")}},  # cannot be sent
            {"sort": "latency", "max_price": 0.2},
            {"max_price": {"prompt": 0.2}},  # anyone may be drawn
            {**QUICK, "order": ["novita"]},  # order beats sort
            {**QUICK, "quantizations": ["fp8"]},  # the quickest 8-bit endpoint waits 0.64 s
            {**QUICK, "preferred_max_latency": float("nan")},
            {"latency": 0.6, "max_price": {"prompt": 0.2}},  # no such field
            {"only": ["baseten"], "sort": "latency"},  # 0.637 s
        ],
        [
            QUICK,
            {"sort": "latency", "allow_fallbacks": False},  # one attempt, at Modal
            {"order": ["modal", "together"], "allow_fallbacks": False},
            {"sort": {"by": "latency"}, "max_price": {"prompt": "0.2"}},
            {"only": ["modal"]},
            {"only": ("modal", "digitalocean", "together")},  # any of the three is quick enough
            {"order": ["modal/nvfp4"], "max_price": {"prompt": 0.2}},
            {"preferred_max_latency": 0.6, "max_price": {"prompt": 0.2}},  # those within the cutoff come first
        ],
    ),
}
