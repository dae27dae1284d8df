"""H.264 without compression: every block of 16 times 16 pixels is written as its samples (I_PCM), or left as it was before.

ITU-T H.264 (2021): 7.3 for the syntax, 7.4.2 and 7.4.3 for the values, baseline profile.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from .png import Colour

BLOCK = 16
"""Pixels of a macroblock's side."""
EMULATED = re.compile(rb"\0\0(?=[\0-\3])")
"""Bytes that would look like the beginning of a unit (7.4.1)."""
INTRA, PREDICTED = 25, 30
"""The block type I_PCM, in a slice of its own and in one that leans on the picture before (tables 7-11 and 7-13)."""


class Bits:
    """Bits as they are written one after another."""

    def __init__(self) -> None:
        self.text = ""

    def put(self, value: int, length: int) -> Bits:
        """A number in so many bits."""
        self.text += f"{value:0{length}b}"
        return self

    def golomb(self, *values: int) -> Bits:
        """Whole numbers from 0 on as Exp-Golomb codes (9.1)."""
        for value in values:
            digits = f"{value + 1:b}"
            self.text += "0" * (len(digits) - 1) + digits
        return self

    def aligned(self) -> bytes:
        """Everything so far, filled up with zeros."""
        text = self.text + "0" * (-len(self.text) % 8)
        return int("1" + text, 2).to_bytes(len(text) // 8 + 1, "big")[1:]

    def ended(self) -> bytes:
        """Everything, with the bit that ends a unit."""
        return self.put(1, 1).aligned()


def sequence(wide: int, high: int) -> bytes:
    """The unit that says how large the pictures are: multiples of 16, one reference, in the order of their coming."""
    bits = Bits().put(66, 8).put(0xC0, 8).put(30, 8).golomb(0, 0, 2, 1).put(0, 1)
    bits.golomb(wide // BLOCK - 1, high // BLOCK - 1).put(0b1100, 4)
    return _unit(0x67, bits.ended())


def parameters() -> bytes:
    """The unit of everything else that all pictures share: no arithmetic coding, deblocking under control of the slices."""
    bits = Bits().golomb(0, 0).put(0, 2).golomb(0, 0, 0).put(0, 3).golomb(0, 0, 0).put(0b100, 3)
    return _unit(0x68, bits.ended())


def blocks(rows: Sequence[bytes], palette: Sequence[Colour]) -> list[bytes]:
    """A picture cut into blocks: of each the brightness of its pixels, then two colour differences of every second one."""
    planes = [bytes(_sample(colour)[n] for colour in palette) for n in range(3)]
    found = []
    for top in range(0, len(rows), BLOCK):
        for left in range(0, len(rows[0]), BLOCK):
            part = [row[left : left + BLOCK] for row in rows[top : top + BLOCK]]
            fine, rough = b"".join(part), b"".join(row[::2] for row in part[::2])
            found.append(
                b"".join(_looked_up(data, plane) for data, plane in zip((fine, rough, rough), planes, strict=True))
            )
    return found


def _looked_up(numbers: bytes, plane: bytes) -> bytes:
    return numbers.translate(plane + bytes(256 - len(plane)))


def _sample(colour: Colour) -> tuple[int, int, int]:
    """Brightness and two colour differences of a colour (ITU-R BT.601, studio range)."""
    red, green, blue = colour
    return (
        16 + (66 * red + 129 * green + 25 * blue + 128 >> 8),
        128 + (-38 * red - 74 * green + 112 * blue + 128 >> 8),
        128 + (112 * red - 94 * green - 18 * blue + 128 >> 8),
    )


def first_picture(now: Sequence[bytes]) -> bytes:
    """A picture that leans on nothing."""
    bits = Bits().golomb(0, 7, 0).put(0, 4).golomb(0).put(0, 2).golomb(0, 1)
    data = b""
    for samples in now:
        data += bits.golomb(INTRA).aligned() + samples
        bits = Bits()
    return _unit(0x65, data + bits.ended())


def next_picture(number: int, now: Sequence[bytes], before: Sequence[bytes]) -> bytes:
    """A picture that repeats what has not changed. `number`: how many pictures came before."""
    bits = Bits().golomb(0, 5, 0).put(number % 16, 4).put(0, 3).golomb(0, 1)
    data, same = b"", 0
    for samples, old in zip(now, before, strict=True):
        if samples == old:
            same += 1
            continue
        data += bits.golomb(same, PREDICTED).aligned() + samples
        bits, same = Bits(), 0
    return _unit(0x41, data + (bits.golomb(same) if same else bits).ended())


def _unit(kind: int, data: bytes) -> bytes:
    return bytes([kind]) + EMULATED.sub(b"\0\0\3", data)
