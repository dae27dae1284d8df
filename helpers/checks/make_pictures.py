"""The checkers of 18-make-pictures: a body for POST /images is put to the stand-in, a function is given answers."""

from __future__ import annotations

import base64
import copy
import struct
from collections.abc import Mapping
from typing import Any

from .sending import ask
from .verdict import Unfit, Verdict, judged, not_yet, right, shown, tried

MOST, WIDE, NEARLY = 0.05, 16 / 9, 0.03
"""US dollars; how many times wider than high a banner is, and how exactly: a picture has whole pixels."""


@judged
def banner(answer: Any) -> Verdict:
    """The body of POST /images for one wide picture of at most five cents."""
    if not isinstance(answer, Mapping):
        return not_yet(f"answer is a dict, the body of POST /images, not {shown(answer)}.")
    if answer.get("stream"):
        return not_yet("leave stream out: one answer is enough for one picture.")
    made = ask(answer, "/images")
    if isinstance(made, Verdict):
        return made
    wide, high = _size_of(base64.b64decode(made["data"][0]["b64_json"]))
    if abs(wide / high - WIDE) > NEARLY:
        shape = f"the picture is {wide / high:.2f} times as wide as high, and 16:9 is 1.78 times"
        ignored = answer.get("aspect_ratio") == "16:9"
        return not_yet(
            f"{shape}: {'this model ignores aspect_ratio.' if ignored else 'which field asks for the shape?'}"
        )
    cost = made["usage"]["cost"]
    if cost > MOST:
        return not_yet(f"this costs {cost * 100:.1f} US cents, and {MOST * 100:.0f} are allowed: what makes it dear?")
    pictures = len(made["data"])
    if pictures != 1:
        return not_yet(f"these are {pictures} pictures, and one was asked for.")
    return right(f"one wide picture for {cost * 100:.1f} US cents.")


def _size_of(png: bytes) -> tuple[int, int]:
    """Width and height of a PNG picture, in pixels."""
    return struct.unpack(">II", png[16:24])


ONE, TWO = b"\x89PNG\r\n\x1a\none", b"\xff\xd8\xff\xe0two"


def _text(picture: bytes) -> str:
    return base64.b64encode(picture).decode()


def _chat(*pictures: bytes, kind: str = "png", **message: Any) -> dict[str, Any]:
    """An answer of chat with these pictures, as its JSON."""
    images = [
        {"type": "image_url", "image_url": {"url": f"data:image/{kind};base64,{_text(picture)}"}}
        for picture in pictures
    ]
    said = {"role": "assistant", "content": "Here you are.", **({"images": images} if pictures else {}), **message}
    return {"id": "gen-1", "choices": [{"index": 0, "finish_reason": "stop", "message": said}]}


def _images(*pictures: bytes) -> dict[str, Any]:
    """An answer of POST /images."""
    return {"created": 1, "data": [{"b64_json": _text(one), "media_type": "image/png"} for one in pictures]}


CASES: tuple[tuple[str, dict[str, Any], list[bytes]], ...] = (
    ("one picture from /images", _images(ONE), [ONE]),
    ("three pictures from /images", _images(ONE, TWO, ONE), [ONE, TWO, ONE]),
    ("one picture from chat", _chat(ONE), [ONE]),
    ("two pictures from chat", _chat(TWO, ONE), [TWO, ONE]),
    ("a JPEG picture from chat", _chat(TWO, kind="jpeg"), [TWO]),
    ("chat without words", _chat(ONE, content=None), [ONE]),
    ("chat that only says no", _chat(content="I do not paint that."), []),
    ("chat whose images are null, as the SDK's model_dump writes it", _chat(images=None), []),
    ("an error inside a 200", {"error": {"code": 502, "message": "Provider returned error"}}, []),
    ("an error inside a 200, as model_dump writes it", {"id": None, "choices": None, "error": {"code": 502}}, []),
)
"""What came, its JSON, the pictures in it."""


@judged
def where_are_they(answer: Any) -> Verdict:
    """A function that finds the pictures in the JSON of an answer, of chat or of POST /images."""
    if not callable(answer):
        raise Unfit(f"pictures is a function that takes the JSON of an answer, not {shown(answer)}.")
    for what, body, wanted in CASES:
        try:
            found = tried(f"{what}: your function raises", answer, copy.deepcopy(body))
        except Unfit as unfit:
            comma = " In a data URL the base64 begins behind the comma." if "padding" in str(unfit) else ""
            return not_yet(f"{unfit}{comma}")
        if not isinstance(found, list | tuple):
            return not_yet(f"{what}: pictures gives {shown(found)}, and a list was asked for.")
        if any(not isinstance(one, bytes | bytearray) for one in found):
            return not_yet(f"{what}: your list holds {shown(found[0])}, and bytes were asked for: decode the base64.")
        if len(found) != len(wanted):
            return not_yet(f"{what}: your list has the length {len(found)}, and the right one {len(wanted)}.")
        if list(found) != wanted:
            return not_yet(
                f"{what}: these are other bytes than the picture's: what stands before the comma is not base64."
            )
    return right(f"{len(CASES)} answers, each picture found.")
