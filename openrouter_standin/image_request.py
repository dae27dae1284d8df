"""A request for pictures, parsed once: the fields of POST /images, and what its model's endpoints take of them.

Source: ImageGenerationRequest of OpenRouter's OpenAPI (2026-08-22); its page on image generation (2026).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .errors import bad_request, not_imitated, not_json
from .validation import OBJECT, SWITCH, TEXT, Rule, check_fields, one_of, whole_number

RATIOS = ("1:1", "1:2", "1:4", "1:8", "2:1", "2:3", "3:2", "3:4", "4:1", "4:3", "4:5", "5:4", "8:1", "9:16", "16:9", "9:19.5",
          "19.5:9", "9:20", "20:9", "9:21", "21:9", "auto")  # fmt: skip
TIERS = {"512": 512, "1K": 1024, "2K": 2048, "4K": 4096}
"""Pixels of the longer side, as far as a tier says."""
PIXELS = re.compile(r"([1-9][0-9]{1,4})x([1-9][0-9]{1,4})")
MOST, MOST_REFERENCES = 10, 16
ROUTED_BY = ("order", "only", "ignore", "allow_fallbacks", "sort")
"""The documented fields of `provider` here, beside `options`."""


def _is_size(value: Any) -> bool:
    return isinstance(value, str) and (value in TIERS or PIXELS.fullmatch(value) is not None)


def _are_pictures(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) <= MOST_REFERENCES
        and all(
            isinstance(v, Mapping) and v.get("type") == "image_url" and isinstance(v.get("image_url"), Mapping)
            for v in value
        )
    )


FORM: dict[str, Rule] = {
    "model": TEXT,
    "prompt": (lambda v: isinstance(v, str) and v != "", "a text that is not empty"),
    "aspect_ratio": one_of(*RATIOS),
    "background": one_of("auto", "transparent", "opaque"),
    "input_references": (_are_pictures, f"a list of at most {MOST_REFERENCES} parts of the type image_url"),
    "n": whole_number(1, MOST),
    "output_compression": whole_number(0, 100),
    "output_format": one_of("png", "jpeg", "webp", "svg"),
    "provider": OBJECT,
    "quality": one_of("auto", "low", "medium", "high"),
    "resolution": one_of(*TIERS),
    "seed": whole_number(),
    "size": (_is_size, f"a tier ({', '.join(TIERS)}) or pixels such as 2048x1024"),
    "stream": SWITCH,
}
NEEDED = ("model", "prompt")


@dataclass(frozen=True)
class ImageRequest:
    """`ratio`: the shape asked for, or None; `tier`: the resolution asked for, or None; `references`: addresses of pictures."""

    body: Mapping[str, Any]
    ratio: str | None
    tier: str | None
    references: tuple[str, ...]

    @classmethod
    def parse(cls, body: Any) -> ImageRequest:
        """Check the form of the request. Raises `ApiError`. Fields that are not documented are ignored."""
        if not isinstance(body, Mapping):
            raise not_json(user=False)
        check_fields(body, FORM, bad_request, NEEDED)
        for field, way_out in _not_imitated(body):
            raise not_imitated(field, way_out)
        ratio, tier = _shape(body)
        references = tuple(part["image_url"].get("url") for part in body.get("input_references") or ())
        return cls(body, ratio, tier, references)

    @property
    def model(self) -> str:
        return self.body["model"]

    @property
    def number(self) -> int:
        """How many pictures."""
        return self.body.get("n") or 1

    @property
    def as_chat(self) -> dict[str, Any]:
        """The chat request that means the same, as routing and the counting of tokens read it."""
        parts = [{"type": "text", "text": self.body["prompt"]}, *(self.body.get("input_references") or ())]
        wants = {k: v for k, v in (self.body.get("provider") or {}).items() if k in ROUTED_BY}
        messages = [{"role": "user", "content": parts}]
        return {"model": self.model, "messages": messages, "modalities": ["image"], "provider": wants}

    def check_support(self, parameters: Mapping[str, Mapping[str, Any]]) -> None:
        """Raise 400 for what the model's endpoints do not take. Ratios are clamped and a missing quality, compression,
        background or seed is ignored (OpenAPI); the sentences are the stand-in's own.

        `parameters`: the descriptors of GET /images/models.
        """
        most = parameters.get("n", {}).get("max", 1)
        if self.number > most:
            raise bad_request(f"{self.model} makes {most} {'picture' if most == 1 else 'pictures'} at a time (n)")
        most = parameters.get("input_references", {}).get("max", 0)
        if len(self.references) > most:
            raise bad_request(f"{self.model} takes {most} input_references at most")
        tiers = parameters.get("resolution", {}).get("values")
        if tiers and self.tier and self.tier not in tiers:
            raise bad_request(f"{self.model} takes a resolution of {', '.join(tiers)}")

    def drawn_ratio(self, parameters: Mapping[str, Mapping[str, Any]]) -> str | None:
        """The shape that comes out: the one asked for, clamped to the nearest that the model knows; None for its own choice."""
        known = parameters.get("aspect_ratio", {}).get("values")
        if not known or self.ratio in (None, "auto", *known):
            return self.ratio if known and self.ratio != "auto" else None
        return min(known, key=lambda ratio: abs(_width_of(ratio) - _width_of(self.ratio)))


def _not_imitated(body: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The name and the way out of everything that is asked for and not imitated."""
    found = []
    if body.get("output_format") not in (None, "png"):
        found.append((f"output_format {body['output_format']!r}", "It imitates png."))
    if body.get("background") == "transparent":
        found.append(("background 'transparent'", "It imitates auto and opaque."))
    if (body.get("provider") or {}).get("options") is not None:
        found.append(("provider.options", ""))
    return found


def _shape(body: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """Ratio and tier, with `size` taken apart. Raises 400 where `size` and its neighbours contradict each other."""
    ratio, tier, size = body.get("aspect_ratio"), body.get("resolution"), body.get("size")
    if size is None:
        return ratio, tier
    pixels = PIXELS.fullmatch(size)
    if pixels is None:
        own_ratio, own_tier = ratio, size
    else:
        wide, high = map(int, pixels.groups())
        own_ratio = f"{wide}:{high}"
        own_tier = next((name for name, side in TIERS.items() if max(wide, high) <= side), "4K")
    if tier not in (None, own_tier):
        raise bad_request(f"size {size} does not go with resolution {tier}")
    if ratio not in (None, "auto") and abs(_width_of(ratio) - _width_of(own_ratio)) > 0.02 * _width_of(ratio):
        raise bad_request(f"size {size} does not go with aspect_ratio {ratio}")
    return ratio if ratio not in (None, "auto") else own_ratio, own_tier


def _width_of(ratio: str) -> float:
    """How many times wider than high."""
    wide, _, high = ratio.partition(":")
    return float(wide) / float(high)
