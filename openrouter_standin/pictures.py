"""Pictures in a prompt: their size in pixels, read from the first bytes of the file, and the tokens that they count as.

Nominal: the families publish these rules, and each family's are in data/pictures.toml with their sources (2025 and 2026).
"""

from __future__ import annotations

import base64
import binascii
import math
import struct
from collections.abc import Callable, Mapping
from typing import Any

from .tables import load_table, row_for

Size = tuple[int, int]
"""Width and height in pixels."""
SEARCHED = 1_000_000
"""Characters of base64 in which the size is looked for: a JPEG may have other things before it."""
NO_SIZE_IN = (0xC4, 0xC8, 0xCC)
"""The markers among C0 to CF of a JPEG that do not begin a frame."""


def picture_tokens(image: Mapping[str, Any], model: str) -> int:
    """Nominal prompt tokens of one picture. `image`: the object with `url` and `detail`; `model`: an id of the catalogue."""
    size = size_of_url(image["url"])
    table = load_table("pictures.toml")
    row = row_for(model, table["picture"])
    if size is None or row is None:
        return table["otherwise"]
    return RULES[row["rule"]](size, row, image.get("detail"))


def size_of_url(url: str) -> Size | None:
    """The size of a picture in a data: URL; None for an address, which is not downloaded, and for what is no picture."""
    head, comma, encoded = url.partition(",")
    if not comma or not head.startswith("data:"):
        return None
    content = decoded(encoded[:SEARCHED])
    return None if content is None else size_of(content)


def decoded(encoded: str) -> bytes | None:
    """The bytes of a text in base64, which may have been cut off; None where it is none."""
    letters = "".join(encoded.split())
    try:
        return base64.b64decode(letters[: len(letters) // 4 * 4], validate=True)
    except (ValueError, binascii.Error):
        return None


def size_of(content: bytes) -> Size | None:
    """The size that the head of a PNG, JPEG, GIF or WebP file says."""
    try:
        found = _size_of(content)
    except (struct.error, IndexError):  # the file ends before its size
        return None
    return found if found and min(found) > 0 and max(found) < 1_000_000 else None


def _size_of(content: bytes) -> Size | None:
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return struct.unpack(">II", content[16:24])
    if content.startswith((b"GIF87a", b"GIF89a")):
        return struct.unpack("<HH", content[6:10])
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return _size_of_webp(content)
    return _size_of_jpeg(content) if content.startswith(b"\xff\xd8\xff") else None


def _size_of_webp(content: bytes) -> Size | None:
    """WebP has three kinds: lossy, lossless, and one with a head of its own."""
    kind = content[12:16]
    if kind == b"VP8 ":
        wide, high = struct.unpack("<HH", content[26:30])
        return wide & 0x3FFF, high & 0x3FFF
    if kind == b"VP8L":
        (bits,) = struct.unpack("<I", content[21:25])
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8X":
        return int.from_bytes(content[24:27], "little") + 1, int.from_bytes(content[27:30], "little") + 1
    return None


def _size_of_jpeg(content: bytes) -> Size | None:
    """The size stands in the first frame: go from segment to segment until there is one."""
    at = 2
    while at + 4 <= len(content) and content[at] == 0xFF:
        kind = content[at + 1]
        if kind == 0xFF:  # a filling byte
            at += 1
        elif 0xC0 <= kind <= 0xCF and kind not in NO_SIZE_IN:
            high, wide = struct.unpack(">HH", content[at + 5 : at + 9])
            return wide, high
        else:
            at += 2 + struct.unpack(">H", content[at + 2 : at + 4])[0]
    return None


# --- the rules -------------------------------------------------------------------------------------------------------


def _tiles(size: Size, row: Mapping[str, Any], detail: str | None) -> int:
    if detail == "low":
        return row["base"]
    fitted = _shrunk(size, 2048 / max(size))
    wide, high = _shrunk(fitted, 768 / min(fitted))
    return row["base"] + row["each"] * _up(wide / 512) * _up(high / 512)


def _patches(size: Size, row: Mapping[str, Any], detail: str | None) -> int:
    wide, high = size[0] / 32, size[1] / 32
    if _up(wide) * _up(high) > row["most"]:
        shrink = math.sqrt(row["most"] / (wide * high))
        wide, high = wide * shrink, high * shrink
        shrink = min(max(math.floor(wide), 1) / wide, max(math.floor(high), 1) / high)
        wide, high = wide * shrink, high * shrink
    return _up(min(_up(wide) * _up(high), row["most"]) * row["factor"])


def _area(size: Size, row: Mapping[str, Any], detail: str | None) -> int:
    wide, high = _shrunk(size, row["side"] / max(size))
    return min(_up(wide * high / 750), row["most"])


def _squares(size: Size, row: Mapping[str, Any], detail: str | None) -> int:
    return 258 if max(size) <= 384 else 258 * _up(size[0] / 768) * _up(size[1] / 768)


RULES: dict[str, Callable[[Size, Mapping[str, Any], str | None], int]] = {
    "tiles": _tiles,
    "patches": _patches,
    "area": _area,
    "squares": _squares,
}


def _shrunk(size: tuple[float, float], scale: float) -> tuple[float, float]:
    """Both sides times `scale`; a small picture is not made larger."""
    return (size[0] * scale, size[1] * scale) if scale < 1 else size


def _up(value: float) -> int:
    """Rounded up, but not because of the last digit of a float."""
    return math.ceil(round(value, 6))
