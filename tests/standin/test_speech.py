"""POST /audio/speech and POST /audio/transcriptions, their models, and sound in a chat."""

from __future__ import annotations

import base64
import io
import itertools
import wave
from pathlib import Path
from typing import Any

import pytest
from openai import BadRequestError, OpenAI

from asking import chunks, user
from openrouter_standin import Faults, StandIn, State, answer
from openrouter_standin.multipart import BadMultipart, parse_multipart
from openrouter_standin.output import voice
from openrouter_standin.output.script import Script
from openrouter_standin.sound import Sound, Unreadable, format_of, read_wav, write_wav

ROOT = Path(__file__).parents[2]
FILES = ROOT / "helpers" / "lesson_files" / "26-speech"
SCRIPT = Script.load(ROOT / "helpers" / "scripts" / "26-speech.toml")
KOKORO, VOXTRAL, GEMINI = "hexgrad/kokoro-82m", "mistralai/voxtral-mini-tts-2603", "google/gemini-3.1-flash-tts-preview"
TURBO, WHISPER, MAI, CHIRP, MINI = (
    "openai/whisper-large-v3-turbo",
    "openai/whisper-1",
    "microsoft/mai-transcribe-2",
    "google/chirp-3",
    "openai/gpt-4o-mini-transcribe",
)
HELLO = "Hello there. This is a test."
SPOKEN = "All right. I will remind you on Friday morning to send the invoice to Mister Sato."


def speak(state: State | None = None, faults: Faults | None = None, **body: Any) -> dict[str, Any]:
    asked = {"model": KOKORO, "input": HELLO, **body}
    return answer({"method": "POST", "path": "/api/v1/audio/speech", "body": asked}, state or State(), faults)


def listen(data: bytes, state: State | None = None, faults: Faults | None = None, **body: Any) -> dict[str, Any]:
    part = {"filename": "a.wav", "content_type": "audio/wav", "data": data}
    asked = {"model": TURBO, "file": part, **body}
    request = {"method": "POST", "path": "/api/v1/audio/transcriptions", "body": asked}
    return answer(request, state or State(script=SCRIPT), faults)


def sound_of(response: dict[str, Any]) -> bytes:
    assert response["status"] == 200, response["body"]
    return b"".join(data for _, data in response["pieces"])


def refused(response: dict[str, Any]) -> tuple[int, str]:
    error = response["body"]["error"]
    return response["status"], str(error.get("metadata", {}).get("raw") or error["message"])


def note() -> Sound:
    return read_wav((FILES / "note.wav").read_bytes())


def part_of(sound: Sound, start: float, end: float) -> bytes:
    low, high = (2 * round(second * sound.rate) for second in (start, end))
    return write_wav(Sound(sound.rate, sound.samples[low:high]))


# --- speech ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "form", "kind", "provider"),
    [
        (KOKORO, "pcm", "audio/pcm;rate=24000;channels=1", "DeepInfra"),
        (KOKORO, "mp3", "audio/mpeg", "DeepInfra"),
        (VOXTRAL, "mp3", "audio/mpeg", "Mistral"),
        (GEMINI, None, "audio/pcm;rate=24000;channels=1", "Google AI Studio"),
    ],
)
def test_a_text_comes_as_sound_in_pieces(model: str, form: str | None, kind: str, provider: str) -> None:
    state = State()
    response = speak(state, model=model, response_format=form)
    assert response["headers"]["content-type"] == kind
    times = [at for at, _ in response["pieces"]]
    assert len(times) > 3 and times == sorted(times) and times[0] == 600
    identity = response["headers"]["x-generation-id"]
    assert identity.startswith("gen-tts-")
    record = state.generation(identity)
    assert (record["api_type"], record["provider_name"]) == ("tts", provider)
    assert 0 < record["total_cost"] == state.usage


def test_characters_are_charged_or_tokens() -> None:
    state = State()
    speak(state)
    assert state.usage == pytest.approx(len(HELLO) * 0.62e-6)
    state = State()
    seconds = len(sound_of(speak(state, model=GEMINI))) / 48_000
    assert state.usage == pytest.approx(round(seconds * 25) * 20e-6, rel=0.1)


def test_the_signal_is_as_long_as_the_text_in_every_form() -> None:
    short, long = (len(sound_of(speak(input=text))) / 48_000 for text in ("One.", "One tremendously enumerated text."))
    assert 0.1 < short < long
    frames = len(sound_of(speak(input=HELLO, response_format="mp3"))) / 96
    assert frames * 0.024 == pytest.approx(len(sound_of(speak(input=HELLO))) / 48_000)
    assert sound_of(speak(response_format="mp3"))[:2] == b"\xff\xf3"
    assert 0 < voice.signal(HELLO).loud_seconds < voice.signal(HELLO).seconds


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({"model": "nobody/none"}, 400, "is not a valid model ID"),
        ({"model": "openai/gpt-4o-mini"}, 404, "output modalities: speech"),
        ({"model": TURBO}, 404, "output modalities: speech"),
        ({"input": " "}, 400, "empty"),
        ({"input": "a" * 4097}, 400, "4096"),
        ({"voice": "alloy"}, 400, "af_heart"),
        ({"model": VOXTRAL}, 400, "mp3"),
        ({"model": GEMINI, "response_format": "mp3"}, 400, "pcm"),
        ({"input_references": []}, 400, "voice cloning"),
    ],
)
def test_what_speech_refuses(body: dict[str, Any], status: int, words: str) -> None:
    got = refused(speak(**body))
    assert got[0] == status and words in got[1]


@pytest.mark.parametrize(
    "body", [{"response_format": "wav"}, {"voice": ""}, {"input": None}, {"model": 3}, {"speed": "1"}]
)
def test_a_wrong_form_is_told_in_the_form_of_zod(body: dict[str, Any]) -> None:
    response = speak(**body)
    assert response["status"] == 400 and response["body"]["error"]["name"] == "ZodError"
    assert next(iter(body)) in response["body"]["error"]["message"]


def test_faults_and_an_empty_account_reach_speech() -> None:
    assert refused(speak(faults=Faults(down=["deepinfra"])))[0] == 502
    assert speak(faults=Faults(credits=0))["status"] == 402
    assert speak(faults=Faults(slow=["deepinfra"]))["pieces"][0][0] == 8 * 600
    state = State()
    broken = speak(state, Faults(break_after=2))
    assert len(broken["pieces"]) == 2 and broken["failure"] and state.usage == 0


def test_a_line_of_the_script_names_the_file_that_is_heard() -> None:
    state = State(script=SCRIPT)
    with wave.open(str(FILES / "answer.wav")) as file:
        samples = file.readframes(file.getnframes())
    assert sound_of(speak(state, input=SPOKEN)) == samples
    assert sound_of(speak(state, input=SPOKEN, response_format="mp3")) == (FILES / "answer.mp3").read_bytes()


def test_a_script_says_what_is_wrong_with_its_sound(tmp_path: Path) -> None:
    path = tmp_path / "words.toml"
    path.write_text('[[say]]\nprompt = "Hi"\nsound = "gone.wav"\n')
    with pytest.raises(ValueError, match=r"words\.toml is not a script: the sound gone\.wav cannot be read"):
        Script.load(path)
    (tmp_path / "hi.wav").write_bytes(write_wav(voice.signal("Hi")))
    path.write_text('[[hear]]\nsound = "hi.wav"\nwords = [[0.0, "Hi"]]\n')
    with pytest.raises(ValueError, match="words takes lists of start, end and word"):
        Script.load(path)
    path.write_text('[[say]]\nprompt = "Hi"\nsound = "hi.wav"\n')
    state = State(script=Script.load(path))
    assert refused(speak(state, input="Hi", response_format="mp3")) == (
        400,
        "The stand-in does not imitate an mp3 of hi.wav. Put hi.mp3 beside it, or ask for pcm.",
    )


# --- transcription ---------------------------------------------------------------------------------------------------


def test_a_known_file_is_looked_up_whole_and_in_slices() -> None:
    body = listen((FILES / "note.wav").read_bytes())["body"]
    assert body["text"].startswith("Please remind me to send the invoice") and body["text"].endswith("for Monday.")
    assert body["usage"] == {"seconds": 9.621, "cost": pytest.approx(9.621 * 0.000003)}
    more = {"response_format": "verbose_json", "timestamp_granularities": ["word", "segment"]}
    cut = listen(part_of(note(), 5.2, 7.0), **more)["body"]
    assert (cut["text"], cut["duration"], cut["language"]) == ("by Friday at noon.", 1.8, "english")
    assert cut["words"][0] == {"word": "by", "start": 0.15, "end": 0.27}
    assert [s["text"] for s in cut["segments"]] == ["by Friday at noon."]
    assert listen((FILES / "note.mp3").read_bytes())["body"]["text"] == body["text"]
    meeting = listen((FILES / "meeting.wav").read_bytes(), **more)["body"]
    assert len(meeting["segments"]) > 8 and "words" not in listen((FILES / "note.wav").read_bytes())["body"]


def test_the_pauses_of_the_meeting_are_longer_than_a_second_and_silent() -> None:
    meeting, heard = read_wav((FILES / "meeting.wav").read_bytes()), SCRIPT.heard[1].words
    gaps = [(a[1], b[0]) for a, b in itertools.pairwise(heard) if b[0] - a[1] > 1.2]
    assert len(gaps) == 3
    assert all(read_wav(part_of(meeting, low + 0.05, high - 0.05)).loud_seconds == 0 for low, high in gaps)


def test_an_unknown_sound_gets_an_honest_text() -> None:
    text = listen(write_wav(voice.signal("One, two.")))["body"]["text"]
    assert "does not hear words" in text and "seconds of sound" in text and "not silent" in text
    response = listen(b"fLaC" + bytes(60))
    assert "length it does not know" in response["body"]["text"] and response["body"]["usage"] == {"cost": 0.0}
    assert "does not hear" in listen(part_of(note(), 5.4, 5.5))["body"]["text"], "too short to be found"


@pytest.mark.parametrize("data", [b"", b"hello", b"RIFF0000WAVE", b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0"])
def test_what_is_no_sound_is_refused(data: bytes) -> None:
    status, words = refused(listen(data))
    assert status == 400 and "could not be read" in words


@pytest.mark.parametrize(
    ("model", "usage"),
    [
        (WHISPER, {"seconds": 2, "cost": pytest.approx(0.0002)}),
        (MAI, {"seconds": 2, "cost": pytest.approx(2 * 0.1 / 3600)}),
        (CHIRP, {"seconds": 1.6, "cost": pytest.approx(1.6 * 0.016 / 60)}),
    ],
)
def test_seconds_are_charged_as_each_model_counts_them(model: str, usage: dict[str, Any]) -> None:
    state = State(script=SCRIPT)
    assert listen(part_of(note(), 0, 1.6), state, model=model)["body"]["usage"] == usage
    assert state.usage == usage["cost"]


def test_tokens_are_charged_where_a_model_counts_them() -> None:
    usage = listen((FILES / "note.wav").read_bytes(), model=MINI)["body"]["usage"]
    assert usage["total_tokens"] == usage["input_tokens"] + usage["output_tokens"] and usage["input_tokens"] == 87
    assert usage["cost"] == pytest.approx(usage["input_tokens"] * 1.25e-6 + usage["output_tokens"] * 5e-6)


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({"model": "nobody/none"}, 400, "is not a valid model ID"),
        ({"model": KOKORO}, 404, "output modalities: transcription"),
        ({"model": MINI, "response_format": "verbose_json"}, 400, "verbose_json"),
        ({"model": CHIRP, "response_format": "verbose_json"}, 400, "verbose_json"),
        ({"response_format": "srt"}, 400, "response_format"),
        ({"timestamp_granularities": ["letter"]}, 400, "timestamp_granularities"),
    ],
)
def test_what_transcription_refuses(body: dict[str, Any], status: int, words: str) -> None:
    response = listen(part_of(note(), 0, 1), **body)
    assert response["status"] == status and words in str(response["body"])


def test_chirp_refuses_mp3_and_a_file_over_25_mb_is_sent_as_base64() -> None:
    assert refused(listen((FILES / "note.mp3").read_bytes(), model=CHIRP)) == (400, "Provider returned 400")
    status, words = refused(listen(bytes(25 * 1024 * 1024 + 1)))
    assert status == 400 and "25 MB" in words and "input_audio" in words


def test_another_host_listens_when_one_is_down() -> None:
    data, state = part_of(note(), 0, 1), State(script=SCRIPT)
    response = listen(data, state, Faults(down=["groq"]))
    record = state.generation(response["headers"]["x-generation-id"])
    assert record["provider_name"] == "DeepInfra" and record["api_type"] == "stt"
    assert refused(listen(data, faults=Faults(down=["groq", "deepinfra"])))[0] == 502


def test_base64_in_json_means_the_same() -> None:
    audio = {"data": base64.b64encode((FILES / "note.wav").read_bytes()).decode(), "format": "wav"}
    asked = {"model": TURBO, "input_audio": audio}
    request = {"method": "POST", "path": "/api/v1/audio/transcriptions", "body": asked}
    assert answer(request, State(script=SCRIPT))["body"]["text"].startswith("Please remind me")
    asked["input_audio"] = {"data": "data:audio/wav;base64,AAAA", "format": "wav"}
    assert refused(answer(request, State()))[0] == 400
    asked["input_audio"] = {"data": "AAAA"}
    assert "input_audio.format" in str(answer(request, State())["body"])


# --- over HTTP, with the OpenAI SDK -----------------------------------------------------------------------------------


def test_the_openai_sdk_speaks_and_listens() -> None:
    with StandIn(script=SCRIPT) as standin:
        client = OpenAI(base_url=standin.url, api_key=standin.key, max_retries=0)
        heard = client.audio.transcriptions.create(
            model=WHISPER,
            file=FILES / "note.wav",
            response_format="verbose_json",
            timestamp_granularities=["word", "segment"],
        )
        assert heard.words[0].word == "Please" and heard.segments[-1].text == "And book the small room for Monday."
        assert standin.requests[-1]["file"]["filename"] == "note.wav"
        with client.audio.speech.with_streaming_response.create(
            model=KOKORO, voice="af_heart", input=SPOKEN, response_format="pcm"
        ) as stream:
            assert len(list(stream.iter_bytes())) > 10
        with standin.faults(break_after=1), pytest.raises(Exception, match="Connection error"):
            client.audio.speech.create(model=KOKORO, voice="af_heart", input=HELLO)
        with pytest.raises(BadRequestError, match="Provider returned error"):
            client.audio.transcriptions.create(model=WHISPER, file=("a.wav", b"no sound"))
        assert next(m.id for m in client.models.list(extra_query={"output_modalities": "speech"})) == KOKORO
        assert TURBO in [m.id for m in client.models.list(extra_query={"output_modalities": "transcription"})]
        assert client.models.retrieve(KOKORO).model_extra["data"]["supported_voices"][0] == "af_heart"


# --- sound in a chat --------------------------------------------------------------------------------------------------


def test_a_chat_speaks_with_the_sound_of_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes((FILES / "answer.wav").read_bytes())
    path = tmp_path / "words.toml"
    path.write_text(f'[[say]]\nprompt = "Remind me."\ntext = "{SPOKEN}"\nsound = "a.wav"\n')
    asked = {"model": "openai/gpt-audio-mini", "messages": user("Remind me."), "modalities": ["text", "audio"]}
    asked |= {"audio": {"voice": "alloy", "format": "pcm16"}, "stream": True}
    request = {"method": "POST", "path": "/api/v1/chat/completions", "body": asked}
    found = chunks(answer(request, State(script=Script.load(path))))
    audio = [c["choices"][0]["delta"]["audio"] for c in found if "audio" in c["choices"][0]["delta"]]
    assert "".join(a["transcript"] for a in audio) == SPOKEN
    assert (
        b"".join(base64.b64decode(a.get("data", "")) for a in audio)
        == read_wav((FILES / "answer.wav").read_bytes()).samples
    )
    tokens = found[-1]["usage"]["completion_tokens_details"]["audio_tokens"]
    assert tokens == round(8 * 4.95 / 0.4)


# --- sound and forms as such -----------------------------------------------------------------------------------------


def test_wav_files_of_every_width_are_read() -> None:
    for width, channels in ((1, 1), (2, 2), (3, 1), (4, 2)):
        file = io.BytesIO()
        with wave.open(file, "wb") as out:
            out.setnchannels(channels)
            out.setsampwidth(width)
            out.setframerate(8000)
            loud = bytes([0xC0]) if width == 1 else bytes(width - 1) + bytes([0x40])
            out.writeframes(loud * channels * 800)
        sound = read_wav(file.getvalue())
        assert (sound.seconds, sound.samples[:2]) == (0.1, b"\x00\x40")
    with pytest.raises(Unreadable):
        read_wav(write_wav(Sound(8000, b"")))


@pytest.mark.parametrize(
    ("data", "form"),
    [
        (b"ID3abc", "mp3"),
        (b"\xff\xf3\x44\xc4", "mp3"),
        (b"\xff\xf1\x50\x80", "aac"),
        (b"OggSxx", "ogg"),
        (b"text", None),
    ],
)
def test_a_file_is_what_its_first_bytes_say(data: bytes, form: str | None) -> None:
    assert format_of(data) == form


def test_a_form_is_read_with_its_bytes_as_they_are() -> None:
    data = b"\r\n--other\r\n\x00\xff"
    body = (
        b'--b\r\nContent-Disposition: form-data; name="model"\r\n\r\nm\r\n'
        b'--b\r\nContent-Disposition: form-data; name="t[]"\r\n\r\nword\r\n'
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\nContent-Type: audio/wav\r\n\r\n'
        + data
        + b"\r\n--b--\r\n"
    )
    assert parse_multipart(body, 'multipart/form-data; boundary="b"') == {
        "model": "m",
        "t": ["word"],
        "file": {"filename": "a.wav", "content_type": "audio/wav", "data": data},
    }
    for broken, kind in ((body[:-8], "b"), (body, ""), (b"--b\r\nx\r\n--b--", "b")):
        with pytest.raises(BadMultipart):
            parse_multipart(broken, f"multipart/form-data; boundary={kind}" if kind else "multipart/form-data")
