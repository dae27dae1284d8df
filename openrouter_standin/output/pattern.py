"""A short text that matches a regular expression, for `pattern` in a JSON schema."""

from __future__ import annotations

import math
import re
import warnings
from functools import lru_cache
from re import _constants as ops
from re import _parser as parser
from typing import Any

LONGEST = 10_000
"""Characters at most: a pattern may ask for any number."""
LONGEST_TRIED = 60
"""Characters of a text that a pattern is tried on, at most."""
LONGEST_PATTERN = 2000
"""Characters of a pattern that is read; a longer one counts as one that asks for too much."""
MOST_OPEN = 2
"""Repeats of variable length in a pattern that is matched: each multiplies the time by the length of the text."""
PREFERRED = "aA1 -_.xyzXYZ0239"
REPEATS = (ops.MAX_REPEAT, ops.MIN_REPEAT, ops.POSSESSIVE_REPEAT)
CLASSES = {ops.CATEGORY_DIGIT: r"\d", ops.CATEGORY_SPACE: r"\s", ops.CATEGORY_WORD: r"\w",
           ops.CATEGORY_NOT_DIGIT: r"\D", ops.CATEGORY_NOT_SPACE: r"\S", ops.CATEGORY_NOT_WORD: r"\W"}  # fmt: skip


@lru_cache(1000)
def _parsed(pattern: str) -> Any:
    """The pattern as Python reads it; None if it cannot."""
    if len(pattern) > LONGEST_PATTERN:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what may mean something else one day is none of the reader's concern
            return parser.parse(pattern)
    except (re.error, OverflowError, RecursionError):
        return None


@lru_cache(1000)
def matching(pattern: str, least: int = 0) -> str:
    """The text, as long as `least` asks if the pattern repeats anything. A pattern Python cannot read: "example".

    As `least_length` says, it may be too long to be made: then it ends after 10,000 characters.
    """
    parsed = _parsed(pattern)
    if parsed is None or least_length(pattern) > LONGEST:
        return "example"
    for extra in (0, 1, least):
        text = _sequence(parsed, min(extra, LONGEST))
        if len(text) >= least:
            break
    return text[:LONGEST]


@lru_cache(1000)
def least_length(pattern: str) -> float:
    """Characters of the shortest text that matches; counted without making it."""
    if len(pattern) > LONGEST_PATTERN:
        return LONGEST + 1
    parsed = _parsed(pattern)
    return 0 if parsed is None else _least(parsed)


@lru_cache(4000)
def fits(pattern: str, text: str) -> bool:
    """Whether the text matches, anywhere in it, as JSON Schema means it. False for what could take long: a text of more than
    60 characters, or a pattern that multiplies the time by its length more than twice."""
    parsed = _parsed(pattern)
    try:
        return (
            parsed is not None
            and len(text) <= LONGEST_TRIED
            and _open(parsed) <= MOST_OPEN
            and re.search(pattern, text) is not None
        )
    except (re.error, OverflowError, RecursionError):
        return False


def _open(parsed: Any, inside: bool = False) -> float:
    """How many repeats of variable length there are, in groups too. Endless where a repeat or a choice stands inside a
    repeat, and for what is not read here: that is what makes matching slow beyond measure."""
    found = 0.0
    for op, value in parsed:
        if op in REPEATS:
            found += math.inf if inside else (value[0] != value[1]) + _open(value[2], inside=True)
        elif op is ops.SUBPATTERN:
            found += _open(value[-1], inside)
        elif op not in (ops.LITERAL, ops.NOT_LITERAL, ops.IN, ops.ANY, ops.AT):
            found = math.inf
    return found


def _least(parsed: Any) -> float:
    return sum(_least_of(op, value) for op, value in parsed)


def _least_of(op: Any, value: Any) -> float:
    if op in (ops.LITERAL, ops.NOT_LITERAL, ops.ANY, ops.IN):
        return 1
    if op in REPEATS:
        return int(value[0]) * _least(value[2])
    if op is ops.BRANCH:
        return _least(value[1][0])
    if op is ops.SUBPATTERN:
        return _least(value[-1])
    return _least(value) if op is ops.ATOMIC_GROUP else 0


def _sequence(parsed: Any, extra: int) -> str:
    """The text; what repeats is repeated `extra` times more than it must be, as far as 10,000 characters go."""
    return "".join(_one(op, value, extra) for op, value in parsed)


def _one(op: Any, value: Any, extra: int) -> str:
    """The text for one node of Python's parsed pattern. Look-arounds and back-references add nothing."""
    if op is ops.LITERAL:
        return chr(value)
    if op is ops.ANY:
        return "a"
    if op is ops.NOT_LITERAL:
        return next(c for c in PREFERRED if ord(c) != value)
    if op is ops.IN:
        return _member(tuple(value))
    if op in REPEATS:
        low, high, inner = value
        piece = _sequence(inner, 0)
        times = low + extra if high is ops.MAXREPEAT else min(low + extra, high)
        return piece * max(int(low), min(times, LONGEST // max(1, len(piece))))
    if op is ops.BRANCH:
        return _sequence(value[1][0], extra)
    if op is ops.SUBPATTERN:
        return _sequence(value[-1], extra)
    if op is ops.ATOMIC_GROUP:
        return _sequence(value, extra)
    return ""


@lru_cache(1000)
def _member(parts: tuple[tuple[Any, Any], ...]) -> str:
    """One character of a class such as [A-Z0-9_] or [^/]."""
    negated = bool(parts) and parts[0][0] is ops.NEGATE
    for char in [*PREFERRED, *(chr(n) for n in range(33, 0x500))]:
        inside = any(_inside(op, value, char) for op, value in parts if op is not ops.NEGATE)
        if inside != negated:
            return char
    return "a"


def _inside(op: Any, value: Any, char: str) -> bool:
    if op is ops.LITERAL:
        return ord(char) == value
    if op is ops.RANGE:
        return value[0] <= ord(char) <= value[1]
    return bool(re.match(CLASSES[value], char)) if op is ops.CATEGORY else False
