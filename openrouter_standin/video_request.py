"""A request for a film, parsed once: the fields of POST /videos, and what its model takes of them.

Source: VideoGenerationRequest of OpenRouter's OpenAPI (2026-08-22). A value that the model does not list is a 400
(OpenRouter's own skill for videos, 2026-11); the sentences are the stand-in's own.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from .errors import ApiError, bad_request, not_imitated, not_json
from .validation import OBJECT, SWITCH, TEXT, Rule, check_fields, is_number, one_of, whole_number

RATIOS = ("16:9", "9:16", "1:1", "4:3", "3:4", "3:2", "2:3", "21:9", "9:21")
RESOLUTIONS = ("480p", "720p", "768p", "1080p", "1K", "2K", "4K")
PIXELS = re.compile(r"([1-9][0-9]{2,3})x([1-9][0-9]{2,3})")
REFERENCES = ("image_url", "audio_url", "video_url")
FRAMES = ("first_frame", "last_frame")
UPSCALING = ("creativity", "upscale_factor")
"""Fields for models that make a film larger; those that make one refuse them."""
NOT_IMITATED = {"callback_url": "Poll the job.", "previous_job_id": ""}


def _are_references(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(v, Mapping)
        and v.get("type") in REFERENCES
        and isinstance(v.get(v["type"]), Mapping)
        and isinstance(v[v["type"]].get("url"), str)
        for v in value
    )


def _are_frames(value: Any) -> bool:
    return _are_references(value) and all(v["type"] == "image_url" and v.get("frame_type") in FRAMES for v in value)


FORM: dict[str, Rule] = {
    "model": TEXT,
    "prompt": TEXT,
    "aspect_ratio": one_of(*RATIOS),
    "callback_url": TEXT,
    "creativity": whole_number(),
    "duration": (whole_number(1)[0], "whole seconds, at least 1"),
    "frame_images": (_are_frames, f"a list of image_url parts with a frame_type ({', '.join(FRAMES)})"),
    "generate_audio": SWITCH,
    "input_references": (_are_references, f"a list of parts of the types {', '.join(REFERENCES)}"),
    "previous_job_id": TEXT,
    "provider": OBJECT,
    "resolution": one_of(*RESOLUTIONS),
    "seed": whole_number(),
    "size": (lambda v: isinstance(v, str) and PIXELS.fullmatch(v) is not None, "pixels such as 1280x720"),
    "upscale_factor": (lambda v: is_number(v) and v > 0, "a number above 0"),
}


@dataclass(frozen=True)
class VideoRequest:
    """`about`: the model's row in data/videos.json."""

    body: Mapping[str, Any]
    about: Mapping[str, Any]

    @classmethod
    def parse(cls, body: Any, models: Mapping[str, Mapping[str, Any]], unknown: Any) -> VideoRequest:
        """Check the form, then what the model takes. `unknown`: makes the error for a model that is not in `models`."""
        check_form(body)
        if body["model"] not in models:
            raise unknown(body["model"])
        asked = cls(body, models[body["model"]])
        for problem in asked._unsupported():
            raise problem
        return asked

    @property
    def ratio(self) -> str:
        """The shape: the one that is asked for, or the model's first."""
        return self._size[0] or self.body.get("aspect_ratio") or self.about["supported_aspect_ratios"][0]

    @property
    def resolution(self) -> str:
        return self._size[1] or self.body.get("resolution") or self.about["otherwise"]["resolution"]

    @property
    def seconds(self) -> int:
        return self.body.get("duration") or self.about["otherwise"]["duration"]

    @property
    def sounds(self) -> bool:
        """Whether there is sound: what the model can, unless the request says otherwise."""
        asked = self.body.get("generate_audio")
        return self.about["generate_audio"] if asked is None else asked

    @property
    def price(self) -> float:
        """US dollars: seconds times the price for them, the most particular one that is listed."""
        prices = self.about["pricing_skus"]
        sound = "_with_audio" if self.sounds else "_without_audio"
        base = "duration_seconds"
        names = (f"{base}{sound}_{self.resolution}", f"{base}{sound}", f"{base}_{self.resolution}", base)
        return float(self.seconds * Decimal(next(prices[name] for name in names if name in prices)))

    @property
    def width_of_height(self) -> float:
        """How many times wider than high the film is."""
        wide, _, high = self.ratio.partition(":")
        return int(wide) / int(high)

    @property
    def pictures(self) -> list[str]:
        """The addresses of the pictures that the film is made from; frames go before references."""
        parts = [*(self.body.get("frame_images") or ()), *(self.body.get("input_references") or ())]
        return [part["image_url"]["url"] for part in parts if part["type"] == "image_url"]

    @property
    def _size(self) -> tuple[str | None, str | None]:
        """Shape and resolution of `size`, as far as there is one."""
        pixels = PIXELS.fullmatch(self.body.get("size") or "")
        if pixels is None:
            return None, None
        wide, high = map(int, pixels.groups())
        common = math.gcd(wide, high)
        return f"{wide // common}:{high // common}", f"{min(wide, high)}p"

    def _unsupported(self) -> list[ApiError]:
        """What the model does not take, the first thing first."""
        body, about = self.body, self.about
        chosen = {"resolution": self.resolution, "aspect_ratio": self.ratio, "duration": self.seconds}
        found = []
        for name, value in chosen.items():
            known = about[f"supported_{name}s"]
            if value not in known:
                found.append(f"{about['id']} takes {', '.join(map(str, known))} for {name}, not {value}")
        found += [f"{about['id']} does not take {name}" for name in UPSCALING if body.get(name) is not None]
        if body.get("seed") is not None and not about["seed"]:
            found.append(f"{about['id']} does not take seed")
        if body.get("generate_audio") and not about["generate_audio"]:
            found.append(f"{about['id']} makes no sound (generate_audio)")
        if not body.get("prompt"):
            found.append("prompt takes a text that is not empty")
        return [bad_request(problem) for problem in found]


def check_form(body: Any) -> None:
    """Raise `ApiError` for a body of a wrong form, and for what is not imitated. Undocumented fields are ignored."""
    if not isinstance(body, Mapping):
        raise not_json(user=False)
    check_fields(body, FORM, bad_request, ("model",))
    for name, way_out in NOT_IMITATED.items():
        if body.get(name) is not None:
            raise not_imitated(name, way_out)
    if (body.get("provider") or {}).get("options") is not None:
        raise not_imitated("provider.options")
