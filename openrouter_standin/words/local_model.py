"""A model behind an OpenAI-compatible server on this machine: Ollama, llama.cpp, LM Studio, vLLM, or any other."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import threading
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from ..names import LOOPBACK

LONGEST_LINE, LONGEST_ANSWER = 1_000_000, 4_000_000
"""Bytes of one event, and of one answer."""


class WordsFailed(Exception):
    """The local model gave no words that can be used: one clause that says why."""


class LocalModel:
    """Where the words come from.

    `url`: the server's base_url, such as "http://localhost:11434/v1"; it must be on this machine. `name`: the model to ask;
    empty: the first one that the server lists. `patience_s`: seconds without a word after which it is given up (a server
    that loads its model at the first request needs some). Raises `ValueError` with one sentence.
    """

    def __init__(self, url: str, name: str = "", patience_s: float = 60.0) -> None:
        try:
            parts = urlsplit(url)
            sound = parts.scheme == "http" and parts.port != 0 and not parts.username
        except ValueError:  # a port that is not a number
            sound = False
        if not sound or parts.hostname not in LOOPBACK:
            raise ValueError(
                "words come from a model on this machine only: give an address such as http://localhost:11434/v1"
            )
        self.url, self.name, self.patience_s = url.rstrip("/"), name, patience_s
        self._host, self._port, self._path = parts.hostname, parts.port or 80, parts.path.rstrip("/")

    def ask(self, body: Mapping[str, Any]) -> LocalAnswer:
        """Ask for a streamed chat completion. Nothing is sent before the answer is read."""
        return LocalAnswer(self, body)

    def connect(self) -> http.client.HTTPConnection:
        """An open connection: straight to this machine, whatever proxies are set. Raises `OSError`."""
        line = http.client.HTTPConnection(self._host, self._port, timeout=self.patience_s)
        line.connect()
        return line

    def path(self, route: str) -> str:
        """The path of a route on this server."""
        return self._path + route


class LocalAnswer:
    """One answer of the local model, read as it is written. `model`: who writes, as far as the server says."""

    def __init__(self, source: LocalModel, body: Mapping[str, Any]) -> None:
        self.model = source.name
        self._source, self._body = source, body
        self._socket: socket.socket | None = None
        self._stopped = threading.Event()

    @property
    def stopped(self) -> bool:
        return self._stopped.is_set()

    def stop(self) -> None:
        """End it at once, also from another thread: whoever waits for the next word stops waiting, and the server stops
        writing."""
        self._stopped.set()
        line = self._socket
        if line is not None:
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def choices(self) -> Iterator[Mapping[str, Any]]:
        """The first choice of each chunk, as it comes. Raises `WordsFailed`; after `stop` it ends in silence."""
        try:
            yield from self._choices()
        except (OSError, http.client.HTTPException, ValueError) as problem:
            if not self.stopped:
                raise WordsFailed(self._reason(problem)) from None
        except WordsFailed:
            if not self.stopped:
                raise

    def _choices(self) -> Iterator[Mapping[str, Any]]:
        model = self.model or self._first_model()
        whole, line = json.dumps({**self._body, "model": model, "stream": True}), self._source.connect()
        with contextlib.closing(line):
            self._socket = line.sock
            line.request(
                "POST", self._source.path("/chat/completions"), whole.encode(), {"content-type": "application/json"}
            )
            answer = line.getresponse()
            if answer.status != 200:
                raise WordsFailed(f"{self._source.url} said {answer.status}{_message(answer.read(10_000))}")
            for event in _events(answer):
                if event == "[DONE]":
                    return
                chunk = json.loads(event)
                if not isinstance(chunk, dict) or "error" in chunk:
                    raise WordsFailed(f"{self._source.url} sent an error{_message(event.encode())}")
                if isinstance(chunk.get("model"), str):
                    self.model = chunk["model"]
                choices = chunk.get("choices")
                if choices and isinstance(choices, list) and isinstance(choices[0], dict):
                    yield choices[0]

    def _first_model(self) -> str:
        """The first model that the server lists; "default" where it lists none."""
        with contextlib.closing(self._source.connect()) as line:
            self._socket = line.sock
            line.request("GET", self._source.path("/models"))
            listed = json.loads(line.getresponse().read(LONGEST_LINE) or b"{}")
        rows = listed.get("data") if isinstance(listed, dict) else None
        first = rows[0] if isinstance(rows, list) and rows else None
        return str(first.get("id") or "default") if isinstance(first, dict) else "default"

    def _reason(self, problem: Exception) -> str:
        url = self._source.url
        if isinstance(problem, TimeoutError):
            return f"{url} sent no word for {self._source.patience_s:g} s"
        if isinstance(problem, ConnectionRefusedError | socket.gaierror):
            return f"nothing listens at {url}"
        if isinstance(problem, OSError | http.client.HTTPException):
            return f"the connection to {url} broke"
        return f"{url} sent something that is no stream of chunks"


def _events(answer: http.client.HTTPResponse) -> Iterator[str]:
    """What stands behind `data:` in a stream of events. Raises `WordsFailed` for something else, and for one without an end."""
    if not (answer.getheader("content-type") or "").startswith("text/event-stream"):
        raise ValueError("no stream")
    left = LONGEST_ANSWER
    while line := answer.readline(LONGEST_LINE):
        left -= len(line)
        if left < 0:
            raise ValueError("too long")
        if line.startswith(b"data:"):
            yield line[5:].decode().strip()
    raise http.client.IncompleteRead(b"")  # an end without [DONE]


def _message(body: bytes) -> str:
    """What an error body says, as the end of a sentence; empty where it says nothing readable."""
    try:
        error = json.loads(body)["error"]
        text = error["message"] if isinstance(error, dict) else error
    except (ValueError, KeyError, TypeError):
        return ""
    return f": {text[:200]}" if isinstance(text, str) and text.isprintable() else ""
