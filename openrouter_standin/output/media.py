"""Pictures and sound in an answer. No model makes them: a labelled drawing, and a tone as long as the words.

Shapes and figures: OpenRouter docs, image generation and audio output, 2026-08; logs of September 2026.
"""

from __future__ import annotations

import base64
import binascii
import math
import re
import struct
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from ..errors import not_imitated
from ..ids import digest_of
from ..sound import read_wav
from .drawing import draw, scene_of

PICTURE_TOKENS = {"google/gemini-2.5-flash-image": 1290, "bytedance-seed/seedream-4.5": 4175}
"""Tokens that one picture counts as, where a cost that was seen, or the OpenAPI's example (2026-08-22), tells it."""
OTHERWISE = 1120
SHORT_SIDE, LONGEST_SIDE = 256, 1024
"""Pixels of a drawing. Real pictures have about a million; these stay below 6 kB."""
RATIO = re.compile(r"([0-9]{1,2}(?:\.5)?):([0-9]{1,2}(?:\.5)?)")
BLOCKS = (32, 12)
"""Pixels of the squares that the unfinished pictures of a stream are made of."""
RATE, CHUNK_BYTES, TOKENS_A_CHUNK = 24_000, 19_200, 8
"""Samples a second; bytes of one piece (0.4 s); audio tokens that a piece counts as, nominally."""


def picture_tokens(model: str) -> int:
    """What one picture of this model counts as in a chat."""
    return PICTURE_TOKENS.get(model, OTHERWISE)


def picture(seed: str, ratio: object = None, reference: str | None = None, block: int = 1) -> str:
    """A PNG as base64. `ratio`: its shape, such as "16:9"; square for anything else. `reference`: the address or data URL of the
    picture that is edited: its bytes decide the scene, `seed` the colours. `block`: see `drawing.draw`."""
    wide, high = sides(str(ratio))
    drawn = (
        draw(digest_of(seed), wide, high, block=block)
        if reference is None
        else draw(scene_for(reference), wide, high, digest_of(seed), block)
    )
    return base64.b64encode(drawn).decode()


def data_url(png: str) -> str:
    """A PNG in base64 as an address."""
    return "data:image/png;base64," + png


def scene_for(reference: str) -> bytes:
    """What the scene of a picture hangs on that is made from another one, given by its address: the scene of an own drawing, else a hash of what was sent."""
    _, comma, data = reference.partition(";base64,")
    try:
        known = scene_of(base64.b64decode(data[:4000])) if comma else None
    except binascii.Error:
        known = None
    return known or digest_of(reference)


def sides(ratio: str) -> tuple[int, int]:
    """Pixels of a drawing of this shape, wide and high."""
    found = RATIO.fullmatch(ratio)
    wide, high = (round(2 * float(side)) for side in found.groups()) if found else (1, 1)
    if not (0 < wide <= 64 and 0 < high <= 64):
        return SHORT_SIDE, SHORT_SIDE
    short = min(SHORT_SIDE, LONGEST_SIDE * min(wide, high) // max(wide, high))
    least = min(wide, high)
    return (2 * wide * short + least) // (2 * least), (2 * high * short + least) // (2 * least)


@cache
def tone() -> str:
    """0.4 s of a quiet tone, base64 of 16-bit samples, little end first, one channel. Pieces of it join without a click."""
    samples = (round(2000 * math.sin(2 * math.pi * 440 * n / RATE)) for n in range(CHUNK_BYTES // 2))
    return base64.b64encode(struct.pack(f"<{CHUNK_BYTES // 2}h", *samples)).decode()


def cut_sound(path: Path, number: int) -> tuple[str, ...]:
    """The sound of a WAV file in so many pieces, base64. Raises `ApiError` for another rate than that of a chat, where nothing
    says which it is."""
    sound = read_wav(path.read_bytes())
    if sound.rate != RATE:
        raise not_imitated(f"{path.name} in a chat", f"It takes sound with {RATE} samples a second.")
    size = -(-len(sound.samples) // 2 // number) * 2
    cuts = (sound.samples[n * size : (n + 1) * size] for n in range(number))
    return tuple(base64.b64encode(cut).decode() for cut in cuts)


def tokens_of(sound: Sequence[str]) -> int:
    """Audio tokens of such pieces, at the same nominal rate as the tone."""
    return max(1, round(TOKENS_A_CHUNK * sum(len(piece) for piece in sound) * 3 / 4 / CHUNK_BYTES))
