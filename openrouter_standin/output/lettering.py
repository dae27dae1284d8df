"""Letters made of dots: what a drawing needs to say who drew it, and nothing more."""

from __future__ import annotations

HIGH, WIDE = 7, 5
"""Dots of one letter; one more column stays free behind it."""
LETTERS = {
    "a": "..... ..... .###. ....# .#### #...# .####",
    "b": "#.... #.... ####. #...# #...# #...# ####.",
    "d": "....# ....# .#### #...# #...# #...# .####",
    "e": "..... ..... .###. #...# ##### #.... .###.",
    "h": "#.... #.... ####. #...# #...# #...# #...#",
    "i": "..#.. ..... .##.. ..#.. ..#.. ..#.. .###.",
    "n": "..... ..... ####. #...# #...# #...# #...#",
    "r": "..... ..... #.##. ##..# #.... #.... #....",
    "s": "..... ..... .#### #.... .###. ....# ####.",
    "t": ".#... .#... ####. .#... .#... .#..# ..##.",
    "w": "..... ..... #...# #...# #.#.# #.#.# .#.#.",
    "y": "..... ..... #...# #...# .#### ....# .###.",
    "-": "..... ..... ..... .###. ..... ..... .....",
    " ": "..... ..... ..... ..... ..... ..... .....",
}


def lettered(text: str, scale: int) -> list[bytes]:
    """The lines of a text as rows of 0 and 1, each dot `scale` pixels wide and high. Only the letters above."""
    rows = []
    for n in range(HIGH):
        dots = ".".join(LETTERS[letter].split(" ")[n] for letter in text)
        row = b"".join(bytes([dot == "#"]) * scale for dot in dots)
        rows += [row] * scale
    return rows
