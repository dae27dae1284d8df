"""Who uses the chat page: a visitor without a browser, a tab of a real one, and the pace that a test gives the service."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx

GLM = "z-ai/glm-5.3-flash"
LONG_S = 30
"""Until what must happen counts as never happening."""
Event = tuple[str, Any]


def until(happened: Callable[[], Any]) -> None:
    """Wait for something that must happen, however slow the machine is."""
    for _ in range(LONG_S * 100):
        if happened():
            return
        threading.Event().wait(0.01)
    raise AssertionError("it did not happen")


class Visitor:
    """A browser without JavaScript's page: it keeps cookies and says where its requests come from."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.http = httpx.Client(base_url=address, headers={"origin": address}, timeout=LONG_S)
        self.http.get("/")

    def close(self) -> None:
        self.http.close()

    def state(self) -> dict[str, Any]:
        return self.http.get("/conversation").json()

    def post(self, path: str, **body: Any) -> Any:
        return self.http.post(path, json=body).json()

    def ask(self, question: str, model: str = GLM) -> dict[str, Any]:
        """The data of the answer's end, or the refusal."""
        with self.events(question, model) as events:
            if isinstance(events, dict):
                return events
            return [data for name, data in events if name == "end"][-1]

    @contextmanager
    def events(self, question: str, model: str = GLM) -> Iterator[Any]:
        """The events of an answer while it comes, or the refusal."""
        with self.http.stream("POST", "/ask", json={"question": question, "model": model}) as response:
            yield events_of(response) if response.status_code == 200 else json.loads(response.read())


def events_of(response: httpx.Response) -> Iterator[Event]:
    name = ""
    for line in response.iter_lines():
        if line.startswith("event: "):
            name = line[7:]
        elif line.startswith("data: "):
            yield name, json.loads(line[6:])


class Tab:
    """The page in a real browser. `errors`: what the console complained about."""

    def __init__(self, page: Any, address: str) -> None:
        self.page, self.address, self.errors = page, address, []
        page.on("console", lambda m: self.errors.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda e: self.errors.append(str(e)))
        page.goto(address)
        self.loaded()

    def loaded(self) -> None:
        """Wait until the conversation is shown."""
        self.page.wait_for_selector("#model option", state="attached")

    def send(self, question: str) -> None:
        self.page.get_by_label("Message", exact=True).fill(question)
        self.page.keyboard.press("Enter")

    def ask(self, question: str) -> None:
        """Send, and wait for the end."""
        self.send(question)
        self.says("The answer is complete.")

    def says(self, words: str) -> None:
        """The status line says this."""
        self.page.locator("#status").get_by_text(re.compile(re.escape(words))).wait_for()

    def notice(self, words: str) -> str:
        """The box above the conversation says this; the whole of it."""
        box = self.page.get_by_role("alert").filter(has_text=words)
        box.wait_for()
        return box.inner_text()

    def answers(self) -> list[str]:
        return self.page.locator(".answer").all_inner_texts()

    def typed(self) -> str:
        return self.page.get_by_label("Message", exact=True).input_value()


class Pace:
    """The stand-in says so many events of each stream, then waits for `go_on`. `gone`: whether a connection has ended."""

    def __init__(self, standin: Any, events: int) -> None:
        self.held, self.gone, self._go_on = threading.Event(), threading.Event(), threading.Event()
        self.sent, self._events = 0, events
        server = standin._server
        server.speed, server.now, server.sleep = 1, lambda: 0.0, self._sleep
        end = server.shutdown_request
        server.shutdown_request = lambda request: (self.gone.set(), end(request))

    def _sleep(self, seconds: float) -> None:
        self.sent += 1
        if self.sent > self._events:
            self.held.set()
            self._go_on.wait(LONG_S)

    def go_on(self) -> None:
        self._go_on.set()
