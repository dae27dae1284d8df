"""Answers to the exercises of 04-streaming: for each checker the unedited one, wrong ones, right ones."""

from __future__ import annotations

from typing import Any


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


CASES: dict[str, tuple[Any, list[Any], list[Any]]] = {
    "survives": (None, ["text", bad_unguarded, bad_usage, bad_last_usage, bad_none, lambda chunks: "One two", bad_spaces, bad_repeats, bad_ends, bad_stops, bad_text], [good_loop, good_lists]),
    "first_token": (
        {"only": ["z-ai"]},
        [{}, {"sort": "throughput"}, {"sort": "latency"}, {"only": ["azure"]}, {"sort": "price", "max_price": {"prompt": 0.2}}, {"sort": "quick"}],
        [{"sort": "latency", "max_price": {"prompt": 0.2}}, {"sort": "latency", "allow_fallbacks": False}, {"order": ["modal", "together"], "allow_fallbacks": False}],
    ),
}  # fmt: skip
