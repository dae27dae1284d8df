"""Sound as samples: read from a WAV file, cut, measured, and written again. 16 bits, one channel."""

from __future__ import annotations

import array
import io
import sys
import wave
from dataclasses import dataclass

SILENT = 328
"""The largest sample that counts as silence: a hundredth of the largest there is."""
WINDOW_S = 0.02
"""Seconds that are silent or not as a whole."""
MAGIC = {"mp3": (b"ID3",), "flac": (b"fLaC",), "ogg": (b"OggS",), "webm": (b"\x1aE\xdf\xa3",)}
"""How files of these formats begin."""


class Unreadable(ValueError):
    """Bytes that are not the sound they should be."""


@dataclass(frozen=True)
class Sound:
    """`samples`: 16 bits each, little end first. `rate`: samples a second."""

    rate: int
    samples: bytes

    @property
    def seconds(self) -> float:
        return len(self.samples) / 2 / self.rate

    @property
    def values(self) -> array.array[int]:
        """The samples as numbers."""
        return _numbers(self.samples)

    @property
    def loud_seconds(self) -> float:
        """How much of it is not silent."""
        values = self.values
        size = max(1, int(self.rate * WINDOW_S))
        loud = sum(
            len(window)
            for start in range(0, len(values), size)
            if max(window := values[start : start + size]) > SILENT or min(window) < -SILENT
        )
        return loud / self.rate

    def place_of(self, part: Sound) -> float | None:
        """Where a sound stands in this one, in seconds from its beginning; None where it is no part of it."""
        if part.rate != self.rate or not part.samples:
            return None
        at = self.samples.find(part.samples)
        while at % 2 == 1:  # between two samples; -1, not found, is odd too
            if at < 0:
                return None
            at = self.samples.find(part.samples, at + 1)
        return at / 2 / self.rate


def read_wav(data: bytes) -> Sound:
    """The samples of a WAV file; several channels are mixed into one. Raises `Unreadable`."""
    try:
        with wave.open(io.BytesIO(data)) as file:
            rate, width, channels = file.getframerate(), file.getsampwidth(), file.getnchannels()
            raw = file.readframes(file.getnframes())
    except (wave.Error, EOFError, OSError, ValueError, MemoryError, ZeroDivisionError) as problem:
        raise Unreadable(str(problem) or "it ends too early") from None
    whole = len(raw) // (width * channels) * width * channels
    samples = _mixed(_sixteen_bits(raw[:whole], width), channels)
    if not rate or not samples:
        raise Unreadable("it holds no sound")
    return Sound(rate, samples)


def write_wav(sound: Sound) -> bytes:
    """A WAV file."""
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(sound.rate)
        out.writeframes(sound.samples)
    return file.getvalue()


def format_of(data: bytes) -> str | None:
    """What a file is by its first bytes; None for what is not a known kind of sound."""
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
        return "wav"
    if data[4:8] == b"ftyp":
        return "m4a"
    found = next((name for name, starts in MAGIC.items() if data.startswith(starts)), None)
    if found is None and len(data) > 3 and data[0] == 0xFF and data[1] & 0xE0 == 0xE0:
        return "aac" if data[1] & 0x06 == 0 else "mp3"
    return found


def _sixteen_bits(raw: bytes, width: int) -> bytes:
    """The two highest bytes of each sample; eight bits are stored without a sign."""
    if width == 2:
        return raw
    made = bytearray(len(raw) // width * 2)
    if width == 1:
        made[1::2] = bytes(value ^ 0x80 for value in raw)
    else:
        made[0::2], made[1::2] = raw[width - 2 :: width], raw[width - 1 :: width]
    return bytes(made)


def _mixed(samples: bytes, channels: int) -> bytes:
    if channels == 1:
        return samples
    values = _numbers(samples)
    mixed = array.array("h", (sum(values[n : n + channels]) // channels for n in range(0, len(values), channels)))
    return _little(mixed).tobytes()


def _numbers(samples: bytes) -> array.array[int]:
    return _little(array.array("h", samples))


def _little(values: array.array[int]) -> array.array[int]:
    """The same values, where the machine keeps the big end first."""
    if sys.byteorder == "big":
        values.byteswap()
    return values
