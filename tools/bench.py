"""What the course costs in time, in one run: a replayed request, the start of a lesson, the suite.

Every figure stands beside the same work done another way. `python tools/bench.py`.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from compare import clean_environment, compare_command

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
BODY = {"model": "openai/gpt-4o-mini", "messages": [{"role": "user", "content": "hi"}]}
ROUNDS, REQUESTS = 15, 40


def requests() -> None:
    """Milliseconds per request: ours, httpx2.MockTransport, vcrpy; rounds in turn, so that all see the same machine."""
    import httpx2
    import vcr
    from openai import OpenAI

    import helpers
    from helpers import recording
    from support import completion, request_of

    answer, folder = completion(), Path(tempfile.mkdtemp(prefix="bench-"))
    recording.FOLDER = folder
    recording.Recording(
        "99-bench", "standin", "2026-11-22", "", [{"request": request_of(BODY), "response": answer}]
    ).save(folder / "99-bench.json")

    def mock(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, headers=answer["headers"], json=answer["body"])

    def timed(client: OpenAI) -> float:
        began = time.perf_counter()
        for _ in range(REQUESTS):
            client.chat.completions.create(**BODY)
        return (time.perf_counter() - began) / REQUESTS * 1000

    address = {"base_url": "https://openrouter.ai/api/v1", "api_key": "any"}
    mocked = OpenAI(**address, http_client=httpx2.Client(transport=httpx2.MockTransport(mock)))
    cassette = folder / "cassette.yaml"
    cassette.write_text(_cassette(answer))

    def by_mock() -> float:
        return timed(mocked)

    def by_us() -> float:
        helpers.start("99-bench")
        try:
            return timed(OpenAI(base_url=address["base_url"], api_key=os.environ["OPENROUTER_API_KEY"]))
        finally:
            helpers.stop()

    def by_vcr() -> float:
        with vcr.use_cassette(
            str(cassette), record_mode="none", allow_playback_repeats=True, match_on=["method", "uri", "body"]
        ):
            return timed(OpenAI(**address))

    found = _in_turn({"this course": by_us, "httpx2.MockTransport": by_mock, "vcrpy": by_vcr})
    ours, other, cassettes = (statistics.median(found[n]) for n in ("this course", "httpx2.MockTransport", "vcrpy"))
    print(f"a replayed request: {ours:.3f} ms | httpx2.MockTransport {other:.3f} ms | vcrpy {cassettes:.3f} ms")
    print(
        f"  {ours / other:.2f} times MockTransport (target: at most 1.2), {ours / cassettes:.2f} times vcrpy (target: below 1)"
    )


def _in_turn(ways: dict[str, Callable[[], float]]) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {name: [] for name in ways}
    quiet = open(os.devnull, "w")  # noqa: SIM115, PTH123 (the banner of every start)
    for number in range(ROUNDS + 2):
        for name, way in ways.items():
            out, sys.stdout = sys.stdout, quiet
            try:
                taken = way()
            finally:
                sys.stdout = out
            if number >= 2:  # two rounds to warm up
                found[name].append(taken)
    return found


def _cassette(answer: dict) -> str:
    body = json.dumps(BODY, separators=(",", ":"))
    reply = json.dumps(answer["body"])
    return (
        "version: 1\ninteractions:\n- request:\n    body: " + json.dumps(body) + "\n    headers: {}\n    method: POST\n"
        "    uri: https://openrouter.ai/api/v1/chat/completions\n  response:\n    body:\n      string: " + json.dumps(reply) + "\n"
        "    headers:\n      content-type: [application/json]\n    status: {code: 200, message: OK}\n"
    )  # fmt: skip


def start() -> None:
    """Milliseconds of `import helpers; helpers.start()` beyond `import openai`, each in a fresh process."""
    code = {
        "openai": "import time; t = time.perf_counter(); import openai; print(time.perf_counter() - t)",
        "ours": "import time, openai, io, contextlib; t = time.perf_counter(); import helpers\n"
        "with contextlib.redirect_stdout(io.StringIO()): helpers.start('03-routing-options')\nprint(time.perf_counter() - t)",
    }
    found = {name: [] for name in code}
    for _ in range(9):
        for name, text in code.items():
            done = subprocess.run(
                [sys.executable, "-c", text],
                capture_output=True,
                text=True,
                check=True,
                env=clean_environment(COOKBOOK_MODE="ci"),
                cwd=ROOT,
            )
            found[name].append(float(done.stdout) * 1000)
    print(
        f"import helpers; helpers.start(): {statistics.median(found['ours']):.0f} ms beyond import openai ({statistics.median(found['openai']):.0f} ms); target: 100 ms"
    )


def suite() -> None:
    """Seconds of nbval over the lessons, beside as many notebooks that only start a kernel and import openai."""
    import nbformat

    lessons = sorted((ROOT / "notebooks").glob("*.ipynb"))
    empty = Path(tempfile.mkdtemp(prefix="bench-"))
    for path in lessons:
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("import openai")])
        notebook.metadata = nbformat.read(path, as_version=4).metadata
        nbformat.write(notebook, empty / path.name)

    def timed(paths: list[Path], where: Path) -> float:
        command = compare_command(*paths, workers=2)
        began = time.perf_counter()
        subprocess.run(
            command, check=True, stdout=subprocess.DEVNULL, env=clean_environment(COOKBOOK_MODE="ci"), cwd=where
        )
        return time.perf_counter() - began

    ours = timed(lessons, ROOT / "notebooks")
    bare = timed(sorted(empty.glob("*.ipynb")), empty)
    print(
        f"nbval over the {len(lessons)} lessons: {ours:.1f} s | as many notebooks that only import openai: {bare:.1f} s"
    )


if __name__ == "__main__":
    settings = clean_environment(COOKBOOK_MODE="ci")
    os.environ.clear()
    os.environ.update(settings)
    start()
    requests()
    suite()
