"""What a prompt holds beside text: pictures, sound, video, files. How many tokens they count, and who takes them.

Token counts are nominal: pictures are counted in pictures.py, files in files.py. Source of the rules: OpenRouter docs,
guides/overview/multimodal, 2026-08.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from .errors import invalid
from .tokens import count, count_of

TOKENS = {"input_audio": 100, "video_url": 500}
"""Nominal tokens of the parts that are not measured."""
KINDS = ("image_url", "input_audio", "video_url", "file")
"""The types of the parts that are not text."""
PartTokens = Callable[[Mapping[str, Any]], int]
NEEDS = {"image_url": "image", "input_audio": "audio", "video_url": "video"}
"""The input modality that a model needs for a part. Files go to every model: the file parser turns them into text."""
FORM = {
    "image_url": ("url", "an https address or a data: URL of a png, jpeg, webp or gif"),
    "input_audio": ("data", "base64 data: addresses are not taken"),
    "video_url": ("url", "an address or a data: URL"),
    "file": ("file_data", "an https address or a data:application/pdf URL"),
}


def parts(body: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Every part of the conversation that is not text."""
    for message in body["messages"]:
        yield from _parts_of(message)


def _parts_of(message: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    content = message.get("content")
    return [p for p in content if p.get("type") in KINDS] if isinstance(content, list) else []


def check_parts(body: Mapping[str, Any]) -> None:
    """Raise `ApiError` for a part that cannot be read."""
    for part in parts(body):
        key, takes = FORM[part["type"]]
        value = part[part["type"]].get(key)
        sound = part["type"] == "input_audio"
        if not isinstance(value, str) or not value or (sound and value.startswith(("http", "data:"))):
            raise invalid(f"{part['type']}.{key} takes {takes}")
        if not sound and not value.startswith(("https://", "http://", "data:")):
            raise invalid(f"{part['type']}.{key} takes {takes}")


def missing_input(body: Mapping[str, Any], row: Mapping[str, Any]) -> str | None:
    """The modality that the prompt needs and the model does not take, or None."""
    takes = row["architecture"]["input_modalities"]
    return next((NEEDS[p["type"]] for p in parts(body) if NEEDS.get(p["type"], takes[0]) not in takes), None)


def missing_output(body: Mapping[str, Any], row: Mapping[str, Any]) -> bool:
    """Whether `modalities` asks for something that the model does not give.

    A model that gives only pictures does not give text either (laravel/ai#595, 2026).
    """
    gives = row["architecture"]["output_modalities"]
    return any(modality not in gives for modality in body.get("modalities") or [])


def wanted_output(body: Mapping[str, Any], row: Mapping[str, Any]) -> list[str]:
    """What an answer holds: what `modalities` says, else text. Without it a model that gives no text gives what it can; no
    public source says what the service does then."""
    gives = row["architecture"]["output_modalities"]
    return body.get("modalities") or (["text"] if "text" in gives else list(gives))


def picture_addresses(body: Mapping[str, Any]) -> list[str]:
    """The addresses of all pictures in the conversation, those of earlier answers (`images`) too."""
    found = []
    for message in body["messages"]:
        images = message.get("images")
        answered = [i for i in images if isinstance(i, Mapping)] if isinstance(images, list) else []
        for part in [*_parts_of(message), *answered]:
            about = part.get("image_url")
            if isinstance(about, Mapping) and isinstance(about.get("url"), str):
                found.append(about["url"])
    return found


def prompt_tokens(body: Mapping[str, Any], part_tokens: PartTokens) -> int:
    """Nominal tokens of the whole prompt. `part_tokens`: how a model counts a part that is not text."""
    return tokens_beside(body) + sum(message_tokens(m, part_tokens) for m in body["messages"])


def tokens_beside(body: Mapping[str, Any]) -> int:
    """The tokens of what stands beside the messages: tools and the form of the answer."""
    return sum(_json_tokens(body[name]) for name in ("tools", "response_format") if body.get(name))


def message_tokens(message: Mapping[str, Any], part_tokens: PartTokens) -> int:
    """The tokens of one message: its text, the tool calls in it, and its parts beside text."""
    asked = [c.get("function") for c in message.get("tool_calls") or []]
    other = sum(part_tokens(part) for part in _parts_of(message))
    return count([message]) + (_json_tokens(asked) if asked else 0) + other


def _json_tokens(value: Any) -> int:
    return count_of(json.dumps(value, ensure_ascii=False))


def audio_tokens(body: Mapping[str, Any]) -> int:
    """The tokens among them that are sound."""
    return sum(TOKENS["input_audio"] for p in parts(body) if p["type"] == "input_audio")
