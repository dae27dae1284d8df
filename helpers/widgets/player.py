"""The sound player: plays a spoken answer while it arrives."""

from __future__ import annotations

from ..show.markup import Table
from . import ui
from .parts import Sound

BYTES = 2
"""Of one sample."""


class SoundPlayer(ui.Widget):
    """Give it each piece of 16-bit sound (`add`) as it comes. `seconds`: how much has come."""

    def __init__(self, rate: int) -> None:
        super().__init__()
        self.rate, self.samples = rate, 0
        self._odd = b""
        self._sound = Sound(rate=rate)
        self.put(self._sound, self.status)

    @property
    def seconds(self) -> float:
        """How long the sound is that has come so far."""
        return self.samples / self.rate

    def add(self, piece: bytes) -> None:
        """Play a piece behind what came before. A piece may end in the middle of a sample: the rest waits for the next."""
        whole = self._odd + piece
        length = len(whole) // BYTES * BYTES
        self._odd = whole[length:]
        self.samples += length // BYTES
        if length:
            self._sound.add(whole[:length])

    def first_state(self) -> Table:
        """What stands in place of the player where no widgets run."""
        return Table(["sound", ""], [["samples a second", f"{self.rate:,}"]], caption="A player", notes=[ui.RUN_IT])


def sound_player(rate: int = 24_000) -> SoundPlayer:
    """A player for 16-bit sound in one channel. `rate`: samples a second; OpenRouter's spoken answers have 24,000.

    Raises `ValueError` for a rate that no browser plays.
    """
    if not isinstance(rate, int) or not 8_000 <= rate <= 96_000:
        raise ValueError(f"rate is a whole number from 8,000 to 96,000 samples a second, not {rate!r}")
    return SoundPlayer(rate)
