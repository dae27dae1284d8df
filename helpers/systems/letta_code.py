"""Letta Code in local mode for a lesson: its server and its commands, with the stand-in as its OpenRouter; or a replay.

It lives in a home of its own, so that a reader's agents and keys stay untouched. Tried with letta 0.34.12 (November 2026),
which brings its own Node and needs git.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from openrouter_standin import State

from ..replay.scrub import FAKE_KEY
from ..session import RECORDED, STANDIN_NOW, current
from .offline_openrouter import OfflineOpenRouter
from .process import NotRunning, Process, free_port
from .system import System

MODEL = "openrouter/openai/gpt-4o-mini"
PATIENCE_S = 120
SHORTENED = 300
"""Characters of a message that are kept: one request of Letta's has 100,000."""


class Letta(System):
    """One agent, its memory, and what it sends."""

    title, environment, size = "Letta", "letta", "one package, 279 MB"

    def __init__(self) -> None:
        super().__init__()
        self._agent, self._in_log = "", 0
        self._process, self._stopped = None, False
        if not self.real:
            return
        if shutil.which("git") is None:
            raise NotRunning("Letta keeps its memory in git, and git is not installed.")
        self._folder = tempfile.TemporaryDirectory(prefix="letta-", ignore_cleanup_errors=True)
        self._openrouter = OfflineOpenRouter(State(script=current().state.script), _shortened)
        try:
            self._letta("connect", "openrouter", "--base-url", self._openrouter.url, "--api-key", FAKE_KEY)
            version = self._letta("--version").split()[0]
        except BaseException:
            self._openrouter.stop()
            raise
        current().runs_here("127.0.0.1", f"Letta {version}")

    @property
    def url(self) -> str:
        """The base_url of its OpenAI-compatible server, where each agent is a model. It starts when this is first asked: it
        knows the agents that exist by then."""
        if not self.real:
            return "http://127.0.0.1:4500/v1"
        if self._process is None:
            port = free_port()
            self._url = f"http://127.0.0.1:{port}/v1"
            serve = ["--backend", "local", "server", "--listen", f"ws://127.0.0.1:{port}", "--openai-api"]
            command = [self.command, *serve]
            self._process = Process("Letta", command, self._settings, f"{self._url}/models", PATIENCE_S)
        return self._url

    @property
    def _settings(self) -> dict[str, str]:
        return {"HOME": self._folder.name, "DO_NOT_TRACK": "1", "NO_COLOR": "1"}

    @property
    def running(self) -> bool:
        return not self._stopped and (self._process is None or self._process.running)

    def stop(self) -> None:
        """End it and forget its agents. Twice is harmless."""
        if self.real and not self._stopped:
            if self._process:
                self._process.stop()
            self._openrouter.stop()
            self._folder.cleanup()
        self._stopped = True

    def ask(self, prompt: str, *options: str) -> dict[str, Any]:
        """One prompt in a new conversation, as `letta -p` does it; the first makes the agent. Returns what it prints as
        JSON."""
        return json.loads(self._told(("-p", prompt, *options), lambda: self._ask(prompt, options)))

    def _ask(self, prompt: str, options: tuple[str, ...]) -> str:
        new = ("--new-agent", "--personality", "blank", "--no-skills", "-m", MODEL)
        who = ("--agent", self._agent, "--new") if self._agent else new
        printed = self._letta(*who, *options, "--output-format", "json", "-p", prompt)
        self._agent = json.loads(printed)["agent_id"]
        return printed

    def memory(self) -> dict[str, str]:
        """The memory of the agent: its files, by name."""
        return json.loads(self._told(("memory",), self._read_memory))

    def _read_memory(self) -> str:
        files = Path(self._folder.name).glob(".letta/lc-local-backend/memfs/*/memory/*.md")
        return json.dumps({file.name: file.read_text("utf-8") for file in sorted(files)})

    def calls(self) -> list[dict[str, Any]]:
        """What it sent to OpenRouter so far: the bodies, long texts shortened. They are in `helpers.calls()` from now on."""
        return json.loads(self._told(("calls",), self._bodies))

    def _bodies(self) -> str:
        return json.dumps([exchange["request"]["body"] for exchange in self._completions()])

    def _completions(self) -> list[dict[str, Any]]:
        """The calls of models among what it sent."""
        return [exchange for exchange in self._openrouter.exchanges if exchange["request"]["method"] == "POST"]

    def _told(self, asked: tuple[str, ...], run: Callable[[], str]) -> str:
        """What a step of this lesson gives: recorded by its words, else done now. The calls to OpenRouter that were made
        since the last step go into the log."""
        session = current()
        request = {"method": "RUN", "path": "letta", "host": "outside", "headers": {}}
        request["body"] = {"asked": list(asked)}
        found = None if self.real else session.recorded_run(request)
        source = RECORDED if found is not None or session.mode == "record" else STANDIN_NOW
        if found is None:
            if not self.real:
                raise NotRunning(
                    f"This was not asked when the lesson was recorded: restore the text of the cell, or {self.make_it}."
                )
            printed = run()
            found = {"printed": printed, "exchanges": self._completions()[self._in_log :]}
            self._in_log += len(found["exchanges"])
            session.keep_run(request, found)
        for exchange in found["exchanges"]:
            session.log.whole(exchange["request"], exchange["response"], source)
        return found["printed"]

    def _letta(self, *arguments: str) -> str:
        done = subprocess.run(
            [self.command, "--backend", "local", *arguments],
            env={**os.environ, **self._settings},
            cwd=self._folder.name,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
        if done.returncode:
            said = (done.stderr or done.stdout).strip().splitlines()
            raise NotRunning(f"letta {arguments[0]} failed: {said[-1] if said else 'it said nothing'}")
        return done.stdout.replace(self._folder.name, "~")

    def said(self) -> str:
        return "Letta runs, with a home of its own. It ends with letta.stop() or with the kernel."


def _shortened(exchange: dict[str, Any]) -> dict[str, Any]:
    """An exchange with the names of its tools, the beginnings of its texts with their lengths, and the end of its stream."""
    request, response = exchange["request"], exchange["response"]
    body = request["body"]
    if body:
        tools = [tool.get("function", {}).get("name") for tool in body.get("tools") or []]
        messages = [{**m, "content": _begin(m.get("content"))} for m in body.get("messages") or []]
        body = {**body, "messages": messages, "tools": tools, "characters": len(json.dumps(body))}
    end = {"events": response["events"][-3:]} if "events" in response else {}
    return {"request": {**request, "body": body}, "response": {**response, **end}}


def _begin(content: Any) -> Any:
    if not isinstance(content, str) or len(content) <= SHORTENED:
        return content
    known = re.search(r"(?s)<human>.*?</human>", content)
    part = known[0] if known else content[:SHORTENED]
    return f"{part} … ({len(content):,} characters in all)"


def letta() -> Letta:
    """Start Letta Code where it is installed, else replay what was recorded of it. Raises `NotRunning` with one sentence."""
    return current().server("letta", Letta)
