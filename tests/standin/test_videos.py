"""POST /videos: a job, its looks, its money and its film."""

from __future__ import annotations

import hashlib
import http.client
import struct
from collections.abc import Iterator
from typing import Any

import pytest

from asking import refused
from openrouter_standin import Faults, State, answer
from openrouter_standin.output import h264
from openrouter_standin.output.drawing import painted, palette_of
from openrouter_standin.output.film import film
from openrouter_standin.output.media import data_url, picture
from openrouter_standin.server import Server

VEO, HAILUO = "google/veo-3.1-lite", "minimax/hailuo-3-max"


def submit(state: State | None = None, faults: Faults | None = None, **body: Any) -> dict[str, Any]:
    asked = {"model": VEO, "prompt": "Waves at a lighthouse", "duration": 4, **body}
    return answer({"method": "POST", "path": "/api/v1/videos", "body": asked}, state or State(), faults)


def get(state: State, path: str, **more: Any) -> dict[str, Any]:
    return answer({"method": "GET", "path": f"/api/v1{path}", **more}, state)


def look(state: State, identity: str, times: int = 1) -> dict[str, Any]:
    return [get(state, f"/videos/{identity}") for _ in range(times)][-1]["body"]


# --- a job -----------------------------------------------------------------------------------------------------------


def test_a_job_goes_from_pending_to_completed_and_is_charged_once() -> None:
    state = State()
    taken = submit(state)
    job = taken["body"]
    assert (taken["status"], job["status"]) == (202, "pending")
    assert job["polling_url"] == f"/api/v1/videos/{job['id']}" and "usage" not in job
    seen = []
    for _ in range(5):
        seen.append((look(state, job["id"])["status"], round(state.usage, 6)))
    assert seen == [("pending", 0.0), ("in_progress", 0.0)] + [("completed", 0.2)] * 3
    done = look(state, job["id"])
    assert done["usage"] == {"cost": 0.2, "is_byok": False}
    assert done["unsigned_urls"] == [f"https://openrouter.ai/api/v1/videos/{job['id']}/content?index=0"]
    record = get(state, f"/generation?id={job['generation_id']}")["body"]["data"]
    assert (record["api_type"], record["total_cost"], record["provider_name"]) == ("video", 0.2, "Google")


def test_it_is_charged_to_the_key_that_asked() -> None:
    state = State()
    manager = {"method": "POST", "path": "/api/v1/keys", "body": {"name": "film", "limit": 5}, "key": "management"}
    made = answer(manager, state)["body"]["data"]["hash"]
    asked = {"method": "POST", "path": "/api/v1/videos", "body": {"model": HAILUO, "prompt": "Waves"}, "key": made}
    look(state, answer(asked, state)["body"]["id"], 3)
    assert state.keys[made]["usage"] == pytest.approx(5 * 0.08)


@pytest.mark.parametrize(
    ("more", "cost"),
    [
        ({}, 4 * 0.05),
        ({"generate_audio": False}, 4 * 0.03),
        ({"resolution": "1080p"}, 4 * 0.08),
        ({"size": "1920x1080", "generate_audio": False, "duration": 6}, 6 * 0.05),
        ({"duration": None}, 8 * 0.05),
        ({"model": HAILUO, "duration": 10, "resolution": "480p"}, 10 * 0.05),
        ({"model": HAILUO, "duration": None}, 5 * 0.08),
    ],
)
def test_the_price_is_seconds_times_the_listed_one(more: dict[str, Any], cost: float) -> None:
    state = State()
    done = look(state, submit(state, **more)["body"]["id"], 3)
    assert done["usage"]["cost"] == pytest.approx(cost) == state.usage


def test_a_provider_that_fails_makes_a_failed_job_that_costs_nothing() -> None:
    for faults, said in (
        (Faults(down=["*"]), "upstream connect error"),
        (Faults(refused="This prompt is not allowed."), "This prompt is not allowed."),
    ):
        state = State()
        taken = submit(state, faults)
        assert taken["status"] == 202
        done = look(state, taken["body"]["id"], 4)
        assert done["status"] == "failed" and done["error"].startswith(said) and "usage" not in done
        assert state.usage == 0
        assert refused(get(state, f"/videos/{done['id']}/content")) == (
            409,
            "The video is not there: its job is failed",
        )


def test_other_faults_come_at_once() -> None:
    for faults, status in ((Faults(rate_limited=["*"]), 429), (Faults(status=503), 503), (Faults(credits=0.5), 402)):
        assert submit(None, faults)["status"] == status


def test_a_job_that_nobody_made() -> None:
    for path in ("/videos/none", "/videos/none/content"):
        assert refused(get(State(), path)) == (404, "Video none not found")


def test_two_jobs_of_the_same_words_are_two() -> None:
    state = State()
    jobs = [submit(state)["body"]["id"] for _ in range(2)]
    assert len(set(jobs)) == 2
    look(state, jobs[0], 3)
    assert look(state, jobs[1])["status"] == "pending"
    assert submit()["body"] == submit()["body"], "a new state gives the same ids"


# --- the film --------------------------------------------------------------------------------------------------------


def boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Kind and content of the boxes of an MP4, one level."""
    while data:
        size = struct.unpack(">I", data[:4])[0]
        yield data[4:8], data[8:size]
        data = data[size:]


def inside(data: bytes, *path: bytes) -> bytes:
    for kind in path:
        data = dict(boxes(data))[kind]
    return data


def units(data: bytes) -> list[bytes]:
    """The samples of the film, found by the tables in the file, each without its length."""
    table = inside(data, b"moov", b"trak", b"mdia", b"minf", b"stbl")
    sizes, starts = inside(table, b"stsz"), inside(table, b"stco")
    at, found = struct.unpack(">I", starts[8:12])[0], []
    for n in range(struct.unpack(">I", sizes[8:12])[0]):
        size = struct.unpack(">I", sizes[12 + 4 * n : 16 + 4 * n])[0]
        found.append(data[at + 4 : at + size])
        assert struct.unpack(">I", data[at : at + 4])[0] == size - 4
        at += size
    assert at == len(data)
    return found


SCENE = hashlib.sha256(b"waves").digest()


def test_a_film_is_an_mp4_with_two_pictures_a_second() -> None:
    data = film(SCENE, 16 / 9, 4)
    assert [kind for kind, _ in boxes(data)] == [b"ftyp", b"free", b"moov", b"mdat"]
    assert b"drawn, not generated by a model" in inside(data, b"free")
    found = units(data)
    assert [unit[0] for unit in found] == [0x65] + [0x41] * 7
    assert all(b"\0\0" + bytes([n]) not in unit for unit in found for n in range(3))
    assert len(data) < 100_000 and film(SCENE, 16 / 9, 4) == data


def test_its_first_picture_holds_the_drawing_sample_by_sample() -> None:
    canvas = painted(SCENE, 224, 128)
    wanted = h264.blocks([bytes(row) for row in canvas.rows], palette_of(SCENE))
    assert len(wanted) == 14 * 8 and {len(block) for block in wanted} == {384}
    unit = units(film(SCENE, 16 / 9, 4))[0]
    gap = b"\x0d\0"  # the block type I_PCM and the zeros behind it
    assert unit.endswith(gap.join(wanted) + b"\x80")


def test_only_what_changed_is_written_again() -> None:
    first, *later = units(film(SCENE, 1.0, 5))
    assert all(0 < len(unit) < len(first) / 2 for unit in later)


def test_the_film_comes_when_the_job_is_done() -> None:
    state = State()
    identity = submit(state, aspect_ratio="9:16")["body"]["id"]
    assert refused(get(state, f"/videos/{identity}/content")) == (409, "The video is not there: its job is pending")
    look(state, identity, 3)
    made = get(state, f"/videos/{identity}/content?index=0")
    assert made["headers"]["content-type"] == "video/mp4" and made["body"][4:8] == b"ftyp"
    assert made["body"] == get(state, f"/videos/{identity}/content")["body"]
    assert get(state, f"/videos/{identity}/content?index=1")["status"] == 404
    assert get(state, f"/videos/{identity}/content?index=x")["status"] == 400


def test_a_first_frame_gives_its_scene() -> None:
    frame = [{"type": "image_url", "image_url": {"url": data_url(picture("a"))}, "frame_type": "first_frame"}]
    state = State()
    films = []
    for prompt in ("Waves", "Rain"):
        identity = submit(state, prompt=prompt, frame_images=frame)["body"]["id"]
        look(state, identity, 3)
        films.append(get(state, f"/videos/{identity}/content")["body"])
    assert films[0] == films[1] == film(hashlib.sha256(b"a").digest(), 16 / 9, 4)


def test_over_http_the_bytes_are_the_films() -> None:
    with Server(speed=0).serving() as server:
        identity = submit(server.state)["body"]["id"]
        link = http.client.HTTPConnection(*server.server_address[:2])
        for _ in range(3):
            link.request("GET", f"/api/v1/videos/{identity}", headers={"authorization": "Bearer sk-or-any"})
            shown = link.getresponse().read()
        assert f'"http://127.0.0.1:{server.server_port}/api/v1/videos/{identity}/content?index=0"'.encode() in shown
        link.request("GET", f"/api/v1/videos/{identity}/content", headers={"authorization": "Bearer sk-or-any"})
        got = link.getresponse()
        data = got.read()
        assert got.getheader("content-type") == "video/mp4" and data[4:8] == b"ftyp"
        assert int(got.getheader("content-length")) == len(data)
        link.close()


# --- refusals --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "status", "begins"),
    [
        ({"model": None}, 400, "Invalid request: model takes a string"),
        ({"model": "no/such"}, 400, "no/such is not a valid model ID"),
        ({"model": "openai/gpt-4o"}, 404, "No endpoints found that support the requested output modalities: video"),
        ({"prompt": ""}, 400, "Invalid request: prompt takes a text that is not empty"),
        ({"duration": 5}, 400, f"Invalid request: {VEO} takes 4, 6, 8 for duration, not 5"),
        ({"duration": 4.5}, 400, "Invalid request: duration takes whole seconds, at least 1"),
        ({"resolution": "4K"}, 400, f"Invalid request: {VEO} takes 720p, 1080p for resolution, not 4K"),
        ({"resolution": "8K"}, 400, "Invalid request: resolution takes one of 480p,"),
        ({"aspect_ratio": "1:1"}, 400, f"Invalid request: {VEO} takes 16:9, 9:16 for aspect_ratio, not 1:1"),
        ({"size": "640x480"}, 400, f"Invalid request: {VEO} takes 720p, 1080p for resolution, not 480p"),
        ({"size": "big"}, 400, "Invalid request: size takes pixels such as 1280x720"),
        ({"upscale_factor": 2}, 400, f"Invalid request: {VEO} does not take upscale_factor"),
        ({"creativity": 1}, 400, f"Invalid request: {VEO} does not take creativity"),
        ({"model": HAILUO, "duration": 5, "seed": 1}, 400, f"Invalid request: {HAILUO} does not take seed"),
        ({"model": HAILUO, "duration": 5, "generate_audio": True}, 400, f"Invalid request: {HAILUO} makes no sound"),
        (
            {"frame_images": [{"type": "image_url", "image_url": {"url": "x"}}]},
            400,
            "Invalid request: frame_images takes",
        ),
        ({"input_references": [{"type": "text"}]}, 400, "Invalid request: input_references takes"),
        ({"input_references": [{"type": ["x"]}]}, 400, "Invalid request: input_references takes"),
        ({"callback_url": "https://example.org"}, 400, "The stand-in does not imitate callback_url. Poll the job."),
        ({"previous_job_id": "x"}, 400, "The stand-in does not imitate previous_job_id."),
        ({"provider": {"options": {}}}, 400, "The stand-in does not imitate provider.options."),
    ],
)
def test_a_wrong_form_is_refused_by_name(more: dict[str, Any], status: int, begins: str) -> None:
    found, said = refused(submit(**more))
    assert found == status and said.startswith(begins)


def test_models_can_be_read_without_a_key_and_name_no_private_field() -> None:
    listed = get(State(), "/videos/models", key="none")["body"]["data"]
    assert [m["id"] for m in listed] == [VEO, HAILUO]
    assert all(not {"provider", "otherwise"} & set(m) for m in listed)
    assert answer({"method": "POST", "path": "/api/v1/videos", "body": {}, "key": "none"}, State())["status"] == 401
