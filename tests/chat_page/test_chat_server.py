"""The server of the chat page: answers, faults, stop, limits, and who may ask. Without a browser."""

from __future__ import annotations

import contextlib
import json
import logging
import socket
import threading
from collections.abc import Callable
from typing import Any

import httpx
import pytest

import chat_page
from visitor import GLM, LONG_S, Pace, Visitor, until

Visit = Callable[..., Visitor]
WORDS = " ".join(f"word{n}" for n in range(200))


def test_an_answer_comes_in_pieces_and_says_what_it_cost(visit: Visit, standin: Any) -> None:
    standin.script["Hi"] = "Hello there, and welcome"
    visitor = visit()
    with visitor.events("Hi") as events:
        told = list(events)
    pieces = [data for name, data in told if name == "piece"]
    end = told[-1][1]
    assert len(pieces) > 1 and "".join(pieces) == end["turn"]["answer"] == "Hello there, and welcome"
    assert end["kept"] and end["turn"]["note"] == "" and end["turn"]["cost"] > 0 and end["spent"] == end["turn"]["cost"]
    assert standin.requests[-1]["stream"] is True and standin.requests[-1]["messages"][-1]["content"] == "Hi"


def test_the_second_question_carries_the_first(visit: Visit, standin: Any) -> None:
    visitor = visit()
    visitor.ask("first")
    end = visitor.ask("second", "openai/gpt-4o-mini")
    assert [m["content"] for m in standin.requests[-1]["messages"][1:]] == ["first", "Nothing special.", "second"]
    assert end["spent"] == pytest.approx(sum(turn["cost"] for turn in visitor.state()["turns"]))


def test_what_no_longer_fits_is_told(visit: Visit, standin: Any) -> None:
    visitor = visit(history_tokens=100)
    visitor.ask("first " * 20)
    with visitor.events("second " * 10) as events:
        assert ("left_out", 1) in list(events)
    sent = standin.requests[-1]["messages"]
    assert [m["role"] for m in sent] == ["system", "user"]


def test_stop_ends_the_request_at_the_service(visit: Visit, standin: Any) -> None:
    standin.script["Hi"] = WORDS
    visitor = visit(models=("openai/gpt-4o-mini",))
    pace = Pace(standin, 40)
    with visitor.events("Hi", "openai/gpt-4o-mini") as events:
        assert pace.held.wait(LONG_S)
        visitor.post("/stop")
        end = [data for name, data in events if name == "end"][-1]
    assert not pace.gone.is_set(), "the answer has ended here before the service could notice"
    pace.go_on()
    assert pace.gone.wait(LONG_S), "the service sees that nobody listens"
    assert pace.sent < 100, "and says no more"
    turn = end["turn"]
    assert turn["note"] == "Stopped." and WORDS.startswith(turn["answer"]) and 0 < len(turn["answer"]) < len(WORDS)
    assert visitor.state()["turns"] == [turn], "what was said stays"
    assert turn["cost"] is None and end["spent"] > 0, "it counts with the most that it may have cost"
    settled = visitor.post("/settle")
    assert 0 < settled["turns"][0]["cost"] == settled["spent"] < end["spent"]
    visitor.ask("And then?", "openai/gpt-4o-mini")
    assert standin.requests[-1]["messages"][2] == {"role": "assistant", "content": turn["answer"]}


def test_a_page_that_is_closed_stops_its_answer(visit: Visit, standin: Any) -> None:
    standin.script["Hi"] = WORDS
    visitor = visit()
    pace = Pace(standin, 60)
    with visitor.events("Hi") as events:
        next(events)
        assert pace.held.wait(LONG_S)
    until(lambda: visitor.state()["turns"])  # the page has noticed, and kept what was said
    pace.go_on()
    assert pace.gone.wait(LONG_S)
    assert visitor.state()["turns"][0]["note"] == "Stopped."


def test_stopped_before_the_first_byte_nothing_is_kept(visit: Visit, standin: Any) -> None:
    visitor = visit()
    visitor.state()  # the list of models is there
    held, go_on = threading.Event(), threading.Event()
    standin._server.heard = lambda request: (held.set(), go_on.wait(LONG_S))
    with visitor.events("Hi") as events:
        assert held.wait(LONG_S)
        visitor.post("/stop")
        end = [data for name, data in events if name == "end"][-1]
    go_on.set()
    assert end["kept"] is False and end["turn"]["note"] == "Stopped." and visitor.state()["turns"] == []


def test_one_answer_at_a_time(visit: Visit, standin: Any) -> None:
    standin.script["Hi"] = WORDS
    visitor = visit()
    pace = Pace(standin, 40)
    with visitor.events("Hi") as events:
        assert pace.held.wait(LONG_S)
        assert visitor.ask("Me too")["words"].startswith("An answer is still being written")
        pace.go_on()
        assert list(events)[-1][1]["turn"]["answer"] == WORDS


def test_two_users_keep_apart(visit: Visit) -> None:
    ada = visit()
    bob = visit(of=ada)
    ada.ask("a secret")
    assert bob.state()["turns"] == [] and bob.state()["spent"] == 0
    bob.post("/new")
    assert [turn["question"] for turn in ada.state()["turns"]] == ["a secret"]
    ada.post("/new")
    assert ada.state()["turns"] == [] and ada.state()["spent"] == 0


@pytest.mark.parametrize(
    ("faults", "words"),
    [
        ({"credits": 0.0}, "The credit of this page is used up. The owner of this page has to see to it"),
        (
            {"rate_limited": ["*"], "retry_after": 20},
            "Too many requests at the moment. Send the message again in 20 seconds",
        ),
        ({"down": ["*"]}, "The provider of this model is down. Send the message again, or choose another model."),
        ({"status": 503}, "Nobody can serve this model at the moment"),
        ({"flagged": "violence"}, "This message was refused by moderation. Say it in other words."),
        ({"error_in_200": True}, "Send the message again, or choose another model."),
        ({"break_after": 0}, "Send the message again"),
    ],
)
def test_what_fails_before_the_first_word_is_not_kept(
    faults: dict[str, Any], words: str, visit: Visit, standin: Any
) -> None:
    visitor = visit()
    with standin.faults(**faults):
        end = visitor.ask("Hi")
    assert words in end["turn"]["note"] and end["kept"] is False and end["spent"] == 0
    assert visitor.ask("Hi")["kept"], "the next one is answered"
    assert [m["content"] for m in standin.requests[-1]["messages"][1:]] == ["Hi"]


@pytest.mark.parametrize("form", ["documented", "bare", "finish-stop", "no-choices", "then-usage", "finish-only"])
def test_what_was_said_before_a_stream_broke_is_kept(form: str, visit: Visit, standin: Any) -> None:
    standin.script["Hi"] = WORDS
    visitor = visit(models=("openai/gpt-4o-mini",))
    with standin.faults(break_after=30, break_as=form):
        end = visitor.ask("Hi", "openai/gpt-4o-mini")
    assert end["kept"] and WORDS.startswith(end["turn"]["answer"]) and end["turn"]["answer"]
    assert any(
        way in end["turn"]["note"] for way in ("Send the message again", "Ask for the rest", "send the message again")
    )


def test_a_key_that_is_none(visit: Visit) -> None:
    end = visit(api_key="sk-or-v1-wrong").ask("Hi")
    assert end["turn"]["note"].startswith("OpenRouter does not take the key of this page.") and not end["kept"]


def test_a_service_that_is_not_there(visit: Visit) -> None:
    visitor = visit(base_url="http://127.0.0.1:9/api/v1")
    assert visitor.state()["notice"].startswith("The list of models did not come.")
    assert visitor.ask("Hi")["words"].startswith("The list of models did not come.")


def test_an_answer_at_its_limit_and_a_filtered_one_say_so(visit: Visit, standin: Any) -> None:
    standin.script["Hi"] = WORDS
    assert (
        visit(answer_tokens=30)
        .ask("Hi", "openai/gpt-4o-mini")["turn"]["note"]
        .startswith("The answer reached its limit")
    )
    with standin.faults(filtered=True):
        assert visit().ask("Hi")["turn"]["note"].startswith("The provider's filter ended this answer.")


def test_limits(visit: Visit, standin: Any) -> None:
    visitor = visit(question_chars=10, dollars=0.001)
    before = len(standin.requests)
    assert visitor.ask("x" * 11)["words"] == "This message has 11 characters; 10 are allowed. Shorten it."
    assert visitor.ask("Hi")["words"].endswith("Start a new conversation, or choose a cheaper model.")
    assert visitor.ask("Hi", "anthropic/claude-opus-4.5")["words"].startswith("This model is not on the list")
    assert all(request.path.endswith("/models") for request in standin.requests[before:]), "nothing was paid for"


def test_only_this_page_may_spend(visit: Visit, standin: Any) -> None:
    visitor = visit()
    body = {"question": "Hi", "model": GLM}

    def status(path: str = "/ask", method: str = "POST", **headers: str) -> int:
        kept = {"origin": visitor.address, "content-type": "application/json", **headers}
        kept = {name: value for name, value in kept.items() if value}
        content = json.dumps(body) if method == "POST" else None
        asking = httpx.Client(base_url=visitor.address, cookies=visitor.http.cookies)
        with asking, asking.stream(method, path, content=content, headers=kept) as response:
            return response.status_code

    assert status(origin="https://evil.example") == 403
    assert status(origin="null") == 403
    assert status(origin="http://127.0.0.1:1") == 403, "another program of this machine, which gets the same cookies"
    assert status(origin="") == 403
    assert status(host="evil.example") == 421
    assert status("/", "GET", host="evil.example:80") == 421
    assert status(**{"content-type": "text/plain"}) == 415, "what a form can send without asking first"
    body["question"] = "x" * 70_000
    assert status() == 413
    assert not any(request.path.endswith("/chat/completions") for request in standin.requests)


def test_a_browser_that_is_not_known_is_told(visit: Visit) -> None:
    visitor = visit()
    visitor.http.cookies.clear()
    assert visitor.ask("Hi")["words"].startswith("This page is older than the program behind it. Reload it")


def test_no_key_in_pages_headers_or_logs(visit: Visit, standin: Any, caplog: Any, capfd: Any) -> None:
    caplog.set_level(logging.DEBUG)
    visitor = visit()
    visitor.ask("Hi")
    paths = ("/", "/conversation", "/static/page.js", "/static/page.css")
    shown = [(r := visitor.http.get(path)).text + str(r.headers) for path in paths]
    for text in (*shown, caplog.text, *capfd.readouterr()):
        assert standin.key not in text
    cookie = httpx.get(visitor.address).headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie


def test_nothing_of_another_host_is_loaded(visit: Visit) -> None:
    visitor = visit()
    policy = visitor.http.get("/").headers["content-security-policy"]
    assert "default-src 'none'" in policy and "script-src 'self'" in policy and "unsafe" not in policy
    for name in ("/", "/static/page.css", "/static/page.js", "/static/service.js", "/static/markdown.js"):
        text = visitor.http.get(name).text
        assert "http://" not in text and "https://" not in text and "//cdn" not in text and "innerHTML" not in text


def test_a_port_in_use_is_one_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(chat_page.PortInUse, match=f"^Port {port} is in use: stop the other program"):
            chat_page.start(port, api_key="none")


def test_a_second_start_ends_the_first_page() -> None:
    first, second = chat_page.start(api_key="none"), chat_page.start(api_key="none")
    assert not first.running and second.running
    second.stop()


def test_it_listens_on_this_machine_only_and_leaves_nothing(standin: Any) -> None:
    before = set(threading.enumerate())
    running = chat_page.start(api_key=standin.key, base_url=standin.url)
    assert running.address.startswith("http://127.0.0.1:") and running._socket.getsockname()[0] == "127.0.0.1"
    port = int(running.address.rpartition(":")[2])
    running.stop()
    running.stop()
    assert {t for t in threading.enumerate() if t.name == "chat page"} <= before
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", port), 1)
    with chat_page.serve(port, api_key=standin.key, base_url=standin.url) as address:
        assert address == running.address, "the port is free again at once"


def test_it_stops_in_the_middle_of_an_answer(visit: Visit, serve: Any, standin: Any) -> None:
    standin.script["Hi"] = WORDS
    page = serve()
    visitor = Visitor(page.address)
    pace = Pace(standin, 40)
    with contextlib.suppress(httpx.TransportError), visitor.events("Hi") as events:
        assert pace.held.wait(LONG_S)
        page.stop()
        assert not page.running
        list(events)
    pace.go_on()
    assert pace.gone.wait(LONG_S)
    visitor.close()
