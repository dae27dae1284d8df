"""PNG files with a palette, byte for byte the same on every machine.

zlib's compressor is not used: its bytes differ between versions and builds. The packing here is the one that RFC 1951 calls
fixed Huffman codes, with runs of one byte as its only short cut. PNG and zlib: W3C PNG (third edition), RFC 1950.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Mapping, Sequence

RUN = re.compile(rb"(.)\1*", re.DOTALL)
LONGEST = 258
"""Bytes that one repetition stands for at most."""
Colour = tuple[int, int, int]


def write_png(rows: Sequence[bytes], palette: Sequence[Colour], texts: Mapping[str, str]) -> bytes:
    """A PNG. `rows`: one byte a pixel, the number of a colour in `palette` (16 at most). `texts`: keywords with what they
    say, in Latin letters."""
    header = struct.pack(">IIBBBBB", len(rows[0]), len(rows), 4, 3, 0, 0, 0)
    named = [(b"tEXt", f"{name}\0{text}".encode("latin-1")) for name, text in texts.items()]
    colours = bytes(part for colour in palette for part in colour)
    data = packed(b"".join(_lines(rows)))
    chunks = [(b"IHDR", header), *named, (b"PLTE", colours), (b"IDAT", data), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _lines(rows: Sequence[bytes]) -> list[bytes]:
    """Two pixels a byte, and each line as its difference from the one above (filter 2): what repeats becomes zeros."""
    lines, above = [], bytes((len(rows[0]) + 1) // 2)
    for row in rows:
        even = row if len(row) % 2 == 0 else row + b"\0"
        line = bytes(left << 4 | right for left, right in zip(even[::2], even[1::2], strict=True))
        lines.append(b"\2" + bytes((now - before) & 255 for now, before in zip(line, above, strict=True)))
        above = line
    return lines


def packed(data: bytes) -> bytes:
    """The data in zlib's format: one block with fixed codes."""
    bits = [1, 1, 0]  # the last block; fixed codes
    for found in RUN.finditer(data):
        bits += _literal(found[0][0])
        left = len(found[0]) - 1
        while left >= 3:
            run = min(left, LONGEST)
            bits += _repeat(run)
            left -= run
        bits += _literal(found[0][0]) * left
    bits += _code(0, 7)  # the end of the block
    bits += [0] * (-len(bits) % 8)
    octets = bytes(sum(bit << n for n, bit in enumerate(bits[at : at + 8])) for at in range(0, len(bits), 8))
    return b"\x78\x01" + octets + struct.pack(">I", zlib.adler32(data))


def _code(value: int, length: int) -> list[int]:
    """A Huffman code: its highest bit first."""
    return [value >> n & 1 for n in range(length - 1, -1, -1)]


def _literal(byte: int) -> list[int]:
    return _code(0x30 + byte, 8) if byte < 144 else _code(0x190 + byte - 144, 9)


def _repeat(run: int) -> list[int]:
    """The byte before, `run` times more: a length from 3 to 258 and the distance 1 (RFC 1951, 3.2.5)."""
    if run == LONGEST:
        return _code(0xC0 + 285 - 280, 8) + _code(0, 5)
    beyond = run - 3
    extra = max(0, beyond.bit_length() - 3)
    symbol = 257 + 4 * extra + (beyond >> extra)
    named = _code(symbol - 256, 7) if symbol < 280 else _code(0xC0 + symbol - 280, 8)
    return named + [beyond >> n & 1 for n in range(extra)] + _code(0, 5)
