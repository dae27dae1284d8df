"""Answers to the exercises of 18-make-pictures: for each checker the unedited one, wrong ones, right ones."""

from __future__ import annotations

import base64
from typing import Any

SEEDREAM, NANO, OLDER, MINI = (
    "bytedance-seed/seedream-4.5",
    "google/gemini-3.1-flash-image",
    "google/gemini-2.5-flash-image",
    "openai/gpt-5-image-mini",
)


def body(model: str, **more: Any) -> dict[str, Any]:
    return {"model": model, "prompt": "A harbour", **more}


def unedited(body: dict[str, Any]) -> list[bytes]:
    return [base64.b64decode(one["b64_json"]) for one in body["data"]]


def texts(body: dict[str, Any]) -> list[str]:
    found = [one["b64_json"] for one in body.get("data") or []]
    for choice in body.get("choices") or []:
        found += [one["image_url"]["url"].partition(",")[2] for one in choice["message"].get("images") or []]
    return found


def pictures(body: dict[str, Any]) -> list[bytes]:
    return [base64.b64decode(text) for text in texts(body)]


def as_tuple(body: dict[str, Any]) -> tuple[bytes, ...]:
    return tuple(pictures(body))


def as_arrays(body: dict[str, Any]) -> list[bytearray]:
    return [bytearray(one) for one in pictures(body)]


def by_split(body: dict[str, Any]) -> list[bytes]:
    if "data" in body:
        return unedited(body)
    images = [i for c in body.get("choices") or [] for i in c["message"].get("images") or []]
    return [base64.b64decode(i["image_url"]["url"].split("base64,")[1]) for i in images]


def chat_only(body: dict[str, Any]) -> list[bytes]:
    images = [i for c in body.get("choices") or [] for i in c["message"].get("images") or []]
    return [base64.b64decode(i["image_url"]["url"].partition(",")[2]) for i in images]


def first_only(body: dict[str, Any]) -> list[bytes]:
    return pictures(body)[:1]


def with_head(body: dict[str, Any]) -> list[bytes]:
    """Decodes the whole data URL."""
    images = [i["image_url"]["url"] for c in body.get("choices") or [] for i in c["message"].get("images") or []]
    return [base64.b64decode(text + "==") for text in [*(o["b64_json"] for o in body.get("data") or []), *images]]


def must_have_images(body: dict[str, Any]) -> list[bytes]:
    return (
        unedited(body)
        if "data" in body
        else [
            base64.b64decode(i["image_url"]["url"].partition(",")[2]) for i in body["choices"][0]["message"]["images"]
        ]
    )


def must_have_choices(body: dict[str, Any]) -> list[bytes]:
    return (
        unedited(body)
        if "data" in body
        else [
            base64.b64decode(i["image_url"]["url"].partition(",")[2])
            for i in body["choices"][0]["message"].get("images") or []
        ]
    )


class Finder:
    def __call__(self, body: dict[str, Any]) -> list[bytes]:
        return pictures(body)


CASES: dict[str, tuple[Any, list[Any], list[Any]]] = {
    "banner": (
        body(NANO, resolution="4K"),
        [
            None,
            "16:9",
            {},
            {"model": SEEDREAM, "aspect_ratio": "16:9"},
            body("openai/gpt-4o-mini", aspect_ratio="16:9"),
            body(SEEDREAM),
            body(SEEDREAM, aspect_ratio="9:16"),
            body(SEEDREAM, aspect_ratio="wide"),
            body(NANO, aspect_ratio="16:9"),
            body(NANO, aspect_ratio="16:9", resolution="4K"),
            body(NANO, aspect_ratio="16:9", resolution="8K"),
            body(MINI, aspect_ratio="16:9", quality="low"),
            body(NANO, resolution="512"),
            body(SEEDREAM, aspect_ratio="16:9", n=3),
        ],
        [
            body(SEEDREAM, aspect_ratio="16:9"),
            body(SEEDREAM, aspect_ratio="16:9", resolution="4K"),
            body(SEEDREAM, aspect_ratio="16:9", seed=7),
            body(OLDER, aspect_ratio="16:9"),
            body(NANO, aspect_ratio="16:9", resolution="512"),
            body(OLDER, aspect_ratio="16:9", user="ada"),
        ],
    ),
    "where_are_they": (
        unedited,
        [None, [], lambda body: None, lambda body: [], lambda body: len(texts(body)), texts, chat_only, first_only, with_head, must_have_images, must_have_choices, lambda body: pictures(body)[::-1], lambda body: pictures(body) * 2],
        [pictures, as_tuple, as_arrays, by_split, Finder(), Finder().__call__, lambda body: pictures(body)],
    ),
}  # fmt: skip
