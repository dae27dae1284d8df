"""What a recording keeps of files that are sent: their digest and length, in a form and in `input_audio`.

A form is matched by its fields, whatever its random boundary is. The bytes go to the stand-in alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any

from openrouter_standin.multipart import BadMultipart, is_multipart, parse_multipart

LONG = 1000
"""Characters of base64 from which on their digest is kept."""


def described_form(body: bytes, content_type: str, attach: Callable[[str, bytes], None]) -> dict[str, Any] | None:
    """The fields of a form, each file as name, type, length and digest; None for what is no form. `attach`: is handed the
    bytes of each file, with their digest."""
    if not is_multipart(content_type):
        return None
    try:
        fields = parse_multipart(body, content_type)
    except BadMultipart:
        return None
    return {name: _described(value, attach) for name, value in fields.items()}


def _described(value: Any, attach: Callable[[str, bytes], None]) -> Any:
    if isinstance(value, list):
        return [_described(one, attach) for one in value]
    if not isinstance(value, Mapping):
        return value
    data = value["data"]
    digest = sha256(data).hexdigest()
    attach(digest, data)
    about = {"filename": value["filename"], "content_type": value["content_type"]}
    return about | {"bytes": len(data), "sha256": digest}


def with_files(request: Mapping[str, Any], files: Mapping[str, bytes]) -> dict[str, Any]:
    """The request with the bytes of its files, as the stand-in reads it. `files`: by digest."""
    body = request.get("body")
    if not isinstance(body, Mapping) or not any(_digest(value) in files for value in body.values()):
        return dict(request)
    filled = {k: {**v, "data": files[_digest(v)]} if _digest(v) in files else v for k, v in body.items()}
    return {**request, "body": filled}


def _digest(value: Any) -> str:
    return value["sha256"] if isinstance(value, Mapping) and isinstance(value.get("sha256"), str) else ""


def shortened(value: Any) -> Any:
    """A request with the digest in place of each long sound in base64."""
    if isinstance(value, list):
        return [shortened(one) for one in value]
    if not isinstance(value, Mapping):
        return value
    sound = value.get("input_audio")
    if isinstance(sound, Mapping) and isinstance(sound.get("data"), str) and len(sound["data"]) > LONG:
        digest = sha256(sound["data"].encode("utf-8", "replace")).hexdigest()
        kept = {**sound, "data": f"{len(sound['data'])} characters of base64, sha256 {digest}"}
        return {**value, "input_audio": kept}
    return {name: shortened(one) for name, one in value.items()}
