"""Pictures, sound and files in a prompt, and prompts that are long or odd."""

from __future__ import annotations

from asking import MINI, ask, message, user
from openrouter_standin import State, answer

PNG = "data:image/png;base64,iVBORw0KGgo="


def test_pictures_sound_and_files_are_counted_and_need_a_model_that_takes_them() -> None:
    picture = [{"type": "text", "text": "Hi there"}, {"type": "image_url", "image_url": {"url": PNG}}]
    plain, seen = ask()["body"]["usage"], ask(messages=user(picture))["body"]["usage"]
    assert seen["prompt_tokens"] - plain["prompt_tokens"] == 250
    blind = ask(model="mistralai/mistral-nemo", messages=user(picture))
    assert (blind["status"], blind["body"]["error"]["message"]) == (404, "No endpoints found that support image input")
    assert ask(model="mistralai/mistral-nemo", models=[MINI], messages=user(picture))["body"]["model"] == MINI
    sound = [{"type": "input_audio", "input_audio": {"data": "UklGRg==", "format": "wav"}}]
    heard = ask(model="openai/gpt-audio", messages=user(sound))["body"]["usage"]
    assert heard["prompt_tokens_details"]["audio_tokens"] == 100
    pdf = [{"type": "file", "file": {"filename": "a.pdf", "file_data": "data:application/pdf;base64,JVBERi0="}}]
    note = message(ask(model="mistralai/mistral-nemo", messages=user(pdf)))["annotations"][0]
    assert (note["type"], note["file"]["name"], len(note["file"]["hash"])) == ("file", "a.pdf", 64)


def test_long_conversations_half_characters_and_odd_numbers() -> None:
    assert ask(messages=[{"role": "user", "content": "x " * 50}] * 2000, max_tokens=9)["status"] == 200
    assert ask(messages=user("\ud800"))["status"] == 200
    assert (
        ask(messages=user("JSON: " + "9" * 5000 + " and " + "9" * 400 + ".5"), response_format={"type": "json_object"})[
            "status"
        ]
        == 200
    )
    for path in ("models?limit=\u00b2", "models?offset=" + "9" * 5000, "models/count?limit=%C2%B2"):
        assert answer({"method": "GET", "path": f"/api/v1/{path}"}, State())["status"] == 400
    assert (
        answer({"method": "GET", "path": "/api/v1/keys?offset=%C2%B2", "key": "management"}, State())["status"] == 200
    )
    assert (
        ask(headers={"X-OpenRouter-Cache": "true", "X-OpenRouter-Cache-TTL": "\u00b2"})["headers"][
            "x-openrouter-cache-ttl"
        ]
        == "300"
    )
