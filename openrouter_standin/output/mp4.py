"""An MP4 file with one track of H.264 pictures. ISO/IEC 14496-12 (boxes) and 14496-15 (avc1)."""

from __future__ import annotations

import struct
from collections.abc import Sequence

TICKS = 1000
"""Units of time in a second."""
MATRIX = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)


def write_mp4(
    wide: int, high: int, rate: int, sequence: bytes, parameters: bytes, pictures: Sequence[bytes], note: str
) -> bytes:
    """A film. `rate`: pictures a second. `sequence`, `parameters`, `pictures`: units of H.264. `note`: a text for readers of the
    file."""
    samples = [struct.pack(">I", len(picture)) + picture for picture in pictures]
    begin = _box(b"ftyp", b"isom", struct.pack(">I", 512), b"isomiso2avc1mp41") + _box(b"free", note.encode())
    entry = _entry(wide, high, sequence, parameters)
    length = len(_movie(wide, high, rate, entry, samples, 0))
    movie = _movie(wide, high, rate, entry, samples, len(begin) + length + 8)
    return begin + movie + _box(b"mdat", *samples)


def _box(kind: bytes, *parts: bytes) -> bytes:
    data = b"".join(parts)
    return struct.pack(">I", len(data) + 8) + kind + data


def _full(kind: bytes, flags: int, *parts: bytes) -> bytes:
    """A box with a version, 0, and flags."""
    return _box(kind, struct.pack(">I", flags), *parts)


def _numbers(*values: int) -> bytes:
    return struct.pack(f">{len(values)}I", *values)


def _movie(wide: int, high: int, rate: int, entry: bytes, samples: Sequence[bytes], start: int) -> bytes:
    """Everything about the samples. `start`: where in the file they begin."""
    step = TICKS // rate
    ticks = step * len(samples)
    head = _full(b"mvhd", 0, _numbers(0, 0, TICKS, ticks, 0x10000), b"\1\0" + bytes(10), MATRIX, bytes(24), _numbers(2))
    sides = _numbers(wide << 16, high << 16)
    track = _full(b"tkhd", 3, _numbers(0, 0, 1, 0, ticks), bytes(16), MATRIX, sides)
    table = _box(
        b"stbl",
        _full(b"stsd", 0, _numbers(1), entry),
        _full(b"stts", 0, _numbers(1, len(samples), step)),
        _full(b"stss", 0, _numbers(1, 1)),
        _full(b"stsc", 0, _numbers(1, 1, len(samples), 1)),
        _full(b"stsz", 0, _numbers(0, len(samples), *map(len, samples))),
        _full(b"stco", 0, _numbers(1, start)),
    )
    place = _box(b"dinf", _full(b"dref", 0, _numbers(1), _full(b"url ", 1)))
    media = _box(
        b"mdia",
        _full(b"mdhd", 0, _numbers(0, 0, TICKS, ticks), b"\x55\xc4\0\0"),
        _full(b"hdlr", 0, bytes(4), b"vide", bytes(12), b"film\0"),
        _box(b"minf", _full(b"vmhd", 1, bytes(8)), place, table),
    )
    return _box(b"moov", head, _box(b"trak", track, media))


def _entry(wide: int, high: int, sequence: bytes, parameters: bytes) -> bytes:
    """How the samples are coded: avc1, with the two units that all pictures share."""
    shared = b"\1" + sequence[1:4] + b"\xff\xe1" + struct.pack(">H", len(sequence)) + sequence
    shared += b"\1" + struct.pack(">H", len(parameters)) + parameters
    sides = struct.pack(">HHIIIH", wide, high, 0x480000, 0x480000, 0, 1)
    return _box(b"avc1", bytes(6) + b"\0\1", bytes(16), sides, bytes(32), b"\0\x18\xff\xff", _box(b"avcC", shared))
