"""Sound in record and replay: bytes at their pace, forms without their boundary and without their bytes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openai
import pytest

import helpers
from clocks import HeldClock
from helpers.replay.matching import describe, fingerprint
from helpers.replay.scrub import FAKE_KEY
from helpers.session import current
from openrouter_standin import StandIn
from openrouter_standin.output import voice
from openrouter_standin.sound import write_wav
from support import LESSON, async_client, client

KOKORO, WHISPER = "hexgrad/kokoro-82m", "openai/whisper-1"
SPEECH = {"model": KOKORO, "voice": "af_heart", "input": "Good morning to all of you.", "response_format": "mp3"}
WAV = write_wav(voice.signal("One, two, three."))


def restart(monkeypatch: pytest.MonkeyPatch, mode: str, speed: float = 0, source: str = "standin") -> None:
    monkeypatch.setenv("COOKBOOK_MODE", mode)
    monkeypatch.setenv("COOKBOOK_SPEED", str(speed))
    monkeypatch.setenv("COOKBOOK_RECORD_FROM", source)
    helpers.start(LESSON)


def transcribe(**more: Any) -> Any:
    asked = {"model": WHISPER, "file": ("one.wav", WAV), "response_format": "verbose_json", **more}
    return client().audio.transcriptions.create(**asked)


@pytest.mark.parametrize("over_http", [False, True])
def test_speech_is_recorded_and_played_again_to_the_byte(
    over_http: bool, recorded: Callable, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with StandIn(key=FAKE_KEY) as standin:
        restart(monkeypatch, "record", source=standin.url.removesuffix("/api/v1") if over_http else "standin")
        first = client().audio.speech.create(**SPEECH).content
        helpers.stop()
    made = recorded()["exchanges"][0]["response"]
    assert "body" not in made and made["bytes_file"].endswith(".mp3")
    assert sum(number for _, number in made["pieces"]) == len(first)
    assert (tmp_path / "recordings" / made["bytes_file"]).read_bytes() == first

    restart(monkeypatch, "ci")
    again = client().audio.speech.create(**SPEECH)
    assert again.content == first and again.response.headers["content-type"] == "audio/mpeg"
    with client().audio.speech.with_streaming_response.create(**SPEECH) as stream:
        pieces = list(stream.iter_bytes())
        assert len(pieces) > 3 and b"".join(pieces) == first
    with client().audio.speech.with_streaming_response.create(**SPEECH) as stream:
        stream.stream_to_file(tmp_path / "spoken.mp3")
    assert (tmp_path / "spoken.mp3").read_bytes() == first

    async def read() -> tuple[bytes, bytes]:
        whole = await async_client().audio.speech.create(**SPEECH)
        async with async_client().audio.speech.with_streaming_response.create(**SPEECH) as stream:
            return whole.content, b"".join([piece async for piece in stream.iter_bytes()])

    assert asyncio.run(read()) == (first, first)


def test_sound_comes_at_its_recorded_pace(
    recorded: Callable, monkeypatch: pytest.MonkeyPatch, clock: HeldClock
) -> None:
    restart(monkeypatch, "record")
    client().audio.speech.create(**SPEECH)
    helpers.stop()
    offsets = [at for at, _ in recorded()["exchanges"][0]["response"]["pieces"]]
    restart(monkeypatch, "replay", speed=1)
    answer = client().audio.speech.create(**SPEECH)
    entry = current().log.entries[-1]
    assert [at for at, _ in entry.pieces] == offsets and entry.end_ms == offsets[-1]
    drawn = helpers.timeline(answer)
    assert (drawn.first_ms, drawn.last_ms) == (offsets[0], offsets[-1])
    assert drawn.rows[0]["pieces"] == len(offsets)


def test_the_cost_of_sound_is_known_once_generation_was_asked(
    recorded: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    restart(monkeypatch, "record")
    answer = client().audio.speech.create(**SPEECH)
    before = str(helpers.receipt(answer))
    assert "GET /generation" in before and "pieces" in before
    assert "0.0000" not in str(helpers.calls(last=1)).rpartition(":")[0]
    where = f"/generation?id={answer.response.headers['x-generation-id']}"
    record = client().get(where, cast_to=object)["data"]
    assert record["api_type"] == "tts" and record["total_cost"] == pytest.approx(len(SPEECH["input"]) * 0.62e-6)
    entry = current().log.entries[0]
    assert entry.cost == record["total_cost"] and entry.provider == "DeepInfra"
    assert "GET /generation" not in str(helpers.receipt(answer))


def test_a_form_is_recorded_by_its_fields_and_the_digest_of_its_file(
    recorded: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    restart(monkeypatch, "record")
    first = transcribe(timestamp_granularities=["word", "segment"])
    sent = str(helpers.sent())
    assert '"one.wav"' in sent and '"sha256"' in sent
    helpers.stop()
    made = recorded()
    body = made["exchanges"][0]["request"]["body"]
    assert body["model"] == WHISPER and body["timestamp_granularities"] == ["word", "segment"]
    assert body["file"]["bytes"] == len(WAV) and len(json.dumps(made)) < 4000

    restart(monkeypatch, "ci")
    again = transcribe(timestamp_granularities=["word", "segment"])
    assert again == first and again.duration == pytest.approx(len(WAV) / 48_000, abs=0.01)
    shown = str(helpers.receipt(again))
    assert WHISPER in shown and "seconds" in shown and "$" in shown
    with pytest.raises(helpers.NotRecorded, match="sha256"):
        transcribe(file=("one.wav", WAV + b"\0\0"), timestamp_granularities=["word", "segment"])


def test_what_was_not_recorded_is_answered_by_the_stand_in(recorded: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    restart(monkeypatch, "replay")
    assert "does not hear" in transcribe().text
    assert len(client().audio.speech.create(**SPEECH).content) > 1000
    assert [entry.source for entry in current().log.entries] == ["stand-in, not recorded"] * 2


def test_base64_sound_is_matched_by_its_digest_and_not_stored(
    recorded: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    import base64

    audio = {"data": base64.b64encode(WAV).decode(), "format": "wav"}
    asked = {"model": WHISPER, "input_audio": audio}
    restart(monkeypatch, "record")
    first = client().post("/audio/transcriptions", body=asked, cast_to=object)
    assert len(str(helpers.sent())) < 1000
    helpers.stop()
    stored = recorded()["exchanges"][0]["request"]
    assert len(json.dumps(stored)) < 1000 and audio["data"][:200] not in json.dumps(stored)
    assert fingerprint(stored) == fingerprint({**stored, "body": asked})
    restart(monkeypatch, "ci")
    assert client().post("/audio/transcriptions", body=asked, cast_to=object) == first


def test_faults_reach_sound(recorded: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    restart(monkeypatch, "replay")
    quick = client(max_retries=0)
    with helpers.faults(down=["deepinfra"]), pytest.raises(openai.InternalServerError):
        quick.audio.speech.create(**SPEECH)
    with helpers.faults(credits=0), pytest.raises(openai.APIStatusError) as refused:
        quick.audio.transcriptions.create(model=WHISPER, file=("one.wav", WAV))
    assert refused.value.status_code == 402
    got = []
    with (
        helpers.faults(break_after=2),
        pytest.raises(Exception, match="peer closed"),
        quick.audio.speech.with_streaming_response.create(**SPEECH) as stream,
    ):
        got.extend(stream.iter_bytes())
    assert len(got) == 2


def test_a_reader_who_leaves_early_records_what_came(recorded: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    with StandIn(key=FAKE_KEY) as standin:
        restart(monkeypatch, "record", source=standin.url.removesuffix("/api/v1"))
        with client().audio.speech.with_streaming_response.create(**SPEECH) as stream:
            next(iter(stream.iter_bytes(chunk_size=100)))
        helpers.stop()
    assert recorded()["exchanges"][0]["response"]["cut"] is True


def test_two_boundaries_give_one_description() -> None:
    def described(boundary: str) -> dict[str, Any]:
        part = f'--{boundary}\r\nContent-Disposition: form-data; name="model"\r\n\r\nm\r\n--{boundary}--\r\n'
        head = {"content-type": f"multipart/form-data; boundary={boundary}"}
        return describe("POST", "/p", "openrouter.ai", head, part.encode(), "session")

    assert described("aaa") == described("bbbbbb") and described("aaa")["body"] == {"model": "m"}
