"""The one diagram of the course: the way of a request, live and offline. docs/request.svg is the same picture."""

from __future__ import annotations

from .markup import Figure, Table
from .svg import BLUE, GREY, INK, ORANGE, picture, words

DESCRIPTION = (
    "The way of a request. Live: your program calls the OpenAI SDK, which sends the request with your key to OpenRouter;"
    " OpenRouter picks a provider, and the provider runs the model. Offline: the course takes the request before it leaves"
    " your machine; it plays a recorded answer if there is one, and asks the stand-in if there is none. The answer comes"
    " back the same way, and the receipt names its source."
)
STEPS = [
    ["live", "your program and the OpenAI SDK, OpenRouter, a provider", "live"],
    ["offline, the request was recorded", "your program and the OpenAI SDK, the recording", "recorded"],
    ["offline, it was not", "your program and the OpenAI SDK, the stand-in", "stand-in, not recorded"],
]
"""The same in rows: when, which way, what the receipt says."""
WIDE, HIGH = 185, 58


def way_of_a_request() -> Figure:
    """How a request travels: to OpenRouter and a provider when live, to a recording or the stand-in when offline."""
    return Figure(*drawn(), Table(["when", "way", "source in the receipt"], STEPS, caption="The way of a request"))


def drawn() -> tuple[str, str]:
    """The picture and its description."""
    left, middle, right, top, below = 10, 268, 525, 28, 148
    parts = [
        _arrow(f"M{left + WIDE} {top + 29} H{middle}", BLUE),
        _arrow(f"M{middle + WIDE} {top + 29} H{right}", BLUE),
        _arrow(f"M{left + WIDE / 2} {top + HIGH} V{below + 29} H{middle}", ORANGE),
        _arrow(f"M{middle + WIDE} {below + 29} H{right}", ORANGE),
        _box(left, top, "your program", "with the OpenAI SDK", INK),
        _box(middle, top, "OpenRouter", "picks a provider", BLUE),
        _box(right, top, "provider", "runs the model", BLUE),
        _box(middle, below, "recording", "an answer from a file", ORANGE),
        _box(right, below, "stand-in", "an offline imitation", ORANGE),
        words(left + WIDE + 36, top + 20, "live", 12, "middle", BLUE),
        words(left + WIDE / 2 + 8, below + 20, "offline", 12, "start", ORANGE),
        words(middle + WIDE + 36, below + 20, "not there", 12, "middle", ORANGE),
        words(right + WIDE / 2, top + HIGH + 18, "source: live", 12, "middle", GREY),
        words(middle + WIDE / 2, below + HIGH + 18, "source: recorded", 12, "middle", GREY),
        words(right + WIDE / 2, below + HIGH + 18, "source: stand-in, not recorded", 12, "middle", GREY),
    ]
    return picture(238, DESCRIPTION, parts)


def _box(x: float, y: float, title: str, line: str, colour: str) -> str:
    frame = f'<rect x="{x}" y="{y}" width="{WIDE}" height="{HIGH}" rx="6" fill="none" stroke="{colour}" stroke-width="1.5"/>'
    middle = x + WIDE / 2
    return frame + words(middle, y + 25, title, 14, "middle") + words(middle, y + 44, line, 12, "middle", GREY)


def _arrow(path: str, colour: str) -> str:
    """A line along this path, which ends in the horizontal; its head points to the right."""
    *_, end = path.split("H")
    row = path.split("V")[1].split()[0] if "V" in path else path.split()[1]
    head = f'<path d="M{end} {row} l-8 -4 v8 z" fill="{colour}"/>'
    return f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="1.5"/>' + head
