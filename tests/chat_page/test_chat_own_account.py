"""The second form of the chat page: users connect an OpenRouter account of their own (OAuth with PKCE, S256)."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from chat_page.account import Attempt
from visitor import Visitor

Visit = Callable[..., Visitor]


def consent(address: str, decision: str = "allow") -> str:
    """What the user does on OpenRouter's page; where the browser is sent then."""
    parts = urlsplit(address)
    fields = {name: values[0] for name, values in parse_qs(parts.query).items()} | {"decision": decision}
    page = f"{parts.scheme}://{parts.netloc}"
    shown = httpx.get(address)
    assert shown.status_code == 200 and urlsplit(fields["callback_url"]).netloc in shown.text, "it names the app"
    return httpx.post(f"{page}/auth", data=fields, headers={"origin": page}).headers["location"]


def connected(visitor: Visitor) -> dict[str, Any]:
    """Connect, and what the page shows then."""
    back = visitor.http.get(consent(visitor.post("/connect")["address"]))
    assert back.status_code == 303 and back.headers["location"] == "/", "the code leaves the address bar"
    return visitor.state()


def key_of(standin: Any) -> str:
    """The key that the latest question was sent with."""
    return standin.requests[-1].headers["authorization"].removeprefix("Bearer ")


def test_the_challenge_is_the_verifiers_hash() -> None:
    attempt = Attempt()
    assert 43 <= len(attempt.verifier) <= 128 and attempt.verifier != attempt.state
    hashed = hashlib.sha256(attempt.verifier.encode()).digest()
    assert attempt.challenge == base64.urlsafe_b64encode(hashed).decode().rstrip("=")
    asked = parse_qs(urlsplit(attempt.address("https://openrouter.ai/auth", "http://127.0.0.1:8000/callback")).query)
    assert asked["code_challenge_method"] == ["S256"] and asked["code_challenge"] == [attempt.challenge]
    assert asked["callback_url"] == [f"http://127.0.0.1:8000/callback?state={attempt.state}"]
    assert attempt.verifier not in str(asked) and attempt.verifier not in repr(attempt)


def test_without_a_key_the_chat_asks_to_connect(visit: Visit, standin: Any) -> None:
    visitor = visit(users_pay=True)
    assert visitor.state()["users_pay"] and not visitor.state()["connected"]
    assert visitor.ask("Hi")["words"] == "Connect your OpenRouter account first."
    assert not any(request.path.endswith("/chat/completions") for request in standin.requests)


def test_a_user_connects_asks_and_disconnects(visit: Visit, standin: Any) -> None:
    visitor = visit(users_pay=True)
    state = connected(visitor)
    assert state["connected"] and state["notice"].startswith("Your OpenRouter account is connected.")
    assert visitor.ask("Hi")["turn"]["answer"] == "Nothing special."
    key = key_of(standin)
    assert key.startswith("sk-or-") and key != standin.key, "the owner's key is not used"
    everything = str(visitor.state()) + visitor.http.get("/").text + str(dict(visitor.http.cookies))
    assert key not in everything
    state = visitor.post("/disconnect")
    assert not state["connected"] and state["turns"], "the conversation stays"
    assert visitor.ask("Hi again")["words"] == "Connect your OpenRouter account first."


def test_a_key_belongs_to_one_browser(visit: Visit) -> None:
    ada = visit(users_pay=True)
    bob = visit(of=ada)
    assert connected(ada)["connected"]
    assert not bob.state()["connected"]


def test_no_is_no(visit: Visit) -> None:
    visitor = visit(users_pay=True)
    visitor.http.get(consent(visitor.post("/connect")["address"], "deny"))
    state = visitor.state()
    assert not state["connected"] and state["notice"].startswith("Your account was not connected")


def test_a_permission_that_was_not_asked_for_here_is_not_taken(visit: Visit, standin: Any) -> None:
    ada = visit(users_pay=True)
    eve = visit(of=ada)
    eves = consent(eve.post("/connect")["address"])
    ada.post("/connect")
    ada.http.get(eves)  # else Ada would chat, and write, in Eve's account
    state = ada.state()
    assert not state["connected"] and state["notice"].startswith("This connection was not asked for here")
    assert not any(request.path.endswith("/auth/keys") for request in standin.requests), "the code is not even tried"


def test_a_permission_is_good_for_one_time(visit: Visit) -> None:
    visitor = visit(users_pay=True)
    back = consent(visitor.post("/connect")["address"])
    visitor.http.get(back)
    assert visitor.state()["connected"]
    visitor.http.get(back)
    assert "asked for twice" in visitor.state()["notice"]


def test_the_way_back_leads_to_the_name_that_the_browser_knows(visit: Visit) -> None:
    visitor = visit(users_pay=True)
    name = visitor.address.replace("127.0.0.1", "localhost")
    with httpx.Client(base_url=name, headers={"origin": name}) as http:
        http.get("/")
        back = consent(http.post("/connect", json={}).json()["address"])
        assert back.startswith(f"{name}/callback?state=")
        http.get(back)
        assert http.get("/conversation").json()["connected"]


def test_a_way_back_without_a_session_shows_the_page(visit: Visit) -> None:
    visitor = visit(users_pay=True)
    back = httpx.get(f"{visitor.address}/callback?state=x&code=y")
    assert back.status_code == 303 and back.headers["location"] == "/"


def test_a_wrong_code_is_told(visit: Visit) -> None:
    visitor = visit(users_pay=True)
    back = consent(visitor.post("/connect")["address"])
    visitor.http.get(back.partition("code=")[0] + "code=auth_code_wrong")
    assert visitor.state()["notice"].startswith("OpenRouter did not take the permission")


def test_a_key_that_was_deleted_at_openrouter_asks_to_connect_again(visit: Visit, standin: Any) -> None:
    visitor = visit(users_pay=True)
    connected(visitor)
    for made in list(standin.state.keys):
        standin.state.forget_key(made)
    end = visitor.ask("Hi")
    assert end["turn"]["note"].startswith("OpenRouter no longer takes your connection. Connect your account again")
    assert not end["connected"] and not visitor.state()["connected"]


def test_a_page_whose_owner_pays_connects_nobody(visit: Visit) -> None:
    assert visit().post("/connect")["words"].startswith("The owner of this page pays")


@pytest.mark.parametrize("path", ["/connect", "/disconnect", "/new", "/stop", "/settle"])
def test_no_other_page_may_press_the_buttons(path: str, visit: Visit) -> None:
    visitor = visit(users_pay=True)
    assert visitor.http.post(path, json={}, headers={"origin": "https://evil.example"}).status_code == 403
