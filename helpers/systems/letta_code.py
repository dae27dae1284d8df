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
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from openrouter_standin import State
from openrouter_standin.server import Server as StandInServer

from ..replay.scrub import FAKE_KEY
from ..session import RECORDED, STANDIN_NOW, current
from .process import NotRunning, Process, free_port, installed

MAKE_IT = "`make outside NAME=letta` (one package, 279 MB)"
MODEL = "openrouter/openai/gpt-4o-mini"
PATIENCE_S = 120
SHORTENED = 300
"""Characters of a message that are kept: one request of Letta's has 100,000."""


class Letta:
    """`real`: whether it runs, or what was recorded of it is replayed."""

    def __init__(self) -> None:
        session = current()
        command = installed("letta", "letta") if session.starts_systems else None
        self.real = command is not None
        self._sent, self._agent = [], ""
        self._process, self._stopped = None, False
        if command is None:
            if session.mode in ("live", "record"):
                raise NotRunning(f"Letta is not installed: {MAKE_IT}, then run this again.")
            return
        if shutil.which("git") is None:
            raise NotRunning("Letta keeps its memory in git, and git is not installed.")
        self._command = str(command)
        self._folder = tempfile.TemporaryDirectory(prefix="letta-", ignore_cleanup_errors=True)
        self._openrouter = StandInServer(speed=0, state=State(script=session.state.script), answered=self._note)
        threading.Thread(target=self._openrouter.serve_forever, args=(0.02,), name="collector", daemon=True).start()
        try:
            self._letta("connect", "openrouter", "--base-url", self._openrouter.url, "--api-key", FAKE_KEY)
        except BaseException:
            self._openrouter.shutdown()
            raise
        session.local_name = f"Letta {self._letta('--version').split()[0]}"
        if session.mode != "record":
            session.let_through("127.0.0.1")

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
            command = [self._command, *serve]
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
            self._openrouter.shutdown()
            self._openrouter.server_close()
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
        """What it sent to OpenRouter since it was asked last: the bodies, long texts shortened. They are in
        `helpers.calls()` from now on."""
        return json.loads(self._told(("calls",), lambda: json.dumps([e["request"]["body"] for e in self._sent])))

    def _told(self, asked: tuple[str, ...], run: Callable[[], str]) -> str:
        """What a step of this lesson gives: recorded by its words, else done now. The calls to OpenRouter that were made
        since the last step go into the log."""
        session = current()
        request = {"method": "RUN", "path": "letta", "host": "outside", "headers": {}}
        request["body"] = {"asked": list(asked)}
        found = session.recorded_run(request) if not self.real or session.mode == "record" else None
        source = RECORDED if found is not None or session.mode == "record" else STANDIN_NOW
        if found is None:
            if not self.real:
                raise NotRunning(
                    f"This was not asked when the lesson was recorded: restore the text of the cell, or {MAKE_IT}."
                )
            printed = run()
            found = {"printed": printed, "exchanges": self._sent}
            self._sent = []
            session.keep_run(request, found)
        for exchange in found["exchanges"]:
            session.log.whole(exchange["request"], exchange["response"], source)
        return found["printed"]

    def _letta(self, *arguments: str) -> str:
        done = subprocess.run(
            [self._command, "--backend", "local", *arguments],
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

    def _note(self, request: Mapping[str, Any], response: dict[str, Any]) -> None:
        if request["method"] != "POST":
            return
        body = _shortened(request["body"])
        kept = {"method": "POST", "path": request["path"], "headers": {}, "body": body}
        usage = {**response, "events": response["events"][-3:]} if "events" in response else response
        self._sent.append({"request": kept, "response": usage})

    def __repr__(self) -> str:
        if self.real and current().mode != "record":
            return "Letta runs, with a home of its own. It ends with letta.stop() or with the kernel."
        return f"What Letta answered when this lesson was recorded is replayed. To run it yourself: {MAKE_IT}."


def _shortened(body: Mapping[str, Any]) -> dict[str, Any]:
    """A request with the names of its tools, and the beginnings of its texts with their lengths."""
    tools = [tool.get("function", {}).get("name") for tool in body.get("tools") or []]
    messages = [{**m, "content": _begin(m.get("content"))} for m in body.get("messages") or []]
    return {**body, "messages": messages, "tools": tools, "characters": len(json.dumps(body))}


def _begin(content: Any) -> Any:
    if not isinstance(content, str) or len(content) <= SHORTENED:
        return content
    known = re.search(r"(?s)<human>.*?</human>", content)
    part = known[0] if known else content[:SHORTENED]
    return f"{part} … ({len(content):,} characters in all)"


def letta() -> Letta:
    """Start Letta Code where it is installed, else replay what was recorded of it. Raises `NotRunning` with one sentence."""
    return current().server("letta", Letta)
