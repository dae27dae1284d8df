"""The recording format, version 1: read and write. One file a lesson, helpers/recordings/<lesson>.json; see docs/replay.md."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import (
    Annotated,
    Any,
    Literal,
    Required,  # pydantic takes those of typing from Python 3.12 on
)

from pydantic import Field, TypeAdapter, ValidationError
from typing_extensions import TypedDict

from . import shared_bodies
from .layout import layout, write_whole

FORMAT = 1
KEPT_HEADERS = re.compile(
    r"content-type|location|x-generation-id|retry-after(-ms)?|x-ratelimit-.*|x-openrouter-cache-.*"
)
"""Response headers that are stored."""
FOLDER = Path(__file__).parent.parent / "recordings"

Request = dict[str, Any]
Response = dict[str, Any]


class RecordingError(ValueError):
    """A recording that cannot be read or written: one sentence that names the file, the place and the way on."""


HeaderText = Annotated[str, Field(pattern=r"^[\t\x20-\x7e]*$")]
Milliseconds = Annotated[int | float, Field(ge=0, lt=1e9, allow_inf_nan=False)]


class _Request(TypedDict, total=False):
    method: Required[str]
    path: Required[str]
    host: str
    key: str
    headers: dict[str, str]
    body: Any


class _Response(TypedDict, total=False):
    status: int
    headers: dict[str, HeaderText]
    ms: Milliseconds
    body: Any
    body_file: str
    events: list[tuple[Milliseconds, str]]
    pieces: list[tuple[Milliseconds, int]]
    bytes_file: str
    cut: bool
    failure: str
    message: str
    source: str


class _Exchange(TypedDict):
    request: _Request
    response: _Response


class _File(TypedDict, total=False):
    format: Required[Literal[1]]
    lesson: str
    source: str
    recorded: str
    sdk: str
    exchanges: list[_Exchange]


_FILE = TypeAdapter(_File)


@dataclass
class Recording:
    """A lesson's exchanges, in the order in which they were sent."""

    lesson: str
    source: str
    recorded: str
    sdk: str = ""
    exchanges: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def load(cls, path: Path) -> Recording:
        """Read a file. Raises `RecordingError`."""
        try:
            raw = _FILE.validate_json(path.read_bytes(), strict=True)
            for number, exchange in enumerate(raw.get("exchanges", []), 1):
                _check(exchange["response"], f"exchange {number}")
            exchanges = [shared_bodies.resolved(e, path.parent) for e in raw.get("exchanges", [])]
        except ValidationError as wrong:
            problem = _sentence(wrong)
        except (OSError, ValueError) as wrong:
            problem = str(wrong)
        else:
            head = {name: raw.get(name, "") for name in ("lesson", "source", "recorded", "sdk")}
            return cls(**head, exchanges=exchanges)
        raise RecordingError(
            f"{path}: {problem}. Restore it with git, or record it again with `make record NB={path.stem[:2]}`."
        )

    def save(self, path: Path) -> None:
        """Write the file, and the large bodies beside it: an interrupted recording leaves the old file whole.

        Raises `RecordingError`.
        """
        head = {name: getattr(self, name) for name in ("lesson", "source", "recorded", "sdk")}
        try:
            exchanges = [shared_bodies.shared(e, path.parent) for e in self.exchanges]
            write_whole(path, layout({"format": FORMAT, **head, "exchanges": exchanges}) + "\n")
        except OSError as problem:
            raise RecordingError(
                f"{path} cannot be written ({problem.strerror}): nothing is lost; make room or allow writing, then run helpers.stop() again."
            ) from None


def _sentence(wrong: ValidationError) -> str:
    """What is wrong and where: the first thing that was found."""
    first = wrong.errors()[0]
    place = [str(step) for step in first["loc"]]
    if place[:1] == ["exchanges"] and len(place) > 1:
        return f"exchange {int(place[1]) + 1}, {'.'.join(place[2:])}: {first['msg']}"
    if place == ["format"] and first["type"] != "missing":
        return f"recording format {first['input']!r}, but this version of the course reads format {FORMAT}"
    return f"{'.'.join(place)}{': ' if place else ''}{first['msg']}"


def _check(response: _Response, where: str) -> None:
    """Raise `ValueError` for a response that could not be played."""
    if "status" not in response and "failure" not in response:
        raise ValueError(f"{where}: the response has neither a status nor a failure")
    if "status" in response and not {"body", "events", shared_bodies.FIELD, "pieces"} & response.keys():
        raise ValueError(f"{where}: the response has neither body nor events")
    if ("pieces" in response) != (shared_bodies.BYTES in response):
        raise ValueError(f"{where}: pieces and bytes_file go together")
    if not {"events", "pieces", "ms"} & response.keys():
        raise ValueError(f"{where}: the response has no ms")
