"""The body of an HTTP/1 request: by its length or in chunks, refused where its framing is broken or it is too large."""

from __future__ import annotations

from collections.abc import Mapping
from typing import BinaryIO

LARGEST = 32 * 1024 * 1024
"""Bytes at most."""


class BadBody(ValueError):
    """A body that is not read. `status`: 400 for broken framing, 413 for too much."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def read_body(file: BinaryIO, headers: Mapping[str, str]) -> bytes:
    """The whole body; empty without one. `headers`: names in lower case. Raises `BadBody`."""
    length, coding = headers.get("content-length"), headers.get("transfer-encoding")
    if coding is not None:
        if length is not None or coding.strip().lower() != "chunked":
            raise BadBody(400)
        return _read_chunks(file)
    if length is None:
        return b""
    return _read(file, _number(length, 10))


def _read_chunks(file: BinaryIO) -> bytes:
    chunks, total = [], 0
    while size := _number(_line(file).partition(b";")[0].strip().decode("latin-1"), 16):
        total += size
        chunks.append(_read(file, size, total))
        if _line(file).strip():
            raise BadBody(400)
    for _ in range(100):  # trailers
        if not _line(file).strip():
            return b"".join(chunks)
    raise BadBody(400)


def _line(file: BinaryIO) -> bytes:
    line = file.readline(1000)
    if not line.endswith(b"\n"):
        raise BadBody(400)
    return line


def _read(file: BinaryIO, size: int, total: int = 0) -> bytes:
    if max(size, total) > LARGEST:
        raise BadBody(413)
    data = file.read(size)
    if len(data) < size:
        raise BadBody(400)
    return data


def _number(text: str, base: int) -> int:
    """A length. Python's `int` alone also takes signs, spaces and underscores."""
    digits = "0123456789abcdef"[:base]
    if not text or any(c not in digits for c in text.lower()):
        raise BadBody(400)
    if len(text) > 12:
        raise BadBody(413)
    return int(text, base)
