"""Record over real HTTP on loopback: the reader is never delayed, offsets are true, nothing half is written."""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import openai
import pytest

import helpers
from helpers import recording
from helpers.standin.server import Server
from support import LESSON, async_client, client, completion, event, hello, text_of

OFFSETS = (200, 400, 600, 800, 1000)


@dataclass
class Canned:
    """One answer of the test server: a body, or events at offsets (milliseconds)."""

    body: Any = None
    events: Sequence[Sequence[Any]] = ()
    status: int = 200
    zipped: bool = False
    chunks: int = 1
    sent: list[float] = field(default_factory=list)
    asked: dict[str, str] = field(default_factory=dict)


@contextmanager
def serve(answers: list[Canned]) -> Iterator[str]:
    """A server on loopback that gives these answers in turn. Yields its address."""
    turns = iter(answers)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            began = time.monotonic()
            self.rfile.read(int(self.headers.get("content-length") or 0))
            canned = next(turns)
            canned.asked.update({k.lower(): v for k, v in self.headers.items()})
            self.send_response(canned.status)
            self.send_header("content-type", "text/event-stream" if canned.events else "application/json")
            self.send_header("set-cookie", "session=abc")
            self.send_header("cf-ray", "9f00")
            if canned.zipped:
                self.send_header("content-encoding", "gzip")
            self.send_header("transfer-encoding", "chunked")
            self.end_headers()
            try:
                for data in self._parts(canned, began):
                    self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
                    self.wfile.flush()
                self.wfile.write(b"0\r\n\r\n")
            except OSError:
                self.close_connection = True

        def _parts(self, canned: Canned, began: float) -> Iterator[bytes]:
            if not canned.events:
                data = json.dumps(canned.body).encode()
                yield gzip.compress(data) if canned.zipped else data
            packer = __import__("zlib").compressobj(wbits=31) if canned.zipped else None
            for at, text in canned.events:
                time.sleep(max(0.0, at / 1000 - (time.monotonic() - began)))
                canned.sent.append(time.monotonic())
                data = f"{text}\n\n".encode()
                if packer:
                    data = packer.compress(data) + packer.flush(__import__("zlib").Z_SYNC_FLUSH)
                size = max(1, len(data) // canned.chunks)
                yield from (data[n : n + size] for n in range(0, len(data), size))

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def record(monkeypatch: pytest.MonkeyPatch, recorded: Callable[[], dict]) -> Callable[[str], None]:
    """`record(url)` starts the lesson in record mode against that server."""

    def begin(url: str) -> None:
        monkeypatch.setenv("COOKBOOK_MODE", "record")
        monkeypatch.setenv("COOKBOOK_RECORD_FROM", url)
        helpers.start(LESSON)

    return begin


def five() -> Canned:
    return Canned(events=[*([at, event(f"e{n}")] for n, at in enumerate(OFFSETS)), [OFFSETS[-1], "data: [DONE]"]])


def check_five(arrived: list[float], canned: Canned, made: dict) -> None:
    for number, seen in enumerate(arrived[:-1]):
        assert seen < canned.sent[number + 1], f"event {number} came only after event {number + 1} was sent"
    offsets = [at for at, text in made["exchanges"][0]["response"]["events"]]
    assert len(offsets) == 6
    assert OFFSETS[0] - 20 < offsets[0] < OFFSETS[0] + 250, offsets  # the way to a busy server may take its time
    # against when each was sent, since a busy server is late itself; and a busy machine may hold up one of five
    off = sorted(abs(offsets[n] - offsets[0] - (canned.sent[n] - canned.sent[0]) * 1000) for n in range(1, 6))
    assert off[3] < 20 and off[4] < 120, (offsets, off)
    assert "cut" not in made["exchanges"][0]["response"]


def test_five_events_200_ms_apart_sync(record: Callable, recorded: Callable) -> None:
    canned = five()
    with serve([Canned(body=completion()["body"]), canned]) as url:
        record(url)
        ours = client()
        ours.chat.completions.create(**hello("warm up"))
        arrived = [time.monotonic() for _ in ours.chat.completions.create(**hello(), stream=True)]
        helpers.stop()
    made = recorded()
    made["exchanges"].pop(0)
    check_five(arrived, canned, made)


def test_five_events_200_ms_apart_async(record: Callable, recorded: Callable) -> None:
    canned = five()

    async def read() -> list[float]:
        ours = async_client()
        await ours.chat.completions.create(**hello("warm up"))
        stream = await ours.chat.completions.create(**hello(), stream=True)
        return [time.monotonic() async for _ in stream]

    with serve([Canned(body=completion()["body"]), canned]) as url:
        record(url)
        arrived = asyncio.run(read())
        helpers.stop()
    made = recorded()
    made["exchanges"].pop(0)
    check_five(arrived, canned, made)


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize("chunks", [1, 7])
def test_what_is_recorded_is_replayed_also_zipped_and_in_small_pieces(
    record: Callable, recorded: Callable, monkeypatch: pytest.MonkeyPatch, zipped: bool, chunks: int
) -> None:
    stream = Canned(
        events=[[5, ": OPENROUTER PROCESSING"], [10, event("é")], [20, event("日本")], [20, "data: [DONE]"]],
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
    with serve([five()]) as url:
        record(url)
        stream = client().chat.completions.create(**hello(), stream=True)
        next(iter(stream))
        stream.close()
        helpers.stop()
    (exchange,) = recorded()["exchanges"]
    assert exchange["response"]["cut"] is True
    assert len(exchange["response"]["events"]) == 1


def test_a_break_without_close_is_finished_by_stop(record: Callable, recorded: Callable) -> None:
    with serve([five()]) as url:
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
    slow, quick = (
        Canned(events=[[300, event("slow")], [300, "data: [DONE]"]]),
        Canned(events=[[5, event("quick")], [5, "data: [DONE]"]]),
    )

    async def ask(ours: Any, name: str, wait: float) -> None:
        await asyncio.sleep(wait)
        async for _ in await ours.chat.completions.create(**hello(name), stream=True):
            pass

    async def both() -> None:
        ours = async_client()
        await asyncio.gather(ask(ours, "slow", 0), ask(ours, "quick", 0.1))

    with serve([slow, quick]) as url:
        record(url)
        asyncio.run(both())
        helpers.stop()
    assert [e["request"]["body"]["messages"][0]["content"] for e in recorded()["exchanges"]] == ["slow", "quick"]


def test_a_failure_is_recorded_and_replayed(
    record: Callable, recorded: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serve([Canned(events=[[2000, event("late")]])]) as url:
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
    with serve([five()]) as url:
        code = (
            "import pathlib, helpers.recording as r, helpers, os, openai\n"
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
    with Server(speed=0) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        record(server.url.removesuffix("/api/v1"))
        live = client().chat.completions.create(**hello("anything", max_tokens=50))
        assert text_of(client().chat.completions.create(**hello("anything", max_tokens=50), stream=True))
        helpers.stop()
        server.shutdown()
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


def test_recording_without_a_key_from_openrouter_says_where_to_get_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COOKBOOK_MODE", "record")
    with pytest.raises(helpers.SettingError, match="settings/keys"):
        helpers.start(LESSON)
