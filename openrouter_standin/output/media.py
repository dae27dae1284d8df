"""Pictures and sound in an answer. No model makes them: a plain coloured picture, and a tone as long as the words.

Shapes and figures: OpenRouter docs, image generation and audio output, 2026-08; logs of September 2026.
"""

from __future__ import annotations

import base64
import math
import re
import struct
import zlib
from collections.abc import Mapping
from functools import cache

from ..ids import digest_of

PICTURE_TOKENS = {"google/gemini-2.5-flash-image": 1290}
"""Tokens that one picture counts as, where a cost that was seen tells it."""
OTHERWISE = 1120
SHORT_SIDE = 64
RATIO = re.compile(r"[0-9]{1,2}:[0-9]{1,2}")
RATE, CHUNK_BYTES, TOKENS_A_CHUNK = 24_000, 19_200, 8
"""Samples a second; bytes of one piece (0.4 s); audio tokens that a piece counts as, nominally."""


def picture_tokens(model: str) -> int:
    """What one picture of this model counts as."""
    return PICTURE_TOKENS.get(model, OTHERWISE)


def picture(seed: str, config: Mapping[str, object]) -> str:
    """A PNG of one colour as a data URL. `config`: the request's image_config; `aspect_ratio` such as "16:9" shapes it."""
    wide, high = _sides(str(config.get("aspect_ratio") or "1:1"))
    line = b"\0" + digest_of(seed)[:3] * wide
    header = struct.pack(">IIBBBBB", wide, high, 8, 2, 0, 0, 0)
    chunks = (b"IHDR", header), (b"IDAT", zlib.compress(line * high, 9)), (b"IEND", b"")
    png = b"\x89PNG\r\n\x1a\n" + b"".join(_png_chunk(kind, data) for kind, data in chunks)
    return "data:image/png;base64," + base64.b64encode(png).decode()


def _sides(ratio: str) -> tuple[int, int]:
    wide, _, high = ratio.partition(":")
    if not (RATIO.fullmatch(ratio) and 0 < int(wide) <= 32 and 0 < int(high) <= 32):
        return SHORT_SIDE, SHORT_SIDE
    unit = SHORT_SIDE / min(int(wide), int(high))
    return round(int(wide) * unit), round(int(high) * unit)


def _png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


@cache
def tone() -> str:
    """0.4 s of a quiet tone, base64 of 16-bit samples, little end first, one channel. Pieces of it join without a click."""
    samples = (round(2000 * math.sin(2 * math.pi * 440 * n / RATE)) for n in range(CHUNK_BYTES // 2))
    return base64.b64encode(struct.pack(f"<{CHUNK_BYTES // 2}h", *samples)).decode()
