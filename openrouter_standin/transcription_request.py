"""A request for the words of a sound, parsed once: JSON with `input_audio`, or a form with `file`.

Source: STTRequest and the form of OpenRouter's OpenAPI (2026-08-22).
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from .errors import bad_request, not_json, zod, zod_option

LARGEST_FILE = 25 * 1024 * 1024
"""Bytes of `file`; larger ones go as base64 (OpenAPI)."""
RESPONSES, GRANULARITIES = ("json", "verbose_json"), ("word", "segment")


@dataclass(frozen=True)
class TranscriptionRequest:
    """`data`: the bytes of the sound. `granularities`: what is timed beside segments."""

    body: Mapping[str, Any]
    data: bytes

    @classmethod
    def parse(cls, body: Any) -> TranscriptionRequest:
        """Check the form of the request. Raises `ApiError`."""
        if not isinstance(body, Mapping):
            raise not_json(user=False)
        if not isinstance(body.get("model"), str):
            raise zod("model", "Invalid input: expected string")
        if body.get("response_format") not in (None, *RESPONSES):
            raise zod_option("response_format", map('"{}"'.format, RESPONSES))
        timed = body.get("timestamp_granularities") or []
        if not isinstance(timed, list) or any(value not in GRANULARITIES for value in timed):
            raise zod_option("timestamp_granularities", map('"{}"'.format, GRANULARITIES))
        return cls(body, _file(body["file"]) if "file" in body else _input_audio(body.get("input_audio")))

    @property
    def model(self) -> str:
        return self.body["model"]

    @property
    def verbose(self) -> bool:
        return self.body.get("response_format") == "verbose_json"

    @property
    def granularities(self) -> list[str]:
        return self.body.get("timestamp_granularities") or []

    @property
    def language(self) -> str | None:
        """What the request says it is."""
        value = self.body.get("language")
        return value if isinstance(value, str) else None

    @property
    def fingerprint(self) -> dict[str, Any]:
        """The request with a hash in place of its sound."""
        plain = {k: v for k, v in self.body.items() if k not in ("file", "input_audio")}
        return plain | {"sound": sha256(self.data).hexdigest()}


def _file(part: Any) -> bytes:
    """The bytes of a form's file. The status of a file that is too large is not documented."""
    if not isinstance(part, Mapping) or not isinstance(part.get("data"), bytes):
        raise zod("file", "Invalid input: expected file")
    if len(part["data"]) > LARGEST_FILE:
        raise bad_request("file takes at most 25 MB; send larger files as base64 JSON via input_audio")
    return part["data"]


def _input_audio(part: Any) -> bytes:
    for name in ("data", "format"):
        if not isinstance(part, Mapping) or not isinstance(part.get(name), str):
            raise zod(f"input_audio.{name}", "Invalid input: expected string")
    try:
        return base64.b64decode(part["data"], validate=True)
    except (binascii.Error, ValueError):
        raise bad_request("input_audio.data takes base64 (raw bytes, not a data URI)") from None
