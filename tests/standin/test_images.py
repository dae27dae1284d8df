"""POST /images, its models, and the drawings that stand for pictures."""

from __future__ import annotations

import base64
import hashlib
import json
import struct
import zlib
from typing import Any

import pytest

from asking import chunks, message, refused, user
from openrouter_standin import Faults, State, answer
from openrouter_standin.output import media
from openrouter_standin.output.drawing import SOFTWARE, draw, scene_of
from openrouter_standin.output.png import packed
from support import CHAT

SEEDREAM, NANO, OLDER, MINI = (
    "bytedance-seed/seedream-4.5",
    "google/gemini-3.1-flash-image",
    "google/gemini-2.5-flash-image",
    "openai/gpt-5-image-mini",
)
PROMPT = "A lighthouse at dusk"


def paint(state: State | None = None, faults: Faults | None = None, **body: Any) -> dict[str, Any]:
    asked = {"model": NANO, "prompt": PROMPT, **body}
    return answer({"method": "POST", "path": "/api/v1/images", "body": asked}, state or State(), faults)


def get(path: str, state: State | None = None, **more: Any) -> dict[str, Any]:
    return answer({"method": "GET", "path": f"/api/v1{path}", **more}, state or State())


def first(response: dict[str, Any]) -> bytes:
    assert response["status"] == 200, response["body"]
    return base64.b64decode(response["body"]["data"][0]["b64_json"])


def url_of(png: bytes) -> str:
    return media.data_url(base64.b64encode(png).decode())


def reference(png: bytes) -> list[dict[str, Any]]:
    return [{"type": "image_url", "image_url": {"url": url_of(png)}}]


def size_of(png: bytes) -> tuple[int, int]:
    return struct.unpack(">II", png[16:24])


# --- what comes and what it costs ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "more", "tokens", "cost"),
    [
        (SEEDREAM, {}, 4175, 0.04),
        (SEEDREAM, {"resolution": "4K"}, 4175, 0.04),
        (NANO, {}, 1120, 1120 * 60e-6),
        (NANO, {"resolution": "512"}, 747, 747 * 60e-6),
        (NANO, {"size": "4K"}, 2520, 2520 * 60e-6),
        (NANO, {"size": "2048x1152"}, 1680, 1680 * 60e-6),
        (OLDER, {}, 1290, 1290 * 30e-6),
        (MINI, {"quality": "low"}, 272, 272 * 8e-6),
        (MINI, {"quality": "high", "n": 3}, 3 * 4160, 3 * 4160 * 8e-6),
    ],
)
def test_a_picture_costs_what_the_catalogue_says(model: str, more: dict[str, Any], tokens: int, cost: float) -> None:
    state = State()
    response = paint(state, model=model, **more)
    usage = response["body"]["usage"]
    assert usage["completion_tokens"] == usage["completion_tokens_details"]["image_tokens"] == tokens
    assert usage["cost_details"]["upstream_inference_completions_cost"] == pytest.approx(cost)
    assert state.usage == usage["cost"] >= cost - 1e-12
    assert len(response["body"]["data"]) == more.get("n", 1)
    if model == SEEDREAM:  # the example of the OpenAPI: 0 + 4175 tokens, 0.04 dollars
        assert (usage["prompt_tokens"], usage["total_tokens"], usage["cost"]) == (0, 4175, 0.04)


def test_it_is_remembered_under_the_id_of_its_header() -> None:
    state = State()
    response = paint(state, input_references=reference(first(paint())))
    identity = response["headers"]["x-generation-id"]
    assert identity.startswith("gen-img-") and "id" not in response["body"]
    record = get(f"/generation?id={identity}", state)["body"]["data"]
    assert (record["api_type"], record["num_media_completion"], record["num_media_prompt"]) == ("image", 1, 1)
    assert record["total_cost"] == response["body"]["usage"]["cost"]
    assert (
        record["provider_name"]
        == response["headers"]["x-provider-name"]
        == record["provider_responses"][0]["provider_name"]
    )
    assert response["body"]["data"][0]["media_type"] == "image/png"


def test_the_path_of_the_openai_sdk_is_not_there() -> None:
    made = answer({"method": "POST", "path": "/api/v1/images/generations", "body": {"model": NANO}}, State())
    assert made["status"] == 404


# --- what is drawn ---------------------------------------------------------------------------------------------------


def test_a_drawing_says_who_drew_it_and_is_small() -> None:
    for n in range(20):
        png = draw(bytes([n * 11 % 256]) * 32, 455, 256)
        assert len(png) < 6000
        assert b"tEXtSoftware\0" + SOFTWARE.encode() in png
    assert scene_of(png) == bytes([n * 11 % 256]) * 32 and scene_of(b"\x89PNG") is None


def test_the_bytes_are_the_same_everywhere_and_need_no_compressor(monkeypatch: pytest.MonkeyPatch) -> None:
    """In other processes and on other Pythons: `bytes_of_answers`."""
    for name in ("compress", "compressobj"):
        monkeypatch.delattr(zlib, name)
    drawn = hashlib.sha256(media.picture("a", "16:9").encode()).hexdigest()
    assert drawn == "ff5239b3b5f6897f3d5865f482e8718b4105fe7f4ef5e7be43904989ab23be4c"


@pytest.mark.parametrize("data", [b"", b"a", b"\xff" * 7, bytes(258), bytes(259), bytes(260), bytes(range(256)) * 3, b"\0" * 10_000 + b"x"])  # fmt: skip
def test_what_is_packed_can_be_unpacked(data: bytes) -> None:
    assert zlib.decompress(packed(data)) == data


def test_runs_of_every_length_can_be_unpacked() -> None:
    data = b"".join(bytes([n % 256]) * n for n in range(1, 600))
    assert zlib.decompress(packed(data)) == data


def test_another_prompt_is_another_picture_and_a_seed_repeats_one() -> None:
    state = State()
    assert first(paint(state)) != first(paint(state)) != first(paint(state, prompt="Another"))
    assert first(paint(state, seed=7)) == first(paint(state, seed=7)) != first(paint(state, seed=8))
    assert len({p["b64_json"] for p in paint(model=MINI, n=3)["body"]["data"]}) == 3
    assert first(paint()) == first(paint()), "a new state draws the same again"


@pytest.mark.parametrize(
    ("shape", "sides"),
    [
        ({}, (256, 256)),
        ({"aspect_ratio": "auto"}, (256, 256)),
        ({"aspect_ratio": "16:9"}, (455, 256)),
        ({"size": "1024x1280"}, (256, 320)),
        ({"size": "2K", "aspect_ratio": "3:2"}, (384, 256)),
        ({"aspect_ratio": "1:8"}, (128, 1024)),
        ({"aspect_ratio": "9:19.5"}, (256, 455)),  # not in this model's list: clamped to 9:16
    ],
)
def test_the_shape_is_the_one_asked_for(shape: dict[str, Any], sides: tuple[int, int]) -> None:
    assert size_of(first(paint(**shape))) == sides


def test_a_reference_is_edited() -> None:
    plain = first(paint())
    edited = first(paint(input_references=reference(plain)))
    again = first(paint(input_references=reference(edited), aspect_ratio="16:9", prompt="Now at night"))
    assert len({plain, edited, again}) == 3
    assert scene_of(plain) == scene_of(edited) == scene_of(again), "the scene goes on through edits"
    far = [{"type": "image_url", "image_url": {"url": "https://example.org/a.png"}}]
    assert scene_of(first(paint(input_references=far))) not in (None, scene_of(plain))


def test_a_picture_in_a_chat_is_edited_too() -> None:
    plain = first(paint())
    parts = [{"type": "text", "text": "Make it red"}, *reference(plain)]
    body = {"model": OLDER, "modalities": ["image", "text"], "messages": user(parts)}
    said = message(answer({"method": "POST", "path": CHAT, "body": body}, State()))
    edited = base64.b64decode(said["images"][0]["image_url"]["url"].partition(",")[2])
    assert edited != plain and scene_of(edited) == scene_of(plain)
    later = [*user("Paint"), {"role": "assistant", "content": "Here", "images": said["images"]}, *user("Redder")]
    said = message(answer({"method": "POST", "path": CHAT, "body": {**body, "messages": later}}, State()))
    assert scene_of(base64.b64decode(said["images"][0]["image_url"]["url"].partition(",")[2])) == scene_of(plain)


# --- streams ---------------------------------------------------------------------------------------------------------


def test_a_stream_brings_coarse_pictures_then_the_whole() -> None:
    state = State()
    response = paint(state, model=MINI, stream=True)
    found = chunks(response)
    assert [e["type"].partition(".")[2] for e in found] == ["partial_image", "partial_image", "completed"]
    assert [e["partial_image_index"] for e in found[:2]] == [0, 1]
    pictures = [base64.b64decode(e["b64_json"]) for e in found]
    assert len({size_of(p) for p in pictures}) == len({scene_of(p) for p in pictures}) == 1
    assert len(pictures[0]) < len(pictures[1]) < len(pictures[2])
    assert found[-1]["usage"]["cost"] == state.usage and found[-1]["created"] > 1_700_000_000
    assert response["events"][-1][1] == "data: [DONE]"
    assert response["headers"]["x-generation-id"].startswith("gen-img-")


def test_several_pictures_in_a_stream_carry_one_usage() -> None:
    found = chunks(paint(model=MINI, stream=True, n=2))
    assert [("usage" in e) for e in found if e["type"] == "image_generation.completed"] == [False, True]


def test_a_provider_that_does_not_stream_answers_whole() -> None:
    assert first(paint(stream=True)) and get("/images/models")["body"]["data"][1]["supports_streaming"] is False


@pytest.mark.parametrize("after", [0, 1, 2, 9])
def test_a_broken_stream_is_not_charged(after: int) -> None:
    state = State()
    response = paint(state, Faults(break_after=after), model=MINI, stream=True)
    found = chunks(response)
    assert len(found) == min(after, 3) + 1
    assert found[-1] == {"type": "error", "error": {"message": "Generation failed", "code": "server_error"}}
    assert state.usage == 0
    assert get(f"/generation?id={response['headers']['x-generation-id']}", state)["status"] == 404


# --- refusals --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "begins"),
    [
        ({"model": None}, "Invalid request: model takes a string"),
        ({"prompt": None}, "Invalid request: prompt takes a text that is not empty"),
        ({"prompt": ""}, "Invalid request: prompt takes a text that is not empty"),
        ({"aspect_ratio": "5:7"}, "Invalid request: aspect_ratio takes one of 1:1,"),
        ({"n": 11}, "Invalid request: n takes a whole number from 1 to 10"),
        ({"n": True}, "Invalid request: n takes a whole number from 1 to 10"),
        ({"n": 2}, f"Invalid request: {NANO} makes 1 picture at a time (n)"),
        ({"quality": "best"}, "Invalid request: quality takes one of auto, low, medium, high"),
        ({"resolution": "8K"}, "Invalid request: resolution takes one of 512, 1K, 2K, 4K"),
        ({"resolution": "512", "model": SEEDREAM}, f"Invalid request: {SEEDREAM} takes a resolution of 1K, 2K, 4K"),
        ({"size": "wide"}, "Invalid request: size takes a tier (512, 1K, 2K, 4K) or pixels such as 2048x1024"),
        ({"size": "2K", "resolution": "4K"}, "Invalid request: size 2K does not go with resolution 4K"),
        ({"size": "1024x1024", "aspect_ratio": "16:9"}, "Invalid request: size 1024x1024 does not go with aspect_ratio 16:9"),
        ({"seed": "7"}, "Invalid request: seed takes a whole number"),
        ({"stream": 1}, "Invalid request: stream takes true or false"),
        ({"output_compression": 101}, "Invalid request: output_compression takes a whole number from 0 to 100"),
        ({"input_references": ["a.png"]}, "Invalid request: input_references takes a list of at most 16 parts"),
        ({"input_references": [{"type": "image_url", "image_url": {"url": "a.png"}}]}, "Invalid request: image_url.url takes"),
        ({"input_references": reference(b"x") * 15}, f"Invalid request: {NANO} takes 14 input_references at most"),
        ({"provider": []}, "Invalid request: provider takes an object"),
        ({"provider": {"only": "google"}}, "Invalid request: provider.only takes a list of strings"),
        ({"model": "no/such"}, "no/such is not a valid model ID"),
        ({"output_format": "webp"}, "The stand-in does not imitate output_format 'webp'. It imitates png."),
        ({"output_format": "svg"}, "The stand-in does not imitate output_format 'svg'."),
        ({"background": "transparent"}, "The stand-in does not imitate background 'transparent'."),
        ({"provider": {"options": {"seed": {}}}}, "The stand-in does not imitate provider.options."),
        ({"model": "google/gemini-3-pro-image"}, "The stand-in does not imitate google/gemini-3-pro-image on POST /images."),
    ],
)  # fmt: skip
def test_a_wrong_form_is_refused_by_name(more: dict[str, Any], begins: str) -> None:
    status, said = refused(paint(**more))
    assert status == 400 and said.startswith(begins)


@pytest.mark.parametrize("body", [None, [], "text"])
def test_a_body_that_is_no_object(body: Any) -> None:
    assert answer({"method": "POST", "path": "/api/v1/images", "body": body}, State())["status"] == 400


def test_fields_without_an_effect_are_taken() -> None:
    for more in (
        {"output_format": "png", "output_compression": 50},
        {"quality": "high"},
        {"background": "opaque"},
        {"x": 1},
    ):
        assert first(paint(**more))


def test_a_text_model_paints_nothing() -> None:
    response = paint(model="openai/gpt-4o-mini")
    wanted = "No endpoints found that support the requested output modalities: image"
    assert refused(response) == (404, wanted)
    assert response["body"]["error"]["metadata"]["failed_routing_step"] == "Filter by Model Output Modalities"


def test_providers_are_routed_and_fail_as_in_a_chat() -> None:
    assert paint(provider={"only": ["google-ai-studio"]})["headers"]["x-provider-name"] == "Google AI Studio"
    assert paint(provider={"only": ["openai"]})["status"] == 404
    fallen = paint(None, Faults(down=["google-vertex"]))
    assert fallen["headers"]["x-provider-name"] == "Google AI Studio"
    state = State()
    for faults, status in ((Faults(down=["*"]), 502), (Faults(rate_limited=["*"]), 429), (Faults(refused="No such thing."), 400),
                           (Faults(status=503), 503), (Faults(flagged="violence"), 403), (Faults(error_in_200=True), 200)):  # fmt: skip
        response = paint(state, faults)
        assert response["status"] == status and "error" in response["body"]
    assert state.usage == 0


def test_pictures_need_a_dollar_of_balance_and_a_key_that_can_pay() -> None:
    for response in (
        paint(State(credits=0.99)),
        answer({"method": "POST", "path": CHAT, "body": {"model": OLDER, "modalities": ["image"], "messages": user("Hi")}}, State(credits=0.99)),
    ):  # fmt: skip
        assert refused(response) == (402, "Insufficient credits. Add more using https://openrouter.ai/settings/credits")
        assert "1.00 US dollars" in response["body"]["error"]["metadata"]["remedy_hint"]
    assert paint(None, Faults(credits=0))["status"] == 402
    status, said = refused(paint(State(limit=0.1), resolution="4K"))
    assert status == 402 and said.startswith("This request costs 0.1512 dollars, but the key can only afford 0.1000.")
    assert paint(State(limit=0.1))["status"] == 200
    assert refused(paint(State(limit=0.0)))[0] == 403


# --- models ----------------------------------------------------------------------------------------------------------


def test_models_and_their_endpoints_can_be_read_without_a_key() -> None:
    listed = get("/images/models", key="none")["body"]["data"]
    assert [m["id"] for m in listed] == [SEEDREAM, NANO, OLDER, MINI]
    for model in listed:
        assert "image" in model["architecture"]["output_modalities"]
        made = get(model["endpoints"].removeprefix("/api/v1"), key="none")["body"]
        assert made["id"] == model["id"] and made["endpoints"]
        for endpoint in made["endpoints"]:
            assert endpoint["supported_parameters"] == model["supported_parameters"]
            assert [p["billable"] for p in endpoint["pricing"]][-1] == "output_image"
    assert get("/images/models/no/such/endpoints")["status"] == get(f"/images/models/{NANO}")["status"] == 404
    assert (
        paint()["status"] == 200
        and answer({"method": "POST", "path": "/api/v1/images", "body": {}, "key": "none"}, State())["status"] == 401
    )


def test_an_image_only_model_gives_pictures_in_a_chat_and_nothing_else() -> None:
    def chat(**more: Any) -> dict[str, Any]:
        body = {"model": SEEDREAM, "messages": user("A harbour"), **more}
        return answer({"method": "POST", "path": CHAT, "body": body}, State())

    assert refused(chat(modalities=["image", "text"])) == (
        404,
        "No endpoints found that support the requested output modalities: image, text",
    )
    for response in (chat(modalities=["image"]), chat()):
        said = message(response)
        assert said["content"] is None and len(said["images"]) == 1
        assert response["body"]["usage"]["cost"] == 0.04


def test_it_is_listed_only_where_pictures_are_asked_for() -> None:
    def ids(query: str) -> list[str]:
        return [m["id"] for m in get(f"/models{query}")["body"]["data"]]

    assert (
        SEEDREAM not in ids("")
        and SEEDREAM in ids("?output_modalities=image")
        and SEEDREAM in ids("?output_modalities=all")
    )
    row = get(f"/model/{SEEDREAM}")["body"]["data"]
    assert row["architecture"]["output_modalities"] == ["image"] and json.dumps(row)
    assert get(f"/models/{SEEDREAM}/endpoints")["body"]["data"]["endpoints"][0]["provider_name"] == "Seed"
