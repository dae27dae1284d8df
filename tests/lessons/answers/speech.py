"""Answers to the exercises of 26-speech: for each checker the unedited one, wrong ones, right ones."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

Segments = list[dict[str, Any]]
Silences = list[tuple[float, float]]


def time_of(seconds: float) -> str:
    hours, left = divmod(round(seconds * 1000), 3_600_000)
    minutes, left = divmod(left, 60_000)
    whole, thousandths = divmod(left, 1000)
    return f"{hours:02}:{minutes:02}:{whole:02},{thousandths:03}"


def block(number: int, segment: dict[str, Any]) -> str:
    return f"{number}\n{time_of(segment['start'])} --> {time_of(segment['end'])}\n{segment['text'].strip()}\n"


def srt(segments: Segments) -> str:
    return "\n".join(block(number, segment) for number, segment in enumerate(segments, 1))


def by_timedelta(segments: Segments) -> str:
    def written(seconds: float) -> str:
        whole = round(seconds * 1000)
        return f"{timedelta(seconds=whole // 1000)!s:0>8},{whole % 1000:03}"

    lines = []
    for number, s in enumerate(segments, 1):
        lines += [str(number), f"{written(s['start'])} --> {written(s['end'])}", s["text"], ""]
    return "\n".join(lines)


def cuts(silences: Silences, length: float, longest: float) -> list[float]:
    places, found, last = [(a + b) / 2 for a, b in silences], [], 0.0
    while length - last > longest:
        near = [place for place in places if last < place <= last + longest]
        last = near[-1] if near else last + longest
        found.append(last)
    return found


def in_one_loop(silences: Silences, length: float, longest: float) -> list[float]:
    found: list[float] = []
    last, best = 0.0, None
    for place in [*((a + b) / 2 for a, b in silences), length]:
        while place - last > longest:
            last = best if best is not None else last + longest
            best = None
            found.append(last)
        if place < length:
            best = place if place > last else best
    return found


def every(silences: Silences, length: float, longest: float) -> list[float]:
    return [(a + b) / 2 for a, b in silences]


class Cutter:
    def __call__(self, silences: Silences, length: float, longest: float) -> list[float]:
        return cuts(silences, length, longest)


CASES: dict[str, tuple[Any, list[Any], list[Any]]] = {
    "subtitles": (
        lambda segments: "\n".join(f"{s['start']} --> {s['end']} {s['text']}" for s in segments),
        [
            None,
            "1\n00:00:00,000 --> 00:00:06,400\nPlease remind me.",
            lambda segments: None,
            lambda segments: [],
            lambda segments: "",
            lambda segments: srt(segments).replace(",", "."),
            lambda segments: srt(segments).replace("-->", "->"),
            lambda segments: "\n".join(block(n, s) for n, s in enumerate(segments)),
            lambda segments: srt(segments).replace("\n\n", "\n"),
            lambda segments: srt([{**s, "end": s["start"]} for s in segments]),
            lambda segments: srt([{**s, "start": int(s["start"])} for s in segments]),
            lambda segments: srt([{**s, "text": s["text"].upper()} for s in segments]),
            lambda segments: srt([{**s, "start": s["start"] % 60} for s in segments]),
            lambda segments: srt(segments[:2]),
            lambda segments: segments[0]["texts"],
        ],
        [
            srt,
            by_timedelta,
            lambda segments: srt(segments) + "\n\n",
            lambda segments: "\n" + srt(segments),
            lambda segments: srt(segments).replace("\n", "\r\n"),
            lambda segments: "\n\n".join(block(n, s).strip() for n, s in enumerate(segments, 1)),
            lambda segments: "".join(block(n, s) + "\n" for n, s in enumerate(segments, 1)),
        ],
    ),
    "cutting": (
        every,
        [
            None,
            [8, 19, 32],
            lambda silences, length, longest: None,
            lambda silences, length, longest: [],
            lambda silences, length, longest: ["8"],
            lambda silences, length, longest: [longest],
            lambda silences, length, longest: list(range(int(longest), int(length), int(longest))),
            lambda silences, length, longest: cuts(silences, length, longest)[::-1],
            lambda silences, length, longest: cuts([(a, a) for a, _ in silences], length, longest),
            lambda silences, length, longest: cuts(silences, length, longest / 2),
            lambda silences, length, longest: cuts(silences, length, longest * 2),
            lambda silences, length, longest: [
                p for p in cuts(silences, length, longest) if p in every(silences, 0, 0)
            ],
            lambda silences, length, longest: sorted({*cuts(silences, length, longest), *every(silences, 0, 0)}),
            lambda silences: [],
        ],
        [
            cuts,
            in_one_loop,
            Cutter(),
            lambda silences, length, longest: tuple(cuts(silences, length, longest)),
            lambda *all_three: cuts(*all_three),
            lambda silences, length, longest: [round(p, 7) for p in cuts(silences, length, longest)],
        ],
    ),
}
