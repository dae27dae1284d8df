"""What is said in a sound: looked up in the script, where it is a known file or a slice of one. Nothing is recognised."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..sound import Sound, Unreadable, format_of, read_wav
from .script import Script
from .scripted_sound import Word

SHORTEST_S = 0.2
"""Seconds of a slice that is looked up: a shorter one is found in too many places."""
ENDS = (".", "!", "?")


@dataclass(frozen=True)
class Transcript:
    """`seconds`: the length, None where it is not known. `words`: start, end and word. `language`: as the script says."""

    text: str
    seconds: float | None
    words: tuple[Word, ...] = ()
    language: str = ""


def hear(data: bytes, script: Script) -> Transcript:
    """The words of a sound file. Raises `Unreadable`."""
    form = format_of(data)
    if form is None:
        raise Unreadable("it is no sound of a known format")
    sound = read_wav(data) if form == "wav" else None
    for line in script.heard:
        if sound is None:
            if line.is_file(data):
                return _said(line.words, 0.0, line.sound.seconds, line.language)
            continue
        at = line.sound.place_of(sound) if sound.seconds >= SHORTEST_S else None
        if at is not None:
            return _said(line.words, at, sound.seconds, line.language)
    return Transcript(_unknown(sound, form), sound.seconds if sound else None)


def _said(words: tuple[Word, ...], start: float, seconds: float, language: str) -> Transcript:
    """The words whose middle lies in a slice, with times from its beginning."""
    end = start + seconds
    within = [w for w in words if start <= (w[0] + w[1]) / 2 < end]
    timed = tuple((round(max(a - start, 0), 2), round(min(b, end) - start, 2), word) for a, b, word in within)
    return Transcript(" ".join(word for _, _, word in timed), seconds, timed, language)


def _unknown(sound: Sound | None, form: str) -> str:
    if sound is None:
        return (
            f"The offline stand-in does not hear words. It got {form}, whose length it does not know;"
            " its script has no line for this file."
        )
    return (
        f"The offline stand-in does not hear words. It got {sound.seconds:.2f} seconds of sound, of which"
        f" {sound.loud_seconds:.2f} are not silent; its script has no line for it."
    )


def segments_of(heard: Transcript) -> list[dict[str, Any]]:
    """One segment for each sentence; of a sound without timed words one for all."""
    sentences: list[list[Word]] = [[]]
    for word in heard.words:
        sentences[-1].append(word)
        if word[2].endswith(ENDS):
            sentences.append([])
    found = [(s[0][0], s[-1][1], " ".join(word for _, _, word in s)) for s in sentences if s]
    if not found and heard.text:
        found = [(0.0, round(heard.seconds or 0, 2), heard.text)]
    return [{"id": n, "start": start, "end": end, "text": text} for n, (start, end, text) in enumerate(found)]
