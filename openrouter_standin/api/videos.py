"""POST /videos and what follows: a job that is polled until its film is there, and charged then.

Source: OpenRouter's OpenAPI, 2026-08-22, and its page on the video API, 2026. A job moves on each time it is asked for, never by
the wall clock.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from .. import catalogue
from ..errors import ApiError, Response, bad_request, ok, refusal, unknown_model
from ..guardrails import check_endpoint
from ..http_request import HttpRequest
from ..ids import digest_of, generation_id
from ..output.film import MEDIA_TYPE, film
from ..output.media import scene_for
from ..state import State
from ..validation import whole
from ..video_request import VideoRequest
from .credit_check import check_media
from .generation import media_record

ROOT, CONTENT = "/videos/", "/content"
STATUSES = ("pending", "in_progress", "completed")
"""What the first, the second and every later look at a job finds."""
LOOK_MS = 30_000
"""Nominal milliseconds between two looks: a film takes from 30 seconds to some minutes (docs, video API, 2026)."""


def list_video_models(http: HttpRequest, state: State) -> Response:
    """Every video model that POST /videos takes."""
    return ok({"data": [_listed(about) for about in catalogue.video_models().values()]})


def _listed(about: dict[str, Any]) -> dict[str, Any]:
    own = {name: value for name, value in about.items() if name not in ("provider", "otherwise")}
    unknown = {"supported_sizes": None, "upscale_factor": None, "creativity": None, "hugging_face_id": None}
    fixed = {"canonical_slug": about["id"], "created": 0, "description": "", "allowed_passthrough_parameters": []}
    return {**own, **fixed, **unknown}


def create_video(http: HttpRequest, state: State) -> Response:
    """Take a job: 202. A provider that is down or refuses makes the job fail later; one that limits rates says so now."""
    seed = state.seed_of(http.path, http.body)
    faults = state.meet(http.faults)
    asked = VideoRequest.parse(http.body, catalogue.video_models(), _unknown)
    check_media(http.key, state, faults, asked.price, "Films")
    served = catalogue.only_endpoint(asked.about["id"], asked.about["provider"])
    check_endpoint(served, state.guardrail_of(http.key))
    problem = None
    try:
        faults.refuse_at(served.slug, served.provider, served.model)
    except ApiError as error:
        if error.status == 429:
            raise
        problem = error.response["body"]["error"]["metadata"]["raw"]
    job = {
        "id": generation_id(state.now, digest_of(seed), "vid-"),
        "generation_id": generation_id(state.now, digest_of(f"{seed} generation"), "vid-"),
        "asked": asked,
        "served": served,
        "scene": scene_for(asked.pictures[0]) if asked.pictures else digest_of(seed),
        "key": http.key,
        "created": state.now,
        "looks": 0,
        "problem": problem,
    }
    state.keep_video(job)
    return ok(_shown(job, "pending", http), 300, status=202)


def _unknown(model: str) -> ApiError:
    """The refusals of chat completions: 400 for no model at all, 404 for one that makes no films."""
    row = catalogue.find(model)
    if row is None:
        return unknown_model(model, user=False)
    step = {"failed_routing_step": "Filter by Model Output Modalities"}
    return refusal(404, "No endpoints found that support the requested output modalities: video", step, user=False)


def get_video(http: HttpRequest, state: State) -> Response:
    """A job, or its film. Each look at a job moves it on."""
    identity = unquote(http.route.removeprefix(ROOT))
    if identity.endswith(CONTENT):
        return _content(identity.removesuffix(CONTENT), http, state)
    job = _job(identity, state)
    looks = state.look_at_video(job)
    if looks <= len(STATUSES):
        state.advance(LOOK_MS)  # a client that looks again has waited, on the stand-in's clock
    if looks == len(STATUSES) and not job["problem"]:
        _finish(job, state)
    return ok(_shown(job, _status(job), http))


def _job(identity: str, state: State) -> dict[str, Any]:
    found = state.video(identity)
    if found is None:
        raise refusal(404, f"Video {identity} not found", user=False)
    return found


def _status(job: dict[str, Any]) -> str:
    """What the last look found."""
    status = STATUSES[min(max(job["looks"], 1), len(STATUSES)) - 1]
    return "failed" if status == "completed" and job["problem"] else status


def _finish(job: dict[str, Any], state: State) -> None:
    """The film is there: it is charged to the key that asked for it, and remembered."""
    asked = job["asked"]
    served, usage = job["served"], {"cost": asked.price}
    state.book(job["key"], served, usage)
    made = {"id": job["generation_id"], "created": job["created"], "model": served.model}
    made |= {"provider": served.provider, "usage": usage}
    state.remember(media_record(made, asked.body, "video", LOOK_MS * len(STATUSES), references=len(asked.pictures)))


def _shown(job: dict[str, Any], status: str, http: HttpRequest) -> dict[str, Any]:
    """The job as a client sees it. The address of the film leads to whoever was asked."""
    place = f"/api/v1{ROOT}{job['id']}"
    shown = {"id": job["id"], "polling_url": place, "status": status, "generation_id": job["generation_id"]}
    if status == "completed":
        host = http.headers.get("host") or "openrouter.ai"
        scheme = "http" if host.startswith(("127.0.0.1", "localhost", "[::1]")) else "https"
        shown |= {"unsigned_urls": [f"{scheme}://{host}{place}{CONTENT}?index=0"]}
        shown |= {"usage": {"cost": job["asked"].price, "is_byok": False}}
    return shown | ({"error": job["problem"]} if status == "failed" else {})


def _content(identity: str, http: HttpRequest, state: State) -> Response:
    """The film's bytes, once the job is completed. Before that 409, a status that the official SDK of October 2026 knows here; the
    sentence is the stand-in's own."""
    job, index = _job(identity, state), http.query.get("index", "0")
    if whole(index, -1) < 0:
        raise bad_request("index takes a whole number of at least 0")
    status = _status(job) if job["looks"] else "pending"
    if status != "completed":
        raise refusal(409, f"The video is not there: its job is {status}", user=False)
    if int(index):
        raise refusal(404, f"Video {identity} has no content {index}", user=False)
    data = film(job["scene"], job["asked"].width_of_height, job["asked"].seconds)
    return {"status": 200, "headers": {"content-type": MEDIA_TYPE}, "ms": 500, "body": data}
