"""The checkers of 26-speech: subtitles as players read them, and places to cut a recording at."""

from __future__ import annotations

import re
from itertools import pairwise
from numbers import Real
from typing import Any

from .verdict import Verdict, judged, not_yet, right, shown, tried

SEGMENTS: tuple[tuple[tuple[float, float, str], ...], ...] = (
    ((0.0, 6.4, "Please remind me."),),
    ((0.0, 1.5, "One."), (1.5, 61.25, "Two."), (65.25, 67.0, "Three.")),
    ((3599.9996, 3600.5, "An hour."), (7325.001, 7326.0, "Two hours and more.")),
    ((0.29, 0.57, " With spaces. "), (1.005, 2.0, "It's: --> an arrow")),
    (),
)
"""Start and end in seconds, and the text."""
TIME = re.compile(r"(\d{2,}):([0-5]\d):([0-5]\d),(\d{3})")
RECORDINGS: tuple[tuple[tuple[tuple[float, float], ...], float, float], ...] = (
    (((7, 9), (18, 20), (31, 33)), 43, 60),
    (((7, 9), (18, 20), (31, 33)), 43, 20),
    (((7, 9), (18, 20), (31, 33)), 43, 25),
    (((1, 2), (3, 4), (5, 6), (7, 8), (9, 10)), 12, 6),
    ((), 50, 20),
    (((29, 31),), 60, 30),
    (((10, 12), (40, 42)), 100, 30),
    (((5, 5.5),), 0, 10),
    (((2, 4), (4, 6)), 8, 4),
)
"""Silences, the length, and the longest piece."""


@judged
def subtitles(answer: Any) -> Verdict:
    """A function that writes segments as an SRT file."""
    if not callable(answer):
        return not_yet(f"srt is a function that takes segments, not {shown(answer)}.")
    for given in SEGMENTS:
        segments = [{"start": start, "end": end, "text": text} for start, end, text in given]
        found = tried(f"srt raises for {len(given)} segments", answer, segments)
        if not isinstance(found, str):
            return not_yet(f"srt gives a text, not {shown(found)}.")
        found = found.replace("\r\n", "\n")  # both line ends are usual
        blocks = [block for block in re.split(r"\n\s*\n", found.strip("\n")) if block.strip()]
        if len(blocks) != len(given):
            return not_yet(f"{len(given)} segments make {len(blocks)} blocks. What stands between two blocks?")
        for number, (block, segment) in enumerate(zip(blocks, given, strict=True), 1):
            wrong = _wrong(block, number, segment)
            if wrong:
                return not_yet(wrong)
    return right(f"{len(SEGMENTS)} files that players read.")


def _wrong(block: str, number: int, segment: tuple[float, float, str]) -> str:
    """What is wrong in one block; empty where nothing is."""
    lines = block.split("\n")
    if len(lines) != 3:
        return f"a block has three lines (number, times, text), not {len(lines)}: {shown(block)}."
    if lines[0].strip() != str(number):
        return f"block {number} begins with {shown(lines[0])}, not with its number."
    first, arrow, second = lines[1].strip().partition(" --> ")
    for name, written, seconds in (("start", first, segment[0]), ("end", second, segment[1])):
        found = TIME.fullmatch(written) if arrow else None
        if found is None:
            return f"the times are written as 00:01:05,250 --> 00:01:07,000, not {shown(lines[1])}."
        hours, minutes, whole, thousandths = map(int, found.groups())
        if abs(((hours * 60 + minutes) * 60 + whole) * 1000 + thousandths - round(seconds * 1000)) > 1:
            return f"the {name} of {seconds} seconds is not {written}."
    if lines[2].strip() != segment[2].strip():
        return f"the text {shown(segment[2])} became {shown(lines[2])}."
    return ""


@judged
def cutting(answer: Any) -> Verdict:
    """A function that cuts in silences, in pieces that are short enough, as seldom as possible."""
    if not callable(answer):
        return not_yet(f"cuts is a function that takes silences, length and longest, not {shown(answer)}.")
    for silences, length, longest in RECORDINGS:
        case = f"cuts({list(silences)}, {length}, {longest})"
        found = tried(f"{case} raises", answer, [*silences], length, longest)
        if not isinstance(found, list | tuple) or not all(isinstance(p, Real) for p in found):
            return not_yet(f"{case} gives {shown(found)}, not a list of places in seconds.")
        edges = [0.0, *map(float, found), float(length)]
        pieces = [end - start for start, end in pairwise(edges)]
        if any(piece < 0 or (piece == 0 and length) for piece in pieces):
            return not_yet(f"{case} gives {list(found)}: the places go up, between 0 and the length.")
        if max(pieces) > longest + 1e-6:
            return not_yet(f"{case} gives {list(found)}: one piece is {max(pieces):g} seconds long.")
        best = _fewest(silences, length, longest)
        if len(found) > len(best):
            return not_yet(f"{case} gives {len(found)} cuts, and {len(best)} are enough.")
        middles = [(start + end) / 2 for start, end in silences]
        in_words = sum(not any(abs(place - middle) < 1e-6 for middle in middles) for place in found)
        if in_words > sum(place not in middles for place in best):
            return not_yet(f"{case} gives {list(found)}: {in_words} of them are not in the middle of a silence.")
    return right(f"{len(RECORDINGS)} recordings, each cut as seldom as possible.")


def _fewest(silences: tuple[tuple[float, float], ...], length: float, longest: float) -> list[float]:
    """The last place that is near enough, again and again: no other way needs fewer."""
    places, found, last = [(start + end) / 2 for start, end in silences], [], 0.0
    while length - last > longest:
        near = [place for place in places if last < place <= last + longest]
        last = near[-1] if near else last + longest
        found.append(last)
    return found
