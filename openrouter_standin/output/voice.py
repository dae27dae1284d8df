"""What stands for a voice: one short tone for each syllable, so that its length follows the text. No speech is faked.

The signal is a row of frames of 24 ms, each a tone or silence, so that it is the same as samples and as MP3.
"""

from __future__ import annotations

import base64
import math
import re
import struct
from collections.abc import Iterator
from functools import cache

from ..catalogue import load
from ..sound import Sound

RATE, FRAME = 24_000, 576
"""Samples a second, and in a frame: 24 ms."""
TONE_HZ, LOUDNESS = 500, 4000
"""Twelve whole periods fit a frame, so that frames join without a click."""
SYLLABLE, PAUSE, STOP = (True,) * 5 + (False,) * 2, (False,) * 2, (False,) * 14
"""Frames of a syllable, between two words, and after a sentence."""
WORD = re.compile(r"[^\W\d_]+|\d|[.!?;:]")
VOWELS = re.compile(r"[aeiouyàáâãäåæèéêëìíîïòóôõöøùúûüœ]+")


def signal(text: str) -> Sound:
    """The signal as samples."""
    return Sound(RATE, b"".join(_frame(loud) for loud in _frames(text)))


def signal_as_mp3(text: str) -> bytes:
    """The same signal as an MP3 file."""
    about = load("mp3_frames.json")
    tone, silence = (base64.b64decode(about[name]) for name in ("tone", "silence"))
    return b"".join(tone if loud else silence for loud in _frames(text))


def _frames(text: str) -> Iterator[bool]:
    """Whether each frame is loud. The first and the last one are silent."""
    yield False
    for word in WORD.findall(text.lower()):
        yield from STOP if word in ".!?;:" else SYLLABLE * _syllables(word) + PAUSE
    yield False


def _syllables(word: str) -> int:
    """About how many: the groups of vowels; of a script without vowels in this list, every second letter."""
    return len(VOWELS.findall(word)) or (1 if word.isascii() else (len(word) + 1) // 2)


@cache
def _frame(loud: bool) -> bytes:
    wave = (LOUDNESS * loud * math.sin(2 * math.pi * TONE_HZ * n / RATE) for n in range(FRAME))
    return struct.pack(f"<{FRAME}h", *map(round, wave))
