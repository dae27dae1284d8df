"""The sound of a script: the file that a line is spoken with, and the words that are heard in a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

from ..sound import Sound, Unreadable, read_wav

Word = tuple[float, float, str]
"""Where a word begins and ends, in seconds, and the word."""


@dataclass(frozen=True)
class HeardLine:
    """What is said in a sound file. `path`: a WAV file; files of the same name beside it, such as an MP3, hold the same."""

    path: Path
    words: tuple[Word, ...]
    language: str = "english"

    @cached_property
    def sound(self) -> Sound:
        return read_wav(self.path.read_bytes())

    def is_file(self, data: bytes) -> bool:
        """Whether these are the bytes of this file in another format."""
        return sha256(data).digest() in self._digests

    @cached_property
    def _digests(self) -> frozenset[bytes]:
        beside = [file for file in self.path.parent.iterdir() if file.is_file() and file.stem == self.path.stem]
        return frozenset(sha256(file.read_bytes()).digest() for file in beside)


def sound_path(name: str, folder: Path) -> Path:
    """The file that a script names, from the folder of the script. Raises `ValueError` for one that is no WAV file."""
    path = (folder / name).resolve()
    try:
        read_wav(path.read_bytes())
    except (OSError, Unreadable) as problem:
        why = problem.strerror if isinstance(problem, OSError) else problem
        raise ValueError(
            f"the sound {name} cannot be read ({why}): it takes a WAV file, from the folder of the script"
        ) from None
    return path


def heard_line(entry: Mapping[str, Any], folder: Path) -> HeardLine:
    """One `[[hear]]` table. Raises `ValueError`, `KeyError`."""
    words = tuple(_word(word) for word in entry["words"])
    return HeardLine(sound_path(entry["sound"], folder), words, str(entry.get("language", "english")))


def _word(entry: Any) -> Word:
    if not (isinstance(entry, list) and len(entry) == 3 and isinstance(entry[2], str)):
        raise ValueError(f'words takes lists of start, end and word, such as [0.0, 0.31, "Please"], not {entry!r}')
    return float(entry[0]), float(entry[1]), entry[2]
