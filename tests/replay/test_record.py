"""Record over real HTTP on loopback: the reader is never delayed, offsets are true, nothing half is written."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openai
import pytest

import helpers
from canned import Canned, serve
from clocks import HeldClock
from helpers.replay import layout as layout_module
from helpers.replay import recording
from helpers.session import current
from openrouter_standin.server import Server
from support import LESSON, async_client, client, completion, event, hello, text_of

OFFSETS = (200, 400, 600, 800, 1000)


def five(released: int) -> Canned:
    """Five events, of which so many are sent at once and the others as the test says."""
    events = [*(event(f"e{n}") for n in range(5)), "data: [DONE]"]
    return Canned(events=events, gate=threading.Semaphore(released))


def check_five(made: dict) -> None:
    response = made["exchanges"][0]["response"]
    assert [at for at, _ in response["events"]] == [*OFFSETS, OFFSETS[-1]]
    assert "cut" not in response


def test_five_events_200_ms_apart_are_passed_on_one_by_one_and_stored_at_their_offsets(
    record: Callable, recorded: Callable, clock: HeldClock
) -> None:
    canned = five(released=0)
    with serve([canned]) as url:
        record(url)
        stream = client().chat.completions.create(**hello(), stream=True)
        clock.time = OFFSETS[0] / 1000
        canned.gate.release()
        for number, _ in enumerate(stream, 1):
            assert canned.sent == number, "an event was kept back until the next one was sent"
            clock.time = OFFSETS[min(number, 4)] / 1000
            canned.gate.release(2 if number == 5 else 1)
        helpers.stop()
    check_five(recorded())


def test_five_events_200_ms_apart_are_passed_on_one_by_one_in_async_code_too(
    record: Callable, recorded: Callable, clock: HeldClock
) -> None:
    canned = five(released=0)

    async def read() -> None:
        stream, number = await async_client().chat.completions.create(**hello(), stream=True), 0
        clock.time = OFFSETS[0] / 1000
        canned.gate.release()
        async for _ in stream:
            number += 1
            assert canned.sent == number, "an event was kept back until the next one was sent"
            clock.time = OFFSETS[min(number, 4)] / 1000
            canned.gate.release(2 if number == 5 else 1)

    with serve([canned]) as url:
        record(url)
        asyncio.run(read())
        helpers.stop()
    check_five(recorded())


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize("chunks", [1, 7])
def test_what_is_recorded_is_replayed_also_zipped_and_in_small_pieces(
    record: Callable, recorded: Callable, monkeypatch: pytest.MonkeyPatch, zipped: bool, chunks: int
) -> None:
    stream = Canned(
        events=[": OPENROUTER PROCESSING", event("é"), event("日本"), "data: [DONE]"],
        zipped=zipped,
        chunks=chunks,
    )
    plain = Canned(body=completion("straße")["body"], zipped=zipped)
    with serve([stream, plain]) as url:
        record(url)
        assert text_of(client().chat.completions.create(**hello(), stream=True)) == "é日本"
        assert client().chat.completions.create(**hello()).choices[0].message.content == "straße"
        helpers.stop()
    assert stream.asked["accept-encoding"] == "identity"
    made = recorded()
    assert [e["request"]["path"] for e in made["exchanges"]] == ["/api/v1/chat/completions"] * 2
    assert set(made["exchanges"][0]["response"]["headers"]) == {"content-type"}
    monkeypatch.setenv("COOKBOOK_MODE", "ci")
    helpers.start(LESSON)
    assert text_of(client().chat.completions.create(**hello(), stream=True)) == "é日本"
    assert client().chat.completions.create(**hello()).choices[0].message.content == "straße"


def test_a_stream_closed_early_is_stored_as_cut(record: Callable, recorded: Callable) -> None:
    with serve([five(released=1)]) as url:
        record(url)
        stream = client().chat.completions.create(**hello(), stream=True)
        next(iter(stream))
        stream.close()
        helpers.stop()
    (exchange,) = recorded()["exchanges"]
    assert exchange["response"]["cut"] is True
    assert len(exchange["response"]["events"]) == 1


def test_a_break_without_close_is_finished_by_stop(record: Callable, recorded: Callable) -> None:
    with serve([five(released=1)]) as url:
        record(url)
        stream = client().chat.completions.create(**hello(), stream=True)
        for _chunk in stream:
            break
        helpers.stop()
        assert stream is not None  # still bound: nothing closed it
    (exchange,) = recorded()["exchanges"]
    assert exchange["response"]["cut"] is True
    assert len(exchange["response"]["events"]) == 1


def test_exchanges_are_stored_in_the_order_of_sending(record: Callable, recorded: Callable) -> None:
    slow = Canned(events=[event("slow"), "data: [DONE]"], gate=threading.Semaphore(0))
    quick = Canned(events=[event("quick"), "data: [DONE]"])

    async def ask(ours: Any, name: str) -> None:
        async for _ in await ours.chat.completions.create(**hello(name), stream=True):
            pass

    async def both() -> None:
        ours = async_client()
        first = asyncio.create_task(ask(ours, "slow"))
        while not slow.asked:  # until the server has the first request
            await asyncio.sleep(0.01)
        await ask(ours, "quick")
        slow.gate.release(2)
        await first

    with serve([slow, quick]) as url:
        record(url)
        asyncio.run(both())
        helpers.stop()
    assert [e["request"]["body"]["messages"][0]["content"] for e in recorded()["exchanges"]] == ["slow", "quick"]


def test_a_failure_is_recorded_and_replayed(
    record: Callable, recorded: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serve([Canned(events=[event("late")], gate=threading.Semaphore(0))]) as url:
        record(url)
        with pytest.raises(Exception, match="imed out"):
            list(client(timeout=0.2, max_retries=0).chat.completions.create(**hello(), stream=True))
        helpers.stop()
    response = recorded()["exchanges"][0]["response"]
    assert response.get("failure") == "ReadTimeout" or response.get("cut")
    record("http://127.0.0.1:9")
    with pytest.raises(openai.APIConnectionError):
        client(max_retries=0).chat.completions.create(**hello())
    helpers.stop()
    assert recorded()["exchanges"][0]["response"]["failure"] == "ConnectError"
    monkeypatch.setenv("COOKBOOK_MODE", "ci")
    helpers.start(LESSON)
    with pytest.raises(openai.APIConnectionError):
        client(max_retries=0).chat.completions.create(**hello())


@pytest.mark.skipif(sys.platform == "win32", reason="a process cannot be killed by signal there")
def test_a_kill_in_mid_recording_leaves_the_old_file_whole(recorded: Callable, tmp_path: Path) -> None:
    folder = tmp_path / "recordings"
    recording.Recording(LESSON, "standin", "2026-11-22").save(folder / f"{LESSON}.json")
    before = (folder / f"{LESSON}.json").read_bytes()
    with serve([five(released=2)]) as url:
        code = (
            "import pathlib, helpers.replay.recording as r, helpers, os, openai\n"
            f"r.FOLDER = pathlib.Path({str(folder)!r})\n"
            f"helpers.start({LESSON!r})\n"
            "c = openai.OpenAI(base_url='https://openrouter.ai/api/v1', api_key=os.environ['OPENROUTER_API_KEY'])\n"
            f"for chunk in c.chat.completions.create(**{hello()!r}, stream=True):\n"
            "    print(chunk.choices[0].delta.content, flush=True)\n"
        )
        settings = {**os.environ, "COOKBOOK_MODE": "record", "COOKBOOK_RECORD_FROM": url}
        child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=settings)
        assert child.stdout is not None
        assert any(line.strip() == "e1" for line in child.stdout), "the child ended before its second event"
        child.send_signal(signal.SIGKILL)
        child.wait(10)
        child.stdout.close()
    assert (folder / f"{LESSON}.json").read_bytes() == before
    assert sorted(p.name for p in folder.iterdir()) == [f"{LESSON}.json"]


def test_recording_from_the_stand_in_over_http_says_so_and_replays(
    record: Callable, recorded: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Server(speed=0).serving() as server:
        record(server.url.removesuffix("/api/v1"))
        live = client().chat.completions.create(**hello("anything", max_tokens=50))
        assert text_of(client().chat.completions.create(**hello("anything", max_tokens=50), stream=True))
        helpers.stop()
    made = recorded()
    assert made["source"] == "standin"
    assert made["recorded"] == "2026-11-22"
    assert len(made["exchanges"]) == 2
    monkeypatch.setenv("COOKBOOK_MODE", "ci")
    helpers.start(LESSON)
    assert client().chat.completions.create(**hello("anything", max_tokens=50)).id == live.id


def test_two_recordings_from_the_stand_in_are_the_same_bytes(
    recorded: Callable, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("COOKBOOK_MODE", "record")
    monkeypatch.setenv("COOKBOOK_RECORD_FROM", "standin")
    monkeypatch.setenv("COOKBOOK_SPEED", "0")
    made = []
    for _ in range(2):
        helpers.start(LESSON)
        client().chat.completions.create(**hello("a", max_tokens=50))
        text_of(client().chat.completions.create(**hello("a", max_tokens=50), stream=True))
        helpers.stop()
        made.append((tmp_path / "recordings" / f"{LESSON}.json").read_bytes())
    assert made[0] == made[1]


def use_a_made_key() -> tuple[Any, str]:
    """What a lesson does that makes keys: a client with the new key, and what its first answer says."""
    from openai import OpenAI

    manager = OpenAI(base_url="https://openrouter.ai/api/v1", api_key=os.environ["OPENROUTER_MANAGEMENT_KEY"])
    made = manager.post("/keys", body={"name": "ada", "limit": 1}, cast_to=object)
    ada = OpenAI(base_url="https://openrouter.ai/api/v1", api_key=made["key"])
    return ada, ada.chat.completions.create(**hello("made", max_tokens=50)).choices[0].message.content


@pytest.mark.parametrize("over_http", [False, True])
def test_a_key_that_a_lesson_makes_is_in_no_recording_and_works_again_when_it_is_replayed(
    record: Callable, recorded: Callable, monkeypatch: pytest.MonkeyPatch, over_http: bool
) -> None:
    monkeypatch.setenv("OPENROUTER_MANAGEMENT_KEY", "sk-or-v1-management-of-a-person")
    with Server(speed=0).serving() as server:
        record(server.url.removesuffix("/api/v1") if over_http else "standin")
        ada, said = use_a_made_key()
        helpers.stop()
    made = recorded()
    assert ada.api_key not in str(made) and "of-a-person" not in str(made)
    digest = made["exchanges"][0]["response"]["body"]["data"]["hash"]
    assert [e["request"].get("key") for e in made["exchanges"]] == ["management", digest]
    monkeypatch.setenv("COOKBOOK_MODE", "ci")
    helpers.start(LESSON)
    assert use_a_made_key()[1] == said


def test_a_replayed_key_asks_something_that_was_not_recorded(
    record: Callable, recorded: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    from openai import OpenAI

    record("standin")
    use_a_made_key()
    digest = next(iter(current().state.keys))
    manager = OpenAI(base_url="https://openrouter.ai/api/v1", api_key=os.environ["OPENROUTER_MANAGEMENT_KEY"])
    manager.delete(f"/keys/{digest}", cast_to=object)
    helpers.stop()
    monkeypatch.setenv("COOKBOOK_MODE", "replay")
    helpers.start(LESSON)
    manager = OpenAI(base_url="https://openrouter.ai/api/v1", api_key=os.environ["OPENROUTER_MANAGEMENT_KEY"])
    other = manager.post("/keys", body={"name": "another"}, cast_to=object)  # before ada's is replayed
    ada, _ = use_a_made_key()
    assert ada.chat.completions.create(**hello("other", max_tokens=50)).usage.cost > 0
    assert ada.get("/key", cast_to=object)["data"]["limit"] == 1
    ben = OpenAI(base_url="https://openrouter.ai/api/v1", api_key=other["key"])
    assert ben.get("/key", cast_to=object)["data"]["limit"] is None
    manager.delete(f"/keys/{digest}", cast_to=object)
    with pytest.raises(openai.AuthenticationError):
        ada.chat.completions.create(**hello("one more", max_tokens=50))


def test_replayed_keys_behave_as_what_was_done_to_them(
    record: Callable, recorded: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Spent, changed, made beside, deleted: what no recording knows comes from the stand-in, which followed the rest."""
    from openai import OpenAI

    figures = ("limit", "limit_remaining", "usage", "usage_daily")

    def manage() -> Any:
        return OpenAI(base_url="https://openrouter.ai/api/v1", api_key=os.environ["OPENROUTER_MANAGEMENT_KEY"])

    def rows() -> dict[str, Any]:
        return {row["name"]: row for row in manage().get("/keys", cast_to=object)["data"]}

    record("standin")
    use_a_made_key()
    digest = rows()["ada"]["hash"]
    manage().patch(f"/keys/{digest}", body={"limit": 3}, cast_to=object)
    recorded_list = rows()
    manage().delete(f"/keys/{digest}", cast_to=object)
    helpers.stop()
    assert "ada" in str(recorded())
    monkeypatch.setenv("COOKBOOK_MODE", "replay")
    helpers.start(LESSON)
    ada, _ = use_a_made_key()
    assert rows()["ada"]["limit"] == 1
    manage().patch(f"/keys/{digest}", body={"limit": 3}, cast_to=object)
    row = rows()["ada"]
    assert {name: row[name] for name in figures} == {name: recorded_list["ada"][name] for name in figures}
    manage().post("/keys", body={"name": "ben"}, cast_to=object)  # not recorded
    known = rows()
    assert known.keys() == {"ada", "ben"} and known["ada"]["limit"] == 3
    assert known["ada"]["usage"] == pytest.approx(recorded_list["ada"]["usage"])
    manage().delete(f"/keys/{digest}", cast_to=object)
    assert rows().keys() == {"ben"}
    with pytest.raises(openai.AuthenticationError):  # although this very question is recorded, with an answer
        ada.chat.completions.create(**hello("made", max_tokens=50))


def test_a_replayed_key_is_answered_and_refused_as_it_is_now(record: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    """Refusals and answers are both recorded; which one comes depends on the key, not on the order of the recording."""
    from openai import OpenAI

    def manage() -> Any:
        return OpenAI(base_url="https://openrouter.ai/api/v1", api_key=os.environ["OPENROUTER_MANAGEMENT_KEY"])

    record("standin")
    ada, _ = use_a_made_key()
    digest = next(iter(current().state.keys))
    manage().delete(f"/keys/{digest}", cast_to=object)
    with pytest.raises(openai.AuthenticationError):
        ada.get("/key", cast_to=object)
    helpers.stop()
    monkeypatch.setenv("COOKBOOK_MODE", "replay")
    helpers.start(LESSON)
    ada, said = use_a_made_key()
    assert ada.get("/key", cast_to=object)["data"]["limit"] == 1  # recorded is the 401 after the end
    manage().patch(f"/keys/{digest}", body={"disabled": True}, cast_to=object)
    with pytest.raises(openai.AuthenticationError):
        ada.chat.completions.create(**hello("made", max_tokens=50))
    manage().patch(f"/keys/{digest}", body={"disabled": False, "limit": 0}, cast_to=object)
    with pytest.raises(openai.APIStatusError) as refused:
        ada.with_options(max_retries=0).chat.completions.create(**hello("made", max_tokens=50))
    assert refused.value.status_code in (402, 403)
    manage().delete(f"/keys/{digest}", cast_to=object)
    with pytest.raises(openai.NotFoundError):
        manage().delete(f"/keys/{digest}", cast_to=object)
    again, said_again = use_a_made_key()  # the same recorded key, as another text
    assert said_again == said and again.api_key != ada.api_key
    with pytest.raises(openai.AuthenticationError):
        ada.chat.completions.create(**hello("made", max_tokens=50))


def test_recording_without_a_key_from_openrouter_says_where_to_get_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COOKBOOK_MODE", "record")
    with pytest.raises(helpers.SettingError, match="settings/keys"):
        helpers.start(LESSON)


def test_a_recording_is_not_overwritten_with_nothing(
    recorded: Callable, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    made = recording.Recording(
        LESSON, "standin", "2026-11-22", "", [{"request": {"method": "GET", "path": "/x"}, "response": completion()}]
    )
    made.save(recording.FOLDER / f"{LESSON}.json")
    monkeypatch.setenv("COOKBOOK_MODE", "record")
    monkeypatch.setenv("COOKBOOK_RECORD_FROM", "standin")
    helpers.start(LESSON)
    helpers.start(LESSON)
    helpers.stop()
    assert len(recorded()["exchanges"]) == 1
    assert "stays as it is" in capsys.readouterr().out


def test_a_line_that_drops_in_mid_stream_is_replayed_as_a_dropped_line(
    recorded: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    canned = Canned(events=[event("one")], drops=True)
    with serve([canned]) as url:
        monkeypatch.setenv("COOKBOOK_RECORD_FROM", url)
        kinds = [_dropped(mode, monkeypatch) for mode in ("record", "ci")]
    assert kinds[0] == kinds[1]
    assert recorded()["exchanges"][0]["response"]["failure"] in ("ReadError", "RemoteProtocolError")


def _dropped(mode: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Read the stream in this mode until its line drops; the name of what is raised."""
    monkeypatch.setenv("COOKBOOK_MODE", mode)
    helpers.start(LESSON)
    got = []
    with pytest.raises(Exception) as caught:
        for chunk in client(max_retries=0).chat.completions.create(**hello(), stream=True):
            got.append(chunk.choices[0].delta.content)
    helpers.stop()
    assert got == ["one"]
    return type(caught.value).__name__


@pytest.mark.parametrize("encoding", ["br", "utf-8", "gzip, gzip"])
def test_an_encoding_that_is_not_read_is_passed_on_with_one_line(
    record: Callable, recorded: Callable, capsys: pytest.CaptureFixture, encoding: str
) -> None:
    with serve([Canned(body=completion()["body"], encoding=encoding), Canned(body=completion("two")["body"])]) as url:
        record(url)
        with contextlib.suppress(Exception):  # the SDK may not read it either; that is between the two of them
            client(max_retries=0).chat.completions.create(**hello())
        assert client().chat.completions.create(**hello("two")).choices[0].message.content == "two"
        helpers.stop()
    assert [e["request"]["body"]["messages"][0]["content"] for e in recorded()["exchanges"]] == ["two"]
    assert capsys.readouterr().err.count("does not read") == 1


def test_the_address_a_request_really_goes_to_decides_its_proxy(
    record: Callable, recorded: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")  # nothing listens there
    with serve([Canned(body=completion()["body"])] * 2) as url:
        record(url)
        assert client(max_retries=0).chat.completions.create(**hello()).id == "gen-1"
        assert asyncio.run(async_client(max_retries=0).chat.completions.create(**hello())).id == "gen-1"
        helpers.stop()
    assert {e["response"]["status"] for e in recorded()["exchanges"]} == {200}


@pytest.mark.parametrize("place", ["NamedTemporaryFile", "replace"])
def test_a_failed_save_loses_nothing_and_a_second_stop_saves(
    record: Callable, recorded: Callable, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, place: str
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    old = recording.Recording(LESSON, "standin", "2026-11-22")
    old.save(recording.FOLDER / f"{LESSON}.json")
    with serve([Canned(body=completion()["body"])]) as url:
        record(url)
        client().chat.completions.create(**hello())
        with monkeypatch.context() as patch:
            patch.setattr(layout_module.tempfile if place == "NamedTemporaryFile" else Path, place, full)
            with pytest.raises(helpers.RecordingError, match=r"No space left.*helpers\.stop\(\) again"):
                helpers.stop()
        assert recorded()["exchanges"] == []
        assert [p.name for p in recording.FOLDER.iterdir()] == [f"{LESSON}.json"]
        helpers.stop()
    assert len(recorded()["exchanges"]) == 1
