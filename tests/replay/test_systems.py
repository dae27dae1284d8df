"""Systems beside a lesson: started, watched, stopped and replayed; what cannot be done is one clear sentence."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import helpers
from clocks import PATIENCE_S
from helpers.replay.matching import NotRecorded
from helpers.session import current
from helpers.settings import SettingError
from helpers.systems import NotRunning, otlp, process, program
from support import CHAT, LESSON, completion, hello

SERVE = "import http.server, sys; http.server.HTTPServer(('127.0.0.1', int(sys.argv[1])), http.server.SimpleHTTPRequestHandler).serve_forever()"
ANSWERS = (completion("hello"),)
RUN = {"method": "RUN", "path": "clients", "host": "outside", "headers": {}, "body": {"program": "print('hi')"}}
MADE = {"printed": "hi\n", "exchanges": [{"request": {"method": "POST", "path": CHAT, "headers": {}, "body": hello()}, "response": completion("x")}]}  # fmt: skip
TAPE = [(RUN, {"status": 200, "ms": 0, "body": MADE})]


def answers(port: int) -> bool:
    with socket.socket() as line:
        return line.connect_ex(("127.0.0.1", port)) == 0


def until(state: Callable[[], bool]) -> bool:
    end = time.monotonic() + PATIENCE_S
    while not state() and time.monotonic() < end:
        time.sleep(0.05)
    return state()


def start(port: int, code: str = SERVE, patience_s: float = PATIENCE_S) -> process.Process:
    command = [sys.executable, "-c", code, str(port)]
    return process.Process("The server", command, {}, f"http://127.0.0.1:{port}", patience_s)


def test_a_server_is_up_when_it_is_started_and_gone_when_it_is_stopped() -> None:
    port = process.free_port()
    running = start(port)
    assert answers(port) and running.running
    running.stop()
    running.stop()
    assert not answers(port) and not running.running


def test_one_that_ends_says_its_last_words() -> None:
    with pytest.raises(NotRunning, match=r"The server ended before it was up: no room left"):
        start(process.free_port(), "import sys; sys.exit('no room left')")


def test_one_that_does_not_come_up_is_ended() -> None:
    with pytest.raises(NotRunning, match=r"did not come up within 0.5 s: it said nothing"):
        start(process.free_port(), "import time; time.sleep(60)", patience_s=0.5)


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_it_ends_when_its_kernel_is_killed() -> None:
    port = process.free_port()
    code = (
        "import sys, time; from helpers.systems import process\n"
        f"kept = process.Process('x', [sys.executable, '-c', {SERVE!r}, '{port}'], {{}}, 'http://127.0.0.1:{port}')\n"
        "print('up', flush=True); time.sleep(60)"
    )
    root = Path(helpers.__file__).parents[1]
    kernel = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=root)
    assert kernel.stdout.readline() == "up\n" and answers(port)
    kernel.send_signal(signal.SIGKILL)
    kernel.wait(PATIENCE_S)
    kernel.stdout.close()
    assert until(lambda: not answers(port))


def test_a_port_in_use_and_a_missing_system_are_one_sentence(
    tape: Callable, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    taken = socket.create_server(("127.0.0.1", 0))
    with taken, pytest.raises(NotRunning, match=r"Port \d+ is in use: leave the port out"):
        process.check_free(taken.getsockname()[1])
    monkeypatch.setattr(process, "ENVIRONMENTS", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("COOKBOOK_MODE", "record")
    monkeypatch.setenv("COOKBOOK_RECORD_FROM", "standin")
    helpers.start(LESSON)
    with pytest.raises(NotRunning, match=r"Phoenix is not installed: `make outside NAME=phoenix`"):
        helpers.systems.phoenix()
    with pytest.raises(NotRunning, match=r"Letta is not installed: `make outside NAME=letta`"):
        helpers.systems.letta()


def test_without_an_environment_it_is_replayed_and_says_so(
    tape: Callable, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(process, "ENVIRONMENTS", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    tape(TAPE)
    phoenix = helpers.systems.phoenix()
    assert not phoenix.real and "is replayed. To run it yourself: `make outside NAME=phoenix`" in repr(phoenix)
    assert helpers.systems.phoenix() is phoenix  # a cell that runs twice
    letta = helpers.systems.letta()
    with pytest.raises(NotRunning, match="was not asked when the lesson was recorded"):
        letta.memory()


@pytest.mark.parametrize("value", ["off", "yes"])
def test_the_setting_takes_two_words(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("COOKBOOK_SYSTEMS", value)
    with pytest.raises(SettingError, match=r"COOKBOOK_SYSTEMS takes start or replay"):
        helpers.start(LESSON)


def test_a_recorded_program_is_printed_and_its_calls_are_in_the_log(tape: Callable, capsys: Any) -> None:
    tape(TAPE, mode="ci")
    capsys.readouterr()
    program.run_cell("clients", "print('hi')\n")
    assert capsys.readouterr().out == "hi\n"
    [entry] = current().log.entries
    assert (entry.source, entry.status, entry.provider, entry.cost) == ("recorded", 200, "OpenAI", 0.25)
    with pytest.raises(NotRecorded):
        program.run_cell("clients", "print('ho')")


def test_a_changed_program_needs_its_environment(
    tape: Callable, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(process, "ENVIRONMENTS", tmp_path)
    tape(TAPE)
    with pytest.raises(NotRunning, match=r"its environment is not installed: `make outside NAME=clients`"):
        program.run_cell("clients", "print('ho')")


PROGRAM = """
import importlib.util, os, httpx
assert importlib.util.find_spec("watch") is None  # what stands beside aim.py hides nothing
answer = httpx.post("https://openrouter.ai/api/v1/chat/completions", headers={"authorization": f"Bearer {os.environ['OPENROUTER_API_KEY']}"},
    json={"model": "openai/gpt-4o-mini", "max_tokens": 9, "messages": [{"role": "user", "content": "hi"}]})
print(answer.status_code, answer.json()["provider"])
try:
    httpx.get("https://example.org")
except httpx.ConnectError:
    pass
raise SystemExit(3)
"""


def test_a_changed_program_runs_against_the_stand_in_and_reaches_nobody_else(
    tape: Callable, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Any
) -> None:
    here = tmp_path / "clients" / "bin"
    here.mkdir(parents=True)
    here.joinpath("python").symlink_to(sys.executable)
    tmp_path.joinpath("clients", "ready").touch()
    monkeypatch.setattr(process, "ENVIRONMENTS", tmp_path)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(p for p in sys.path if "site-packages" in p))
    tape(TAPE)
    capsys.readouterr()
    program.run_cell("clients", PROGRAM)
    told = capsys.readouterr().out
    assert told.startswith("200 ") and "It wanted to ask example.org, which the course does not let out." in told
    assert "Not recorded: it ran just now in the environment 'clients', against the stand-in." in told
    assert [e.source for e in current().log.entries] == ["stand-in, not recorded"]


def test_a_collector_keeps_what_arrives_without_secrets(tape: Callable) -> None:
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor

    tape([(hello(), ANSWERS[0])])
    sink = helpers.systems.collector()
    provider = TracerProvider()
    headers = {"authorization": "Basic c2VjcmV0", "api_key": "ak-secret-value", "space_id": "s"}
    provider.add_span_processor(
        SimpleSpanProcessor(OTLPSpanExporter(endpoint=f"{sink.url}/v1/traces", headers=headers))
    )
    with provider.get_tracer("x").start_as_current_span("outer") as span:
        span.set_attributes({"n": 1, "list": ["a", "b"], "flag": True})
        provider.get_tracer("x").start_span("inner").end()
    provider.shutdown()
    inner, outer = sink.spans
    assert (inner["name"], inner["parent"], outer["parent"]) == ("inner", outer["id"], None)
    assert outer["attributes"] == {"n": 1, "list": ["a", "b"], "flag": True}
    path, seen = sink.sent_to[0]
    assert path == "/v1/traces" and seen["space_id"] == "s"
    assert "secret" not in str(seen) and "c2Vj" not in str(seen)
    assert helpers.systems.collector() is sink and sink.spans == []
    assert helpers.systems.collector("another") is not sink
    helpers.stop()
    assert not sink.running


def test_a_collector_refuses_what_is_no_span(tape: Callable) -> None:
    import urllib.error
    import urllib.request

    tape([(hello(), ANSWERS[0])])
    sink = helpers.systems.collector()
    with pytest.raises(urllib.error.HTTPError, match="400"):
        urllib.request.urlopen(urllib.request.Request(f"{sink.url}/v1/traces", data=b"\xff\xfenonsense"), timeout=5)
    assert sink.spans == [] and isinstance(sink, otlp.Collector)
