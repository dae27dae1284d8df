"""The layer under the SDK: a replayed request, the lateness of replayed events, a huge event, texts that are slow to scrub."""

from __future__ import annotations

import json
import os
import statistics
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .turns import medians_in_turn

BODY = {"model": "openai/gpt-4o-mini", "messages": [{"role": "user", "content": "hi"}]}
ADDRESS = {"base_url": "https://openrouter.ai/api/v1", "api_key": "any"}
REQUESTS, ROUNDS = 20, 60
EVENTS, GAP_MS = 100, 20
HUGE = 16 * 1024 * 1024
LIVE_KEY = "sk-or-v1-" + "ab12" * 16


def main() -> None:
    """Print the four figures."""
    a_request()
    events()
    a_huge_event()
    slow_texts()


def a_request() -> None:
    """Milliseconds of CPU per request: ours, httpx2.MockTransport, vcrpy."""
    import httpx2
    import vcr
    from openai import OpenAI

    from support import completion

    answer = completion()
    mock = httpx2.MockTransport(lambda request: httpx2.Response(200, headers=answer["headers"], json=answer["body"]))
    mocked = OpenAI(**ADDRESS, http_client=httpx2.Client(transport=mock))
    cassette = Path(tempfile.mkdtemp(prefix="bench-")) / "cassette.yaml"
    cassette.write_text(_cassette(answer))

    def by_us() -> float:
        with _replayed(answer):
            return _timed(OpenAI(base_url=ADDRESS["base_url"], api_key=os.environ["OPENROUTER_API_KEY"]))

    def by_vcr() -> float:
        matched = {"record_mode": "none", "allow_playback_repeats": True, "match_on": ["method", "uri", "body"]}
        with vcr.use_cassette(str(cassette), **matched):
            return _timed(OpenAI(**ADDRESS))

    ways = {"ours": by_us, "mock": lambda: _timed(mocked), "vcr": by_vcr}
    found = medians_in_turn(ways, rounds=ROUNDS)
    ours, other = found["ours"], found["mock"]
    print(f"a replayed request: {ours:.3f} ms | httpx2.MockTransport {other:.3f} ms | vcrpy {found['vcr']:.3f} ms")
    print(f"  {ours / other:.2f} times MockTransport (target: at most 1.15)")


def _timed(client: Any) -> float:
    began = time.process_time()
    for _ in range(REQUESTS):
        client.chat.completions.create(**BODY)
    return (time.process_time() - began) / REQUESTS * 1000


@contextmanager
def _replayed(answer: Any, speed: str = "0") -> Any:
    """A lesson whose recording has this one answer."""
    import helpers
    from helpers.replay import recording
    from support import request_of

    recording.FOLDER = Path(tempfile.mkdtemp(prefix="bench-"))
    sent = request_of(BODY | ({"stream": True} if "events" in answer else {}))
    made = recording.Recording("99-bench", "standin", "2026-11-22", "", [{"request": sent, "response": answer}])
    made.save(recording.FOLDER / "99-bench.json")
    mode = "ci" if speed == "0" else "replay"
    os.environ |= {"COOKBOOK_MODE": mode, "COOKBOOK_SPEED": speed}
    helpers.start("99-bench")
    try:
        yield
    finally:
        helpers.stop()
        os.environ["COOKBOOK_MODE"] = "ci"


def _cassette(answer: Any) -> str:
    body, reply = json.dumps(BODY, separators=(",", ":")), json.dumps(answer["body"])
    return (
        "version: 1\ninteractions:\n- request:\n    body: " + json.dumps(body) + "\n    headers: {}\n    method: POST\n"
        "    uri: https://openrouter.ai/api/v1/chat/completions\n  response:\n    body:\n      string: " + json.dumps(reply) + "\n"
        "    headers:\n      content-type: [application/json]\n    status: {code: 200, message: OK}\n"
    )  # fmt: skip


def events() -> None:
    """How late a reader sees the events of a replayed stream, at the recorded pace."""
    import httpx2
    from openai import OpenAI

    from support import streamed

    offsets = tuple(range(200, 200 + EVENTS * GAP_MS, GAP_MS))
    sent: list[float] = []
    hooks = {"request": [lambda request: sent.append(time.perf_counter())]}
    late: list[float] = []
    with _replayed(streamed(offsets), speed="1"):
        client = OpenAI(
            base_url=ADDRESS["base_url"],
            api_key=os.environ["OPENROUTER_API_KEY"],
            http_client=httpx2.Client(event_hooks=hooks, timeout=60),
        )
        for _ in range(2):  # the first time loads what the SDK loads late
            late.clear()
            for at, _ in zip(offsets, client.chat.completions.create(**BODY, stream=True), strict=False):
                late.append((time.perf_counter() - sent[-1]) * 1000 - at)
    middle = statistics.median(late)
    print(
        f"replayed events: {middle:.1f} ms after their time since sending, in the median of {len(late)} (target: at most 2)"
    )


def a_huge_event() -> None:
    """Seconds for a stream with an event of 16 MB, bare and listened to."""
    from openai import OpenAI

    import helpers
    from canned import Canned, serve
    from helpers.replay import recording

    recording.FOLDER = Path(tempfile.mkdtemp(prefix="bench-"))

    chunk = {"id": "gen-1", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    data = json.dumps({**chunk, "choices": [{"index": 0, "delta": {"content": "x" * HUGE}}]})

    def read(url: str) -> float:
        client = OpenAI(base_url=url, api_key=LIVE_KEY, max_retries=0)
        began = time.perf_counter()
        for _ in client.chat.completions.create(**BODY, max_tokens=9, stream=True):
            pass
        return time.perf_counter() - began

    def bare() -> float:
        with serve([Canned(events=[f"data: {data}", "data: [DONE]"])]) as url:
            return read(f"{url}/api/v1")

    def listened() -> float:
        with serve([Canned(events=[f"data: {data}", "data: [DONE]"])]) as url:
            os.environ |= {"COOKBOOK_MODE": "record", "COOKBOOK_RECORD_FROM": url}
            helpers.start("99-bench")
            try:
                return read(ADDRESS["base_url"])
            finally:
                helpers.stop()
                os.environ["COOKBOOK_MODE"] = "ci"
                del os.environ["COOKBOOK_RECORD_FROM"]

    found = medians_in_turn({"bare": bare, "listened": listened}, rounds=11, warm_up=1)
    ratio = found["listened"] / found["bare"]
    print(f"an event of 16 MB: {found['listened']:.2f} s | bare {found['bare']:.2f} s")
    print(f"  {ratio:.2f} times bare (target: at most 1.2)")


def slow_texts() -> None:
    """Seconds to scrub texts on which careless patterns take for ever, beside an ordinary text of the same length."""
    from helpers.replay.scrub import Scrubber

    length, scrubber = 200_000, Scrubber()
    texts = {"-eyJaaaaaaaaaa": "begins like a token", "sk-" * 5: "a row of prefixes", "a" * 50: "one long word"}

    def timed(piece: str) -> float:
        text = piece * (length // len(piece))
        began = time.perf_counter()
        scrubber.value(text)
        return time.perf_counter() - began

    ordinary = "An ordinary sentence. "
    ways = {text: (lambda t=text: timed(t)) for text in (*texts, ordinary)}
    found = medians_in_turn(ways, rounds=5)
    for text, what in texts.items():
        print(f"200 KB that {what}: {found[text] * 1000:.0f} ms | ordinary {found[ordinary] * 1000:.0f} ms")
