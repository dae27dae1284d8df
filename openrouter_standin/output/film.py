"""What stands for a generated film: the drawing of `drawing`, in which the sun moves, two pictures a second, without sound."""

from __future__ import annotations

from . import h264
from .drawing import SOFTWARE, painted, palette_of
from .mp4 import write_mp4

RATE = 2
"""Pictures a second."""
SHORT_SIDE, LONGEST_SIDE = 128, 320
"""Pixels: nothing is compressed, and a second costs some kilobytes."""
MEDIA_TYPE = "video/mp4"


def film(scene: bytes, ratio: float, seconds: int) -> bytes:
    """An MP4 file. `scene`: the 32 bytes that decide what is in it. `ratio`: how many times wider than high it is."""
    wide, high = _sides(ratio)
    palette, pictures, before = palette_of(scene), [], []
    number = seconds * RATE
    for n in range(number):
        canvas = painted(scene, wide, high, drift=60 * n // number)
        now = h264.blocks([bytes(row) for row in canvas.rows], palette)
        pictures.append(h264.next_picture(n, now, before) if n else h264.first_picture(now))
        before = now
    return write_mp4(wide, high, RATE, h264.sequence(wide, high), h264.parameters(), pictures, SOFTWARE)


def _sides(ratio: float) -> tuple[int, int]:
    """Multiples of a block's side."""
    longer = min(round(SHORT_SIDE * max(ratio, 1 / ratio) / h264.BLOCK) * h264.BLOCK, LONGEST_SIDE)
    return (longer, SHORT_SIDE) if ratio >= 1 else (SHORT_SIDE, longer)
