"""Pictures and sound in an answer."""

from __future__ import annotations

import base64
import struct
from typing import Any

import pytest

from asking import HAIKU, MINI, ask, chunks, message, user
from openrouter_standin import State

PAINTER, SPEAKER = "google/gemini-2.5-flash-image", "openai/gpt-audio-mini"
BOTH = ["image", "text"]


def paint(**more: Any) -> dict[str, Any]:
    return ask(**{"model": PAINTER, "modalities": BOTH, "messages": user("Paint a lighthouse."), **more})


def png_of(url: str) -> bytes:
    assert url.startswith("data:image/png;base64,")
    return base64.b64decode(url.partition(",")[2])


def test_a_picture_is_a_png_that_is_counted_and_paid() -> None:
    body = paint()["body"]
    drawn = png_of(body["choices"][0]["message"]["images"][0]["image_url"]["url"])
    assert drawn.startswith(b"\x89PNG") and struct.unpack(">II", drawn[16:24]) == (256, 256)
    usage = body["usage"]
    assert usage["completion_tokens_details"]["image_tokens"] == 1290
    written = usage["completion_tokens"] - 1290
    assert usage["cost_details"]["upstream_inference_completions_cost"] == pytest.approx(
        1290 * 30e-6 + written * 2.5e-6
    )


def test_a_picture_alone_has_no_words() -> None:
    said = message(paint(modalities=["image"]))
    assert said["content"] is None and len(said["images"]) == 1


@pytest.mark.parametrize(("ratio", "sides"), [("16:9", (455, 256)), ("9:16", (256, 455)), ("odd", (256, 256)), ("0:1", (256, 256))])  # fmt: skip
def test_the_aspect_ratio_shapes_it(ratio: str, sides: tuple[int, int]) -> None:
    drawn = png_of(message(paint(image_config={"aspect_ratio": ratio}))["images"][0]["image_url"]["url"])
    assert struct.unpack(">II", drawn[16:24]) == sides


def test_a_stream_brings_the_picture_in_one_chunk() -> None:
    found = [
        c["choices"][0]["delta"]["images"] for c in chunks(paint(stream=True)) if "images" in c["choices"][0]["delta"]
    ]
    assert len(found) == 1 and png_of(found[0][0]["image_url"]["url"])


def test_a_text_model_paints_nothing() -> None:
    refused = ask(modalities=BOTH)
    error = refused["body"]["error"]
    assert refused["status"] == 404 and "user_id" not in refused["body"]
    assert error["message"] == "No endpoints found that support the requested output modalities: image, text"
    assert error["metadata"]["failed_routing_step"] == "Filter by Model Output Modalities"
    assert error["metadata"]["routing_funnel"] == [{"step": "Initial Endpoints", "endpoint_count": 2}]
    assert ask(modalities=BOTH, models=[PAINTER])["body"]["model"] == PAINTER
    assert ask(modalities=["text"])["status"] == 200


def test_sound_is_a_stream_of_pcm16() -> None:
    state = State()
    state.script["Hi there"] = "Good morning to you"
    sound = {"modalities": ["text", "audio"], "audio": {"voice": "alloy", "format": "pcm16"}}
    found = chunks(ask(state, model=SPEAKER, stream=True, **sound))
    pieces = [c["choices"][0]["delta"]["audio"] for c in found if "audio" in c["choices"][0]["delta"]]
    assert pieces[0]["id"].startswith("audio_") and "data" not in pieces[0]
    assert "".join(p["transcript"] for p in pieces) == "Good morning to you"
    assert [len(base64.b64decode(p["data"])) for p in pieces[1:]] == [19_200] * (len(pieces) - 1)
    usage = found[-1]["usage"]
    assert usage["completion_tokens_details"]["audio_tokens"] == 8 * (len(pieces) - 1)


def test_sound_is_not_given_whole() -> None:
    refused = ask(model=SPEAKER, modalities=["text", "audio"], audio={"voice": "alloy", "format": "pcm16"})
    assert (refused["status"], refused["body"]["error"]["message"]) == (400, "Audio output requires stream: true")
    assert ask(model=MINI, modalities=["text", "audio"], stream=True)["status"] == 404


def test_a_picture_for_a_model_that_sees_nothing() -> None:
    blind = "z-ai/glm-5.2"
    refused = ask(
        model=blind, messages=user([{"type": "image_url", "image_url": {"url": "https://example.org/a.png"}}])
    )
    error = refused["body"]["error"]
    assert (refused["status"], error["message"]) == (404, "No endpoints found that support image input")
    assert error["metadata"]["failed_routing_step"] == "Filter by Image Support"
    assert error["metadata"]["routing_funnel"][0]["step"] == "Initial Endpoints"


def test_a_file_is_annotated_only_when_openrouter_parses_it() -> None:
    part = {"type": "file", "file": {"filename": "a.pdf", "file_data": "data:application/pdf;base64,JVBERi0="}}
    asked = {"messages": user([{"type": "text", "text": "What is in it?"}, part])}
    assert "annotations" not in message(ask(model=HAIKU, **asked))
    parsed = {"plugins": [{"id": "file-parser", "pdf": {"engine": "mistral-ocr"}}]}
    assert message(ask(model=HAIKU, **asked, **parsed))["annotations"][0]["type"] == "file"
    assert message(ask(model="z-ai/glm-5.2", **asked))["annotations"][0]["file"]["name"] == "a.pdf"
