"""Hashes, generation ids and times, each a function of what goes in: the same request gives the same bytes."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import UTC, datetime
from typing import Any

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)")
BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def hash_of(text: str) -> str:
    """A stable hash of a text, as hexadecimal digits."""
    return digest_of(text).hex()


def digest_of(text: str) -> bytes:
    """The same hash as 32 bytes."""
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()


def hash_of_json(value: Any) -> str:
    """A stable hash of a JSON value; the order of keys does not matter."""
    return hash_of(json.dumps(value, sort_keys=True, default=str))


def base62(digest: bytes, length: int) -> str:
    """The first `length` base-62 digits of a hash."""
    number, text = int.from_bytes(digest, "big"), ""
    while len(text) < length:
        number, digit = divmod(number, 62)
        text += BASE62[digit]
    return text


def generation_id(now: int, digest: bytes, kind: str = "") -> str:
    """An id as OpenRouter writes it: `gen-<seconds>-<20 digits>`, with the kind in it for embeddings and reranking."""
    return f"gen-{kind}{now}-{base62(digest, 20)}"


def uuid_of(text: str) -> str:
    """A UUID that is always the same for a text."""
    digits = hash_of(text)
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-8{digits[17:20]}-{digits[20:32]}"


def iso(seconds: int) -> str:
    """A Unix time as ISO 8601 in UTC."""
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")


def day_of(seconds: float) -> str:
    """The UTC day of a Unix time, as 2026-11-20."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d")


def is_time(value: Any) -> bool:
    """Whether a text is a time in ISO 8601 with seconds and a time zone."""
    return isinstance(value, str) and TIME.fullmatch(value) is not None and seconds_of(value) is not None


def seconds_of(text: str) -> float | None:
    """The Unix time of a text in ISO 8601; None for what is not a time."""
    try:
        return datetime.fromisoformat(text).timestamp()
    except (ValueError, OverflowError):
        return None
