"""Judges from outside, each suite as one process in an environment of its own, because of what they pin.

`python tools/outside.py` makes the environments; without them the tests are skipped in one line, in CI they fail.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable

import pytest

from notebooks import ROOT
from outside import python_of

PLAIN = ["-o", "addopts=", "-p", "no:cacheprovider", "-q", "--tb=short", "-W", "ignore::DeprecationWarning"]
# LangChain's: tests of `async def` in one event loop (ChatOpenAI keeps its connections), nothing measured or traced.
LANGCHAIN = [
    *("-o", "asyncio_mode=auto", "-o", "asyncio_default_test_loop_scope=session"),
    *("-o", "asyncio_default_fixture_loop_scope=session"),
    *("-p", "no:langsmith_plugin", "--benchmark-disable", "--allow-hosts=127.0.0.1,::1"),
]
SUITES = {
    "the official SDK and llm": ("sdk", [], "sdk_and_llm.py"),
    "recordings against the official models": ("sdk", [], "validation.py"),
    "LangChain's suite": ("langchain", LANGCHAIN, "langchain_suite.py"),
}


@pytest.mark.parametrize("name", SUITES)
def test_suite(name: str, record_property: Callable[[str, str], None]) -> None:
    environment, options, file = SUITES[name]
    python = python_of(environment)
    if not python.exists() and not os.environ.get("COOKBOOK_EVERYTHING"):
        pytest.skip("no environments for outside clients here: python tools/outside.py makes them")
    command = [str(python), "-m", "pytest", *PLAIN, *options, f"tests/outside/{file}"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-1000:]
    for line in done.stdout.strip().splitlines():
        if line.startswith("validated"):
            record_property("summary", line)
    record_property("summary", f"{name}: {done.stdout.strip().splitlines()[-1].strip('= ')}")
