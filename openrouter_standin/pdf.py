"""What is in a PDF: its pages, its text and its photographs, as far as the standard library reads them.

It reads what programs write: content streams that are plain or packed with Flate, and texts in the usual letters of a
font. It does not read encrypted files, fonts with numbers of their own for each letter, and letters in a picture.
"""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

PAGE = re.compile(rb"/Type\s*/Page(?![A-Za-z])")
TOKEN = re.compile(
    rb"(?P<text>\((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*\))"  # (a text), with one more pair of brackets in it at most
    rb"|<(?P<digits>[0-9A-Fa-f\s]*)>|(?P<number>[-+]?[0-9]*\.?[0-9]+)|(?P<operator>[A-Za-z'\"][A-Za-z0-9*]*)",
    re.DOTALL,
)
ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r?\n|.)", re.DOTALL)
CONTROL = {b"n": b"\n", b"r": b"\n", b"t": b"\t", b"b": b"", b"f": b""}
SHOWN = (b"Tj", b"TJ", b"'", b'"')
NEW_LINE = (b"Td", b"TD", b"T*", b"Tm", b"ET", b"'", b'"')
GAP = -200
"""Between two texts of a TJ array, a move of this much (thousandths of the letter size) or more is a space."""
MOST_BYTES = 4_000_000
"""Unpacked from one file at most: a small file may be packed to become very large."""


@dataclass(frozen=True)
class Pdf:
    """`pages`: at least one. `text`: line by line, empty for a scan. `photographs`: JPEG files as data: URLs."""

    pages: int
    text: str
    photographs: tuple[str, ...] = ()


def read_pdf(content: bytes) -> Pdf:
    """Read a file; of bytes that are no PDF, or one that cannot be read, one page without text."""
    pages, lines, photographs, left = len(PAGE.findall(content)), [], [], MOST_BYTES
    for about, stream in _streams(content):
        if b"/DCTDecode" in about:
            photographs.append("data:image/jpeg;base64," + base64.b64encode(stream).decode())
            continue
        unpacked = _unpacked(about, stream, left)
        left -= len(unpacked)
        if b"/ObjStm" in about:
            pages += len(PAGE.findall(unpacked))
        elif b"BT" in unpacked:
            lines += _lines(unpacked)
    return Pdf(max(pages, 1), "\n".join(lines), tuple(photographs))


def _streams(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Every stream with what the file says about it."""
    end = 0
    while (at := content.find(b"stream", end)) >= 0:
        begin, end = at + 6, at + 6
        if content[begin : begin + 1] not in (b"\r", b"\n"):
            continue
        begin += 2 if content[begin : begin + 2] == b"\r\n" else 1
        stop = content.find(b"endstream", begin)
        if stop < 0:
            return
        yield content[max(0, at - 2000) : at].rpartition(b"obj")[2], content[begin:stop]
        end = stop + 9


def _unpacked(about: bytes, stream: bytes, most: int) -> bytes:
    """The bytes of a stream, `most` of them; none where it is packed in a way that is not read here."""
    try:
        if b"/ASCII85Decode" in about:
            stream = base64.a85decode(stream.strip().removesuffix(b"~>"))
        if b"/FlateDecode" in about:
            return zlib.decompressobj().decompress(stream, most) if most > 0 else b""
    except (zlib.error, ValueError):
        return b""
    return stream[: max(most, 0)] if b"/Filter" not in about or b"/ASCII85Decode" in about else b""


def _lines(content: bytes) -> list[str]:
    """The lines of a content stream: what its operators show, in the order of the file."""
    lines, line, waiting = [], "", ""
    for token in TOKEN.finditer(content):
        operator = token["operator"]
        if operator is None:
            waiting += _shown(token)
            continue
        if operator in NEW_LINE and line.strip():
            lines.append(line.strip())
            line = ""
        line, waiting = line + (waiting if operator in SHOWN else ""), ""
    return [*lines, line.strip()] if line.strip() else lines


def _shown(token: re.Match[bytes]) -> str:
    """What an operand adds to the line: a text, or the space of a wide move."""
    if token["text"] is not None:
        return _letters(ESCAPE.sub(_escaped, token["text"][1:-1]))
    if token["digits"] is not None:
        digits = b"".join(token["digits"].split())
        return _letters(bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode()))
    return " " if float(token["number"]) <= GAP else ""


def _escaped(found: re.Match[bytes]) -> bytes:
    what = found[1]
    if what.isdigit() and what[0] < ord("8"):
        return bytes([int(what, 8) & 255])
    return b"" if what.endswith(b"\n") else CONTROL.get(what, what)


def _letters(text: bytes) -> str:
    """The letters of a text in the usual coding of western fonts; nothing for codes that only the font explains."""
    decoded = (
        text[2:].decode("utf-16-be", "replace") if text.startswith(b"\xfe\xff") else text.decode("cp1252", "replace")
    )
    return decoded if all(c.isprintable() or c in "\n\t" for c in decoded) else ""
