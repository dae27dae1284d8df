"""Large bodies, such as the catalogue, and all that is no text, such as sound, stand in files of their own, named by their hash:
recordings that share one store it once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .layout import layout, write_bytes_whole, write_whole

FOLDER = "shared"
FIELD = "body_file"
"""Stands in a response in place of `body`: the file, from the folder of the recording."""
LARGE = 50_000
"""Characters of JSON from which on a body gets its own file."""
BYTES = "bytes_file"
"""Stands in a response beside `pieces`, which are then `[milliseconds, number of bytes]`: the file that holds the bytes."""
ENDINGS = {"audio/mpeg": "mp3", "audio/pcm": "pcm", "audio/wav": "wav", "video/mp4": "mp4"}
"""How a file of bytes is called, by its type; others end in .bin."""


def shared(exchange: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """The exchange with a large body replaced by the name of its file, which is written if it is not there."""
    response = dict(exchange["response"])
    if isinstance(response.get("body"), bytes):
        response["pieces"] = [[response.pop("ms", 0), response.pop("body")]]
    if "pieces" in response:
        return {**exchange, "response": _with_bytes_file(response, folder)}
    text = json.dumps(response.get("body"), ensure_ascii=False, sort_keys=True)
    if len(text) < LARGE:
        return dict(exchange)
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    name = f"{FOLDER}/{digest[:16]}.json"
    if not _is_whole(folder / name, response["body"]):
        write_whole(folder / name, layout(response["body"]) + "\n")
    del response["body"]
    return {**exchange, "response": {**response, FIELD: name}}


def _with_bytes_file(response: dict[str, Any], folder: Path) -> dict[str, Any]:
    """The response with numbers of bytes in place of the bytes."""
    data = b"".join(piece for _, piece in response["pieces"])
    kind = (response.get("headers") or {}).get("content-type", "").partition(";")[0]
    name = f"{FOLDER}/{hashlib.sha256(data).hexdigest()[:16]}.{ENDINGS.get(kind, 'bin')}"
    path = folder / name
    if not path.is_file() or path.read_bytes() != data:
        write_bytes_whole(path, data)
    return {**response, "pieces": [[at, len(piece)] for at, piece in response["pieces"]], BYTES: name}


def _with_bytes(response: dict[str, Any], folder: Path) -> dict[str, Any]:
    """The response with its bytes again. Raises `ValueError` for a file of another length."""
    data, start, pieces = (folder / response.pop(BYTES)).read_bytes(), 0, []
    for at, number in response["pieces"]:
        pieces.append([at, data[start : start + number]])
        start += number
    if start != len(data):
        raise ValueError("the pieces of an answer and its file of bytes have different lengths")
    return {**response, "pieces": pieces}


def _is_whole(path: Path, body: Any) -> bool:
    """Whether the file is there and holds this body: a damaged one is written again."""
    try:
        return json.loads(path.read_text("utf-8")) == body
    except (OSError, ValueError, RecursionError):
        return False


def resolved(exchange: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """The exchange with its body. Raises `OSError` and `ValueError` for a file that cannot be read."""
    response = dict(exchange["response"])
    name = response.pop(FIELD, None)
    if BYTES in response:
        return {**exchange, "response": _with_bytes(response, folder)}
    if name is None:
        return dict(exchange)
    return {**exchange, "response": {**response, "body": json.loads((folder / name).read_text("utf-8"))}}
