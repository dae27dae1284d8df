"""Pictures in a prompt: their size is read from the file, and each family counts them by its own rule."""

from __future__ import annotations

import base64
import struct
import zlib
from typing import Any

import pytest

from asking import GEMINI, HAIKU, MINI, ask, user
from openrouter_standin import State
from openrouter_standin.pictures import size_of

OPUS, NANO, LUNA, FOUR_O, GPT41 = (
    "anthropic/claude-opus-5.5",
    "openai/gpt-5-nano",
    "openai/gpt-5.6-luna",
    "openai/gpt-4o",
    "openai/gpt-4.1-mini",
)


def png(wide: int, high: int) -> bytes:
    """A black PNG."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    pixels = zlib.compress((b"\0" + bytes(wide)) * high, 9)
    head = struct.pack(">IIBBBBB", wide, high, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def url(content: bytes, kind: str = "png") -> str:
    return f"data:image/{kind};base64," + base64.b64encode(content).decode()


def tokens(model: str, *pictures: dict[str, Any]) -> int:
    """How many prompt tokens the pictures add."""

    def counted(parts: list[dict[str, Any]]) -> int:
        body = ask(State(), model=model, messages=user([{"type": "text", "text": "What is it?"}, *parts]))["body"]
        return body["usage"]["prompt_tokens"]

    return counted([{"type": "image_url", "image_url": picture} for picture in pictures]) - counted([])


JPEG_HEAD = b"\xff\xd8\xff\xe0" + struct.pack(">H", 300) + bytes(298)
FRAME = b"\xff\xc2" + struct.pack(">HBHH", 17, 8, 480, 640) + bytes(10)


@pytest.mark.parametrize(("content", "size"), [
    (png(30, 20), (30, 20)),
    (b"GIF89a" + struct.pack("<HH", 30, 20), (30, 20)),
    (JPEG_HEAD + b"\xff" + FRAME, (640, 480)),
    (b"RIFF\0\0\0\0WEBPVP8 " + bytes(10) + struct.pack("<HH", 30, 20), (30, 20)),
    (b"RIFF\0\0\0\0WEBPVP8L" + bytes(5) + struct.pack("<I", 29 | 19 << 14), (30, 20)),
    (b"RIFF\0\0\0\0WEBPVP8X" + bytes(8) + (29).to_bytes(3, "little") + (19).to_bytes(3, "little"), (30, 20)),
    (b"RIFF\0\0\0\0WAVEfmt ", None), (JPEG_HEAD, None), (png(30, 20)[:18], None), (b"GIF89a", None), (b"", None),
    (b"\xff\xd8\xff\xe0", None), (b"\x89PNG\r\n\x1a\n" + bytes(20), None),
])  # fmt: skip
def test_the_size_is_in_the_head_of_the_file(content: bytes, size: tuple[int, int] | None) -> None:
    assert size_of(content) == size


@pytest.mark.parametrize(("model", "size", "counted"), [
    (FOUR_O, (512, 512), 255), (FOUR_O, (1024, 1024), 765), (FOUR_O, (2048, 4096), 1105), (MINI, (100, 100), 8500),
    ("openai/gpt-4.1", (1024, 1024), 765), ("openai/gpt-5", (512, 512), 210), ("openai/o3", (512, 512), 225),
    (GPT41, (1024, 1024), 1659), (GPT41, (1800, 2400), 2353), (NANO, (1024, 1024), 2520), (LUNA, (320, 320), 120),
    (HAIKU, (200, 200), 54), (HAIKU, (1000, 1000), 1334), (HAIKU, (1092, 1092), 1590), (HAIKU, (3000, 2000), 1600),
    (OPUS, (3000, 2000), 4784), (GEMINI, (384, 384), 258), (GEMINI, (385, 10), 258), (GEMINI, (1000, 1000), 1032),
    ("mistralai/mistral-small-2603", (1000, 1000), 250), ("~anthropic/claude-haiku-latest", (200, 200), 54),
])  # fmt: skip
def test_each_family_counts_by_its_own_rule(model: str, size: tuple[int, int], counted: int) -> None:
    assert tokens(model, {"url": url(png(*size))}) == counted


def test_detail_low_is_the_base_of_the_tile_rule_alone() -> None:
    large = url(png(1024, 1024))
    assert tokens(FOUR_O, {"url": large, "detail": "low"}) == 85
    assert tokens(FOUR_O, {"url": large, "detail": "high"}) == tokens(FOUR_O, {"url": large, "detail": "auto"}) == 765
    assert tokens(HAIKU, {"url": large, "detail": "low"}) == tokens(HAIKU, {"url": large})


def test_several_pictures_add_up_and_an_address_counts_a_nominal_number() -> None:
    small, far = {"url": url(png(200, 200))}, {"url": "https://example.org/a.png"}
    assert tokens(HAIKU, small, small, small) == 3 * 54
    assert tokens(HAIKU, small, far) == 54 + 250


def test_the_model_that_answers_counts_the_picture() -> None:
    parts = [{"type": "text", "text": "What is it?"}, {"type": "image_url", "image_url": {"url": url(png(200, 200))}}]
    found = ask(State(), model="mistralai/mistral-nemo", models=[HAIKU], messages=user(parts))["body"]
    plain = ask(State(), model=HAIKU, messages=user(parts[:1]))["body"]
    assert found["model"] == HAIKU
    assert found["usage"]["prompt_tokens"] - plain["usage"]["prompt_tokens"] == 54


def test_sound_that_says_it_is_a_picture_is_refused_by_the_provider() -> None:
    sound = url(b"RIFF\0\0\0\0WAVEfmt ", "webp")
    refused = ask(State(), model=HAIKU, messages=user([{"type": "image_url", "image_url": {"url": sound}}]))
    assert refused["status"] == 400 and "Could not process image" in refused["body"]["error"]["metadata"]["raw"]
