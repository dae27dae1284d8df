"""Make the sounds of lesson 26 with eSpeak NG, and the word times of its script: `python tools/speech_files.py`.

It needs Debian's `espeak-ng` and `ffmpeg`. The files are stored, not made by the lesson: another version speaks another sound,
and a request is matched by its bytes. So run this only to change a text, and record the lesson anew. Word times come from
eSpeak NG's own events; where a word ends is measured. It prints the `[[hear]]` tables of helpers/scripts/26-speech.toml.
"""

from __future__ import annotations

import ctypes
import json
import re
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from course import ROOT
from openrouter_standin.sound import SILENT, Sound, read_wav, write_wav

FOLDER = ROOT / "helpers" / "lesson_files" / "26-speech"
LIBRARY = "libespeak-ng.so.1"
RETRIEVAL, WORD_EVENT, UTF8, RATE_PARAMETER = 1, 1, 1, 1
"""Numbers of espeak-ng's speak_lib.h."""
NOTE = [
    ("Please remind me to send the invoice for order 4711 to Mister Sato, by Friday at noon.", 0.9),
    ("And book the small room for Monday.", 0.5),
]
MEETING = [
    ("Good morning. This is a short report of the meeting on Tuesday.", 0.4),
    ("Five people were there, and it took half an hour.", 1.4),
    ("First, the new web shop. The tests are done, and two faults were found.", 0.4),
    ("Both will be repaired by Thursday, so the shop can open next week.", 1.6),
    ("Second, the budget. We have spent sixty percent of the money for this year.", 0.4),
    ("Anna will ask for an offer from another printer, because the last bill was too high.", 1.3),
    ("Last, the summer party. Most of us want to meet at the harbour.", 0.4),
    ("Tom looks for a boat, and tells everybody the price. That is all. Thank you.", 0.4),
]
ANSWER = [("All right. I will remind you on Friday morning to send the invoice to Mister Sato.", 0.2)]


class Event(ctypes.Structure):
    """espeak_EVENT of speak_lib.h. Times are milliseconds; text positions count characters from 1."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", ctypes.c_char * 8),
    )


@dataclass
class Spoken:
    """A sound, and where each word begins and ends in it: seconds."""

    sound: Sound
    words: list[tuple[float, float, str]]


class Speaker:
    """eSpeak NG. It is loaded once: it does not come back from a second start in the same process."""

    def __init__(self) -> None:
        self.library = ctypes.CDLL(LIBRARY)
        self.rate = self.library.espeak_Initialize(RETRIEVAL, 0, None, 0)

    def choose(self, voice: str, speed: int) -> None:
        """From now on this voice speaks, so many words a minute."""
        self.library.espeak_SetVoiceByName(voice.encode())
        self.library.espeak_SetParameter(RATE_PARAMETER, speed, 0)

    def say(self, text: str) -> Spoken:
        """One sentence or more, without the silence around it."""
        samples, starts = bytearray(), []

        @ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(Event))
        def heard(wave: object, number: int, events: object) -> int:
            if number:
                samples.extend(ctypes.string_at(wave, number * 2))
            place = 0
            while events[place].type:
                if events[place].type == WORD_EVENT:
                    starts.append((events[place].audio_position / 1000, events[place].text_position - 1))
                place += 1
            return 0

        self.library.espeak_SetSynthCallback(heard)
        data = text.encode()
        self.library.espeak_Synth(data, len(data) + 1, 0, 0, 0, UTF8, None, None)
        self.library.espeak_Synchronize()
        return _timed(Sound(self.rate, bytes(samples)), starts, text)


def _timed(sound: Sound, starts: Sequence[tuple[float, int]], text: str) -> Spoken:
    """Give each word of the text the first event that lies in it; it ends with its last loud sample."""
    words = [(found.start(), found.end(), found[0]) for found in re.finditer(r"\S+", text)]
    begins = [next((at for at, place in starts if low <= place < high), None) for low, high, _ in words]
    begins = _filled([*begins, sound.seconds], [len(word) for _, _, word in words])
    values, timed = sound.values, []
    for n, (_, _, word) in enumerate(words):
        start, limit = begins[n], begins[n + 1]
        span = values[int(start * sound.rate) : int(limit * sound.rate)]
        last = max((i for i, value in enumerate(span) if abs(value) > SILENT), default=len(span))
        timed.append((start, start + last / sound.rate, word))
    return Spoken(sound, timed)


def _filled(begins: list[float | None], lengths: Sequence[int]) -> list[float]:
    """Times for words that eSpeak NG speaks as one with the word before ("of the"): shared by their letters."""
    for n, begin in enumerate(begins):
        if begin is None:
            after = next(m for m in range(n, len(begins)) if begins[m] is not None)
            share = lengths[n - 1] / sum(lengths[n - 1 : after])
            begins[n] = begins[n - 1] + share * (begins[after] - begins[n - 1])
    return begins


def speak(speaker: Speaker, parts: Sequence[tuple[str, float]], rate: int) -> Spoken:
    """All parts, each followed by so many seconds of silence, at this rate."""
    samples, words = b"", []
    for text, pause in parts:
        said = speaker.say(text)
        before = len(samples) / 2 / speaker.rate
        words += [(before + start, before + end, word) for start, end, word in said.words]
        end = (
            int(said.words[-1][1] * speaker.rate) + speaker.rate // 50
        )  # the engine's own silence at the end is left out
        samples += said.sound.samples[: 2 * end] + bytes(2 * int(pause * speaker.rate))
    return Spoken(_resampled(Sound(speaker.rate, samples), rate), words)


def _resampled(sound: Sound, rate: int) -> Sound:
    with tempfile.TemporaryDirectory() as folder:
        before, after = Path(folder, "before.wav"), Path(folder, "after.wav")
        before.write_bytes(write_wav(sound))
        convert(before, after, "-ar", str(rate))
        return read_wav(after.read_bytes())


def convert(source: Path, target: Path, *options: str) -> None:
    """Run ffmpeg. Its output is the same each time."""
    exact = ("-fflags", "+bitexact", "-flags:a", "+bitexact", "-map_metadata", "-1")
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", source, *options, *exact, target], check=True)


def table(name: str, spoken: Spoken) -> str:
    """One `[[hear]]` table."""
    rows, line = [], "   "
    for start, end, word in spoken.words:
        entry = f" [{start:.2f}, {end:.2f}, {json.dumps(word)}],"
        if len(line) + len(entry) > 110:
            rows.append(line)
            line = "   "
        line += entry
    words = "\n".join([*rows, line])
    return f'[[hear]]\nsound = "../lesson_files/26-speech/{name}"\nwords = [\n{words}\n]\n'


def main() -> None:
    """Write the files, print the tables."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    speaker = Speaker()
    for name, parts, voice, speed, rate in (
        ("note", NOTE, "en-us", 170, 16_000),
        ("meeting", MEETING, "en-gb", 150, 8_000),
        ("answer", ANSWER, "en-gb-x-rp", 165, 24_000),
    ):
        speaker.choose(voice, speed)
        spoken = speak(speaker, parts, rate)
        path = FOLDER / f"{name}.wav"
        path.write_bytes(write_wav(spoken.sound))
        if name != "meeting":
            convert(path, path.with_suffix(".mp3"), "-b:a", "24k")
        print(table(path.name, spoken), flush=True)
        print(f"# {path.name}: {spoken.sound.seconds:.2f} s, {path.stat().st_size:,} bytes\n")


if __name__ == "__main__":
    main()
