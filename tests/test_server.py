"""The stand-in over HTTP: the SDK pointed at it directly, events flushed one by one, many readers, loopback only."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import openai
import pytest

from helpers.standin.server import Server
from support import hello, text_of


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(speed=1) as running:
        threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield running
        running.shutdown()


def test_the_sdk_speaks_to_it_and_a_stream_comes_piece_by_piece(server: Server) -> None:
    client = openai.OpenAI(base_url=server.url, api_key="any")
    request = {
        **hello("Name one use of routing.", model="z-ai/glm-5.3-flash"),
        "max_tokens": 60,
        "extra_body": {"provider": {"only": ["modal"]}},
    }
    began, seen = time.monotonic(), []
    for chunk in client.chat.completions.create(**request, stream=True):
        seen.append(time.monotonic() - began)
        last = chunk
    assert last.usage.cost > 0
    assert 0.3 < seen[0] < 0.6
    assert seen[-1] - seen[0] > 0.1
    assert client.chat.completions.create(**request).provider == "Modal"


def test_many_readers_at_once(server: Server) -> None:
    server.speed = 0
    client = openai.OpenAI(base_url=server.url, api_key="any")

    def read(number: int) -> str:
        return text_of(client.chat.completions.create(**hello(f"question {number}", max_tokens=60), stream=True))

    with ThreadPoolExecutor(8) as pool:
        texts = list(pool.map(read, range(24)))
    assert all(t.startswith("No model wrote this.") for t in texts)


def test_errors_keys_and_a_reader_who_hangs_up(server: Server) -> None:
    client = openai.OpenAI(base_url=server.url, api_key="any", max_retries=0)
    with pytest.raises(openai.BadRequestError, match="not a valid model ID"):
        client.chat.completions.create(**hello(model="no/such"))
    server.key = "the-only-one"
    with pytest.raises(openai.AuthenticationError):
        client.chat.completions.create(**hello())
    server.key = None
    stream = client.chat.completions.create(**hello(max_tokens=60), stream=True)
    next(iter(stream))
    stream.close()
    assert client.models.list().data
    with urllib.request.urlopen(server.url + "/models/z-ai/glm-5.3-flash/endpoints") as answer:
        assert answer.headers["server"].startswith("openrouter-standin")


def test_it_does_not_bind_beyond_this_machine_unless_told() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "helpers.standin", "--host", "0.0.0.0", "--port", "0"],
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert done.returncode == 2
    assert "--anywhere" in done.stderr


def test_a_fault_that_ends_and_requests_that_are_odd() -> None:
    with Server(speed=0) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        body = {"model": "openai/gpt-4o-mini", "max_tokens": 9, "messages": [{"role": "user", "content": "Hi"}]}

        def status(method: str, path: str, data: bytes | None, **headers: str) -> int:
            link = http.client.HTTPConnection(*server.server_address, timeout=10)
            link.request(method, path, data, {"Authorization": "Bearer x", **headers})
            return link.getresponse().status

        once = {"X-Standin-Weather": json.dumps({"status": 503, "for_attempts": 1})}
        asked = json.dumps(body).encode()
        assert [status("POST", "/api/v1/chat/completions", asked, **once) for _ in range(3)] == [503, 200, 200]
        assert status("POST", "/api/v1/chat/completions", asked, **{"X-Standin-Weather": "[" * 20_000}) == 400
        assert status("POST", "/api/v1/chat/completions", b"[" * 100_000) == 400
        assert status("OPTIONS", "/api/v1/chat/completions", None) == 204
        link = http.client.HTTPConnection(*server.server_address, timeout=10)
        link.request(
            "POST",
            "/api/v1/chat/completions",
            iter([asked[:20], asked[20:]]),
            {"Authorization": "Bearer x"},
            encode_chunked=True,
        )
        assert link.getresponse().status == 200
        server.shutdown()
