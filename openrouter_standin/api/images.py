"""POST /images: pictures from a prompt, whole or as a stream, charged from the catalogue. Drawn, not generated.

Source: OpenRouter's OpenAPI, 2026-08-22, and its page on image generation, 2026. The OpenAI SDK's `images.generate` asks
POST /images/generations, which the service does not have.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from .. import catalogue, content_parts, errors
from ..billing.prices import Counts, cost_of
from ..billing.usage import usage_of
from ..chat_request import ChatRequest
from ..dispatch import dispatch_request
from ..endpoint import Endpoint
from ..errors import Response
from ..faults import Faults
from ..http_request import HttpRequest
from ..ids import digest_of, generation_id, hash_of_json
from ..image_request import MOST, MOST_REFERENCES, ImageRequest
from ..output import media
from ..response_cache import CacheOptions
from ..state import State
from ..upstream.refusals import refuse
from .completion import COMMENT, data_line
from .credit_check import check_media
from .generation import media_record

PICTURE_MS = 6500
"""Nominal milliseconds for one request (a request of July 2026 took 6.5 s: one-api#2426)."""
PARTIAL_AT = (40, 70)
"""When the unfinished pictures of a stream come, in per cent of the whole time. Nobody documents how many there are."""
MEDIA_TYPE = "image/png"
DONE = "data: [DONE]"
NO_PICTURES = {
    "supported_parameters": {"n": {"max": MOST}, "input_references": {"max": MOST_REFERENCES}},
    "supports_streaming": False,
    "tokens": {"": 0},
    "otherwise": "",
}


@dataclass(frozen=True)
class Pictures:
    """The pictures of one request, before they are drawn. `about`: what data/images.json says of the model. `made`: id, created,
    model, provider and usage. `ms`: nominal milliseconds until they are there."""

    asked: ImageRequest
    about: dict[str, Any]
    seed: str
    made: dict[str, Any]
    ms: int

    @property
    def streams(self) -> bool:
        """Whether they come as a stream: other endpoints ignore the flag (OpenAPI)."""
        return self.asked.body.get("stream") is True and self.about["supports_streaming"]

    @property
    def headers(self) -> dict[str, str]:
        kind = "text/event-stream" if self.streams else "application/json"
        return {"content-type": kind, "x-generation-id": self.made["id"], "x-provider-name": self.made["provider"]}

    def draw(self, number: int, block: int = 1) -> str:
        """One picture in base64. With a `seed` in the request it is the same one each time."""
        body = self.asked.body
        fixed = body.get("seed") is not None
        wanted = hash_of_json([body["model"], body["prompt"], body["seed"]]) if fixed else self.seed
        reference = self.asked.references[-1] if self.asked.references else None
        ratio = self.asked.drawn_ratio(self.about["supported_parameters"])
        return media.picture(f"{wanted}/{number}", ratio, reference, block)

    def body(self) -> dict[str, Any]:
        """All of them at once."""
        data = [{"b64_json": self.draw(n), "media_type": MEDIA_TYPE} for n in range(self.asked.number)]
        return {"created": self.made["created"], "data": data, "usage": self.made["usage"]}

    def events(self) -> list[list[Any]]:
        """`[milliseconds, text]` pairs: for each picture two unfinished ones and the whole; usage comes with the last."""
        numbers, found = range(self.asked.number), []
        for index, (share, block) in enumerate(zip(PARTIAL_AT, media.BLOCKS, strict=True)):
            partial = {"type": "image_generation.partial_image", "partial_image_index": index}
            found += [[self.ms * share // 100, data_line(partial | {"b64_json": self.draw(n, block)})] for n in numbers]
        for n in numbers:
            done = {"type": "image_generation.completed", "b64_json": self.draw(n), "media_type": MEDIA_TYPE}
            usage = {"usage": self.made["usage"]} if n == numbers[-1] else {}
            found.append([self.ms, data_line({**done, "created": self.made["created"], **usage})])
        return [*found, [self.ms, DONE]]


def create_image(http: HttpRequest, state: State) -> Response:
    """Answer one request."""
    seed = state.seed_of(http.path, http.body)
    faults = state.meet(http.faults)
    asked = ImageRequest.parse(http.body)
    chat = _as_chat(asked, http, seed)
    about, row = _known(asked.model)
    asked.check_support(about["supported_parameters"])
    counts = _counts(asked, about, chat)
    check_media(http.key, state, faults, float(sum(cost_of(row["pricing"], counts))), "Pictures")
    going = dispatch_request(chat, state, faults, lambda endpoint: _check_endpoint(endpoint, chat))
    served = going.served
    if faults.error_in_200:
        raise errors.error_inside_200(served.provider)
    made = {"id": generation_id(state.now, digest_of(seed), "img-"), "created": state.now, "model": row["id"]}
    made |= {"provider": served.provider, "usage": usage_of(served, counts)}
    pictures = Pictures(asked, about, seed, made, PICTURE_MS * faults.slowness_of(served.slug))
    broken = _broken(pictures, faults)
    if not broken:  # a failed generation is not charged (sprite-gen#37, 2026-09)
        state.book(http.key, served, made["usage"])
        counted = (asked.number, len(asked.references))
        state.remember(media_record(made, asked.body, "image", pictures.ms, going.attempts, *counted))
    state.advance(pictures.ms)
    if pictures.streams:
        comments = [[at, COMMENT] for at in range(250, pictures.ms * PARTIAL_AT[0] // 100, 500)]
        return {"status": 200, "headers": pictures.headers, "events": comments + (broken or pictures.events())}
    return {"status": 200, "headers": pictures.headers, "ms": pictures.ms, "body": pictures.body()}


def _broken(pictures: Pictures, faults: Faults) -> list[list[Any]]:
    """The events of a stream that breaks after `faults.break_after` of them; empty when it does not."""
    if not pictures.streams or faults.break_after is None:
        return []
    problem = {"type": "error", "error": {"message": "Generation failed", "code": "server_error"}}
    kept = pictures.events()[:-1][: faults.break_after]
    return [*kept, [pictures.ms, data_line(problem)], [pictures.ms, DONE]]


def _counts(asked: ImageRequest, about: dict[str, Any], chat: ChatRequest) -> Counts:
    """What is charged. A model with a price for each picture counts no prompt (example of the OpenAPI)."""
    by = about.get("tokens_by")
    value = asked.tier if by == "resolution" else asked.body.get("quality") if by else ""
    one = about["tokens"][value if value in about["tokens"] else about["otherwise"]]
    return Counts(
        prompt=0 if "per_image" in about else chat.prompt_tokens,
        completion=one * asked.number,
        pictures=one * asked.number,
    )


def _as_chat(asked: ImageRequest, http: HttpRequest, seed: str) -> ChatRequest:
    body = asked.as_chat
    content_parts.check_parts(body)
    off = CacheOptions.of(replace(http, headers={}))
    return ChatRequest(body, seed, http.key, (asked.model,), None, wants_metadata=False, cache=off)


def _known(model: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """What data/images.json says of a model, and its row of the catalogue. Of a model without pictures nothing: routing refuses
    it. The refusals are those of chat completions."""
    row = catalogue.find(model)
    if row is None:
        raise errors.unknown_model(model, user=False)
    about = catalogue.image_models().get(row["id"])
    if about is None and "image" in row["architecture"]["output_modalities"]:
        raise errors.not_imitated(f"{model} on POST /images", f"It imitates {', '.join(catalogue.image_models())}.")
    return about or NO_PICTURES, row


def _check_endpoint(endpoint: Endpoint, chat: ChatRequest) -> None:
    context = catalogue.find(endpoint.model)["context_length"]
    if chat.prompt_tokens > context:
        raise errors.too_long(context, chat.prompt_tokens)
    refuse(chat, endpoint)
