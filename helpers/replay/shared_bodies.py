"""Large bodies, such as the catalogue, stand in files of their own, named by their hash: recordings that share one store it once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .layout import layout, write_whole

FOLDER = "shared"
FIELD = "body_file"
"""Stands in a response in place of `body`: the file, from the folder of the recording."""
LARGE = 50_000
"""Characters of JSON from which on a body gets its own file."""


def shared(exchange: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """The exchange with a large body replaced by the name of its file, which is written if it is not there."""
    response = dict(exchange["response"])
    text = json.dumps(response.get("body"), ensure_ascii=False, sort_keys=True)
    if len(text) < LARGE:
        return dict(exchange)
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    name = f"{FOLDER}/{digest[:16]}.json"
    if not _is_whole(folder / name, response["body"]):
        write_whole(folder / name, layout(response["body"]) + "\n")
    del response["body"]
    return {**exchange, "response": {**response, FIELD: name}}


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
    if name is None:
        return dict(exchange)
    return {**exchange, "response": {**response, "body": json.loads((folder / name).read_text("utf-8"))}}
