"""The stand-in over HTTP: the SDK pointed at it, events sent when they are due, odd and broken requests, the command."""

from __future__ import annotations

import http.client
import json
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import openai
import pytest

from clocks import PATIENCE_S, HeldClock
from openrouter_standin import StandIn
from openrouter_standin.body import LARGEST
from openrouter_standin.server import Server
from support import CHAT, hello, text_of

BODY = {"model": "openai/gpt-4o-mini", "max_tokens": 9, "messages": [{"role": "user", "content": "Hi"}]}
JSON = json.dumps(BODY).encode()


@contextmanager
def running(**options: Any) -> Iterator[Server]:
    with Server(**options).serving() as server:
        yield server


@pytest.fixture
def server() -> Iterator[Server]:
    with running(speed=0) as server:
        yield server


def exchange(server: Server, raw: bytes) -> bytes:
    """Send raw bytes on a new connection, and read until the server closes it."""
    with socket.create_connection(server.server_address[:2], timeout=PATIENCE_S) as line:
        line.sendall(raw)
        answer = b""
        while data := line.recv(65536):
            answer += data
        return answer


def post(body: bytes = JSON, *lines: str, version: str = "1.1", close: bool = True) -> bytes:
    """A chat request as it stands on the wire."""
    given = [line.lower() for line in lines]
    head = [f"POST {CHAT} HTTP/{version}", "Host: x", "Authorization: Bearer sk-or-any", *lines]
    if not any(line.startswith(("content-length", "transfer-encoding")) for line in given):
        head.append(f"Content-Length: {len(body)}")
    if close:
        head.append("Connection: close")
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def status_of(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def test_the_sdk_speaks_to_it_and_events_are_sent_when_they_are_due() -> None:
    clock = HeldClock()
    with running(speed=1, now=clock.now, sleep=clock.sleep) as server:
        client = openai.OpenAI(base_url=server.url, api_key="sk-or-any")
        request = {**hello("Hi", model="z-ai/glm-5.3-flash"), "extra_body": {"provider": {"only": ["modal"]}}}
        last = list(client.chat.completions.create(**request, max_tokens=60, stream=True))[-1]
        assert last.usage.cost > 0
        assert 0.25 <= clock.waits[0] <= 0.373  # the first comment or the time to first token of the dated figures
        assert len(clock.waits) > 20 and all(0 < pause < 0.2 for pause in clock.waits[2:])
        before = clock.now()
        assert client.chat.completions.create(**request, max_tokens=60).provider == "Modal"
        assert clock.now() - before == pytest.approx(before, rel=0.2)  # the same answer takes about as long whole


def test_many_readers_at_once(server: Server) -> None:
    client = openai.OpenAI(base_url=server.url, api_key="sk-or-any")

    def read(number: int) -> str:
        return text_of(client.chat.completions.create(**hello(f"question {number}", max_tokens=60), stream=True))

    with ThreadPoolExecutor(8) as pool:
        texts = list(pool.map(read, range(24)))
    assert all(t.startswith("No model wrote this.") for t in texts)


def test_errors_keys_and_a_reader_who_hangs_up(server: Server) -> None:
    client = openai.OpenAI(base_url=server.url, api_key="sk-or-any", max_retries=0)
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


def test_a_fault_ends_after_its_attempts_and_a_bad_one_is_a_400(server: Server) -> None:
    once = "X-Standin-Faults: " + json.dumps({"status": 503, "for_attempts": 1})
    assert [status_of(exchange(server, post(JSON, once))) for _ in range(3)] == [503, 200, 200]
    for wrong in ("[" * 20_000, '{"down": "grok"}', '{"no_such_fault": 1}', "5"):
        assert status_of(exchange(server, post(JSON, f"X-Standin-Faults: {wrong}"))) == 400


def test_head_is_get_without_a_body_and_options_lets_a_browser_ask(server: Server) -> None:
    answer = exchange(server, b"HEAD /api/v1/models/count HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    head, _, body = answer.partition(b"\r\n\r\n")
    assert status_of(answer) == 200 and b"content-length" in head.lower() and body == b""
    answer = exchange(server, b"OPTIONS /api/v1/models HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert status_of(answer) == 204
    assert b"access-control-expose-headers: *" in exchange(server, post()).lower()


def test_http_1_0_gets_plain_events_and_the_connection_ends_as_asked(server: Server) -> None:
    streamed = post(json.dumps({**BODY, "stream": True}).encode(), version="1.0", close=False)
    answer = exchange(server, streamed)
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"transfer-encoding" not in head.lower() and body.endswith(b"data: [DONE]\n\n")
    assert status_of(exchange(server, post())) == 200  # `exchange` ends: the server closed the connection


def test_a_connection_is_kept_and_requests_may_come_one_behind_another(server: Server) -> None:
    answer = exchange(server, post(close=False) * 20 + post())
    assert answer.count(b"HTTP/1.1 200") == 21


def test_a_body_in_chunks_is_read(server: Server) -> None:
    link = http.client.HTTPConnection(*server.server_address[:2], timeout=PATIENCE_S)
    link.request("POST", CHAT, iter([JSON[:20], JSON[20:]]), {"Authorization": "Bearer sk-or-x"}, encode_chunked=True)
    assert link.getresponse().status == 200


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (post(b"zzz\r\n", "Transfer-Encoding: chunked"), 400),
        (post(b"-5\r\nhello\r\n", "Transfer-Encoding: chunked"), 400),
        (post(b"+5\r\nhello\r\n0\r\n\r\n", "Transfer-Encoding: chunked"), 400),
        (post(b"5\r\nhelloX\r\n0\r\n\r\n", "Transfer-Encoding: chunked"), 400),
        (post(b"ffffffffffffffff\r\n", "Transfer-Encoding: chunked"), 413),
        (post(b"7fffffffffff\r\n", "Transfer-Encoding: chunked"), 413),
        (post(b"0\r\n\r\n", "Transfer-Encoding: chunked", "Content-Length: 5"), 400),
        (post(b"0\r\n\r\n", "Transfer-Encoding: gzip"), 400),
        (post(b"", "Content-Length: 99999999999"), 413),
        (post(b"", f"Content-Length: {LARGEST + 1}"), 413),
        (post(b"", "Content-Length: -1"), 400),
        (post(b"", "Content-Length: +3"), 400),
        (post(b"", "Content-Length: 1_0"), 400),
        (post(b"", "Content-Length: \u00b2"), 400),
        (post(b"", "Content-Length:"), 400),
        (b"GET /api/v1/models HTTP/3.0\r\n\r\n", 505),
        (b"GET\r\n\r\n", 400),
        (b"BREW /api/v1/models HTTP/1.1\r\nHost: x\r\n\r\n", 501),
        (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\n" + b"x: y\r\n" * 200 + b"\r\n", 431),
    ],
)
def test_broken_framing_is_refused_and_the_server_goes_on(server: Server, raw: bytes, status: int) -> None:
    answer = exchange(server, raw)
    assert status_of(answer) == status
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["error"]["code"] == status
    assert status_of(exchange(server, post())) == 200


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"a": NaN}', b"not json", b"\xff\xfe"])
def test_a_body_that_is_not_json_is_a_400(server: Server, body: bytes) -> None:
    assert status_of(exchange(server, post(body))) == 400


def test_one_slow_client_does_not_stop_the_others(server: Server) -> None:
    with socket.create_connection(server.server_address[:2]) as slow:
        slow.sendall(b"POST /api/v1/chat/completions HTTP/1.1\r\nContent-Length: 100\r\n\r\n{")  # and nothing more
        assert status_of(exchange(server, post())) == 200


def test_neither_a_key_nor_an_escape_code_reaches_the_terminal() -> None:
    lines: list[str] = []
    with running(speed=0, log=lines.append) as server:
        exchange(server, b"Authorization: Bearer sk-or-v1-0123456789\r\n\r\n")
        exchange(server, b"GET /api/v1/\x1b[31mred?key=sk-or-v1-0123456789 HTTP/1.1\r\nConnection: close\r\n\r\n")
        exchange(server, post())
    written = "\n".join(lines)
    assert "sk-or" not in written and "\x1b" not in written
    assert f"POST {CHAT} 200" in lines


def command(*options: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "openrouter_standin", *options],
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (["--host", "0.0.0.0"], "--anywhere"),
        (["--host", "no-such-host.invalid", "--anywhere"], "no-such-host.invalid"),
        (["--port", "70000"], "65535"),
        (["--port", "-1"], "--port"),
        (["--port", "x"], "65535"),
        (["--speed", "nan"], "--speed"),
        (["--speed", "-1"], "--speed"),
        (["--script", "no-such-file.toml"], "no-such-file.toml"),
        (["--script", sys.executable], "is not a script"),
    ],
)
def test_an_option_that_cannot_be_had_is_one_sentence_and_status_2(options: list[str], named: str) -> None:
    done = command("--port", "0", *options) if "--port" not in options else command(*options)
    assert done.returncode == 2
    assert named in done.stderr.splitlines()[-1] and "Traceback" not in done.stderr


def test_a_port_in_use_is_one_sentence_and_status_2() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = command("--port", str(taken.getsockname()[1]))
    assert done.returncode == 2
    assert "in use" in done.stderr.splitlines()[-1] and "Traceback" not in done.stderr


def test_a_latency_holds_for_whole_answers_and_refusals_in_place_of_the_pace() -> None:
    clock = HeldClock()
    with running(speed=1, latency=0.6, now=clock.now, sleep=clock.sleep) as server:
        assert status_of(exchange(server, post())) == 200
        assert status_of(exchange(server, post(b'{"model": "no/such", "messages": []}'))) == 400
    assert clock.waits == [pytest.approx(0.6)] * 2
    with pytest.raises(ValueError, match="latency takes seconds"):
        Server(latency=-1)


def test_a_connection_that_a_client_keeps_ends_with_the_server() -> None:
    with StandIn() as standin:
        host, _, port = standin.url.removeprefix("http://").partition("/")[0].partition(":")
        kept = socket.create_connection((host, int(port)), timeout=10)
        kept.sendall(b"GET /api/v1/models/count HTTP/1.1\r\nHost: x\r\n\r\n")
        assert kept.recv(100).startswith(b"HTTP/1.1 200")
    while kept.recv(4096):  # what was still on its way, and then the end
        pass
    kept.close()
