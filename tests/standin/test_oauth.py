"""OAuth with PKCE: the page, its two buttons, the exchange, and whose money the new key spends."""

from __future__ import annotations

import base64
import hashlib
import http.client
import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import openai
import pytest

import helpers
from asking import MINI, refused, user
from openrouter_standin import StandIn, State, answer
from openrouter_standin.user import User
from support import LESSON, client

VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
"""The pair that RFC 7636 prints in its appendix B."""
BACK = "http://localhost:51423/callback"


def call(state: State, method: str, path: str, body: Any = None, key: str = "session") -> dict[str, Any]:
    return answer({"method": method, "path": path, "body": body, "key": key}, state)


def asking(**more: Any) -> dict[str, Any]:
    return {"callback_url": BACK, "code_challenge": CHALLENGE, "code_challenge_method": "S256", **more}


def press(state: State, decision: str = "allow", **more: Any) -> dict[str, Any]:
    return call(state, "POST", "/auth", urlencode({**asking(**more), "decision": decision}), key="none")


def code_of(pressed: dict[str, Any]) -> str:
    assert pressed["status"] == 303
    return parse_qs(urlsplit(pressed["headers"]["location"]).query)["code"][0]


def exchange(state: State, code: str, **more: Any) -> dict[str, Any]:
    body = {"code": code, "code_verifier": VERIFIER, "code_challenge_method": "S256", **more}
    return call(state, "POST", "/api/v1/auth/keys", body, key="none")


def text_of(page: dict[str, Any]) -> str:
    return page["body"].decode()


# --- the page --------------------------------------------------------------------------------------------------------


class Reader(HTMLParser):
    """The tags of a page, and its hidden fields."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.hidden: dict[str, str] = {}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        named = dict(attrs)
        if named.get("type") == "hidden":
            self.hidden[named["name"] or ""] = named["value"] or ""


def test_the_page_says_who_asks_for_what_and_that_no_account_is_behind_it() -> None:
    page = call(State(), "GET", "/auth?" + urlencode(asking(limit=3, usage_limit_type="monthly", key_label="Reader")))
    html = text_of(page)
    assert page["status"] == 200 and page["headers"]["content-type"].startswith("text/html")
    for told in ("localhost:51423", "$3.00, monthly", "Reader", "stand-in", "No account is behind it", "Allow", "Deny"):
        assert told in html
    assert '<html lang="en">' in html and "width=device-width" in html and "prefers-color-scheme: dark" in html
    read = Reader(html)
    assert "script" not in read.tags and read.tags.count("h1") == 1
    assert read.hidden == {
        k: str(v) for k, v in asking(limit=3, usage_limit_type="monthly", key_label="Reader").items()
    }


def test_what_comes_from_the_address_is_escaped() -> None:
    evil = '"><script>alert(1)</script>'
    asked = {"callback_url": f"https://app.example/?x={evil}", "key_label": evil}
    page = text_of(call(State(), "GET", "/auth?" + urlencode(asked)))
    assert "<script" not in page and "&lt;script&gt;" in page
    refused_page = call(State(), "GET", "/auth?" + urlencode({"callback_url": f"javascript:{evil}"}))
    assert refused_page["status"] == 400 and "<script" not in text_of(refused_page)


@pytest.mark.parametrize(
    "url",
    [
        "https://app.example/back",
        "https://app.example:8443/back",
        "http://localhost/back",
        "http://localhost:3000",
        "http://127.0.0.1:65535/x",
    ],
)
def test_these_addresses_may_be_gone_back_to(url: str) -> None:
    assert call(State(), "GET", "/auth?" + urlencode({"callback_url": url}))["status"] == 200


@pytest.mark.parametrize(
    "url",
    [
        "http://app.example/back",
        "http://localhost.example/back",
        "http://[::1]:3000/back",
        "myapp://callback",
        "javascript:alert(1)",
        "//app.example",
        "/back",
        "https://",
        "https://user@app.example/",
        "https://app.example/\r\nset-cookie: a=b",
        "http://localhost:99999/",
        "https://[",
        "https://app.example/" + "x" * 3000,
    ],
)
def test_no_other_address_is_gone_back_to(url: str) -> None:
    page = call(State(), "GET", "/auth?" + urlencode({"callback_url": url}))
    assert page["status"] == 400 and "callback_url takes an https:// address" in text_of(page)
    pressed = press(State(), callback_url=url)
    assert pressed["status"] == 400 and "location" not in pressed["headers"]
    assert refused(call(State(), "POST", "/api/v1/auth/keys/code", {"callback_url": url}))[0] == 400


@pytest.mark.parametrize(
    ("callback", "back"),
    [
        ("https://app.example/back", r"https://app\.example/back\?code=auth_code_\w{20}"),
        ("https://app.example/back?state=s1&x=%2F", r"https://app\.example/back\?state=s1&x=%2F&code=auth_code_\w{20}"),
        ("https://app.example/?", r"https://app\.example/\?code=auth_code_\w{20}"),
        ("https://app.example/a?b=c#top", r"https://app\.example/a\?b=c&code=auth_code_\w{20}#top"),
        ("https://app.example/bär", r"https://app\.example/b%C3%A4r\?code=auth_code_\w{20}"),
    ],
)
def test_allow_goes_back_with_a_code_and_keeps_the_query(callback: str, back: str) -> None:
    pressed = press(State(), callback_url=callback)
    assert pressed["status"] == 303 and re.fullmatch(back, pressed["headers"]["location"])


def test_deny_goes_back_without_a_code() -> None:
    state = State()
    pressed = press(state, "deny", callback_url=f"{BACK}?state=s1")
    assert (pressed["status"], pressed["headers"]["location"]) == (303, f"{BACK}?state=s1&error=access_denied")
    assert state.codes_made == 0
    assert press(state, "perhaps")["headers"]["location"].endswith("error=access_denied")


def test_without_a_callback_the_code_is_shown_and_a_challenge_is_required() -> None:
    state = State()
    bare = call(state, "GET", "/auth?key_label=tool")
    assert bare["status"] == 400 and "code_challenge is required" in text_of(bare)
    asked = {"code_challenge": CHALLENGE, "code_challenge_method": "S256", "key_label": "tool"}
    assert call(state, "GET", "/auth?" + urlencode(asked))["status"] == 200
    shown = text_of(call(state, "POST", "/auth", urlencode({**asked, "decision": "allow"})))
    code = re.search(r"auth_code_\w+", shown)
    assert code and exchange(state, code[0])["status"] == 200


def test_the_page_is_not_below_api_v1() -> None:
    assert answer({"method": "GET", "path": "/api/v1/auth?callback_url=x"}, State())["status"] == 404


# --- the exchange ----------------------------------------------------------------------------------------------------


def test_a_code_becomes_a_key_once() -> None:
    state = State()
    code = code_of(press(state))
    made = exchange(state, code)
    assert made["status"] == 200 and set(made["body"]) == {"key", "user_id"}
    assert made["body"]["key"].startswith("sk-or-v1-") and made["body"]["user_id"] == state.user.id
    assert refused(exchange(state, code)) == (403, "Invalid code or code_verifier")


def test_plain_and_none_at_all() -> None:
    state = State()
    plain = code_of(press(state, code_challenge="my-verifier", code_challenge_method="plain"))
    assert refused(exchange(state, plain, code_challenge_method="plain"))[0] == 403
    assert exchange(state, plain, code_verifier="my-verifier", code_challenge_method="plain")["status"] == 200
    bare = call(state, "POST", "/auth", urlencode({"callback_url": BACK, "decision": "allow"}))
    assert call(state, "POST", "/api/v1/auth/keys", {"code": code_of(bare)}, key="none")["status"] == 200


def test_what_does_not_fit_is_refused_as_documented() -> None:
    state = State()
    code = code_of(press(state))
    assert refused(exchange(state, code, code_verifier="wrong")) == (403, "Invalid code or code_verifier")
    assert refused(exchange(state, code, code_verifier=None))[0] == 403
    assert refused(exchange(state, code, code_challenge_method="plain")) == (400, "Invalid code_challenge_method")
    assert refused(exchange(state, code, code_challenge_method=None)) == (400, "Invalid code_challenge_method")
    assert refused(exchange(state, "auth_code_nobody"))[0] == 403
    for body in (None, [], {}, {"code": 5}, {"code": ""}):
        assert call(state, "POST", "/api/v1/auth/keys", body, key="none")["status"] == 400
    assert refused(call(state, "GET", "/api/v1/auth/keys", key="none")) == (405, "Method Not Allowed")
    assert exchange(state, code)["status"] == 200, "a refusal leaves the code as it is"


@pytest.mark.parametrize(("waited_ms", "status"), [(599_999, 200), (600_000, 403)])
def test_a_code_lives_ten_minutes_of_the_stand_ins_clock(waited_ms: int, status: int) -> None:
    state = State()
    code = code_of(press(state))
    state.advance(waited_ms)
    made = exchange(state, code)
    assert made["status"] == status
    assert status == 200 or refused(made)[1] == "Authorization code expired"


def test_a_code_can_be_made_with_a_key_and_then_spends_the_money_of_that_account() -> None:
    state = State()
    made = call(state, "POST", "/api/v1/auth/keys/code", asking(limit=1, key_label="Mine"))
    assert set(made["body"]["data"]) == {"id", "app_id", "created_at"} and isinstance(
        made["body"]["data"]["app_id"], int
    )
    key = exchange(state, made["body"]["data"]["id"])["body"]["key"]
    spend(state, state.secrets[key])
    assert state.usage > 0 and state.user.usage == 0
    assert state.secrets[key] in state.own_keys
    assert call(state, "POST", "/api/v1/auth/keys/code", asking(), key="none")["status"] == 401
    for wrong in ({}, {"callback_url": 5}, asking(limit=-1), asking(limit=float("nan")), asking(key_label="x" * 101),
                  asking(usage_limit_type="hourly"), asking(expires_at="tomorrow"), asking(code_challenge_method="S512"),
                  asking(code_challenge=[])):  # fmt: skip
        assert call(state, "POST", "/api/v1/auth/keys/code", wrong)["status"] == 400


# --- whose money -----------------------------------------------------------------------------------------------------


def spend(state: State, key: str) -> dict[str, Any]:
    body = {"model": MINI, "messages": user("Hi"), "max_tokens": 50}
    return call(state, "POST", "/api/v1/chat/completions", body, key=key)


def test_the_key_spends_its_users_money_and_its_own_limit() -> None:
    state = State(credits=7)
    made = exchange(state, code_of(press(state, limit=2, usage_limit_type="daily", key_label="Reader")))["body"]
    key = state.secrets[made["key"]]
    cost = spend(state, key)["body"]["usage"]["cost"]
    assert cost > 0 and (state.usage, state.user.usage) == (0, pytest.approx(cost))
    mine = call(state, "GET", "/api/v1/key", key=key)["body"]["data"]
    assert (mine["limit"], mine["limit_reset"], mine["creator_user_id"]) == (2, "daily", state.user.id)
    assert mine["usage"] == pytest.approx(cost) and mine["limit_remaining"] == pytest.approx(2 - cost)
    theirs = call(state, "GET", "/api/v1/credits", key=key)["body"]["data"]
    assert theirs == {"total_credits": state.user.credits, "total_usage": pytest.approx(cost)}
    assert call(state, "GET", "/api/v1/credits")["body"]["data"] == {"total_credits": 7, "total_usage": 0}
    assert call(state, "GET", "/api/v1/key")["body"]["data"]["usage"] == 0


def test_the_developer_sees_nothing_of_it() -> None:
    state = State()
    key = state.secrets[exchange(state, code_of(press(state)))["body"]["key"]]
    spend(state, key)
    assert call(state, "GET", "/api/v1/keys", key="management")["body"]["data"] == []
    assert call(state, "DELETE", f"/api/v1/keys/{key}", key="management")["status"] == 404
    state.advance(86_400_000)
    assert call(state, "GET", "/api/v1/activity", key="management")["body"]["data"] == []


def test_a_user_without_credits_and_a_spent_limit_stop_the_key_alone() -> None:
    state = State(user=User("ada", credits=0))
    poor = state.secrets[exchange(state, code_of(press(state)))["body"]["key"]]
    assert spend(state, poor)["status"] == 402
    state.user = User("grace", credits=9)
    capped = state.secrets[exchange(state, code_of(press(state, limit=0)))["body"]["key"]]
    assert spend(state, capped)["status"] == 403
    assert spend(state, "session")["status"] == 200
    assert {row["creator_user_id"] for row in state.keys.values()} == {"ada", "grace"}


def test_the_key_ends_when_the_app_said_so() -> None:
    state = State()
    key = state.secrets[exchange(state, code_of(press(state, expires_at="2026-11-22T10:00:00Z")))["body"]["key"]]
    assert spend(state, key)["status"] == 200
    state.advance(3_600_000)
    assert spend(state, key)["status"] == 401


def test_the_whole_way_over_http() -> None:
    verifier = "a-verifier-of-this-program-" + "x" * 20
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    with StandIn(script={"Hi": "Hello"}) as standin:
        parts = urlsplit(standin.url)
        line = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
        line.request("GET", "/auth?" + urlencode(asking(code_challenge=challenge)))
        page = line.getresponse()
        html = page.read().decode()
        assert page.status == 200 and page.headers["content-type"].startswith("text/html")
        fields = Reader(html).hidden | {"decision": "allow"}
        line.request("POST", "/auth", urlencode(fields), {"content-type": "application/x-www-form-urlencoded"})
        gone = line.getresponse()
        gone.read()
        assert gone.status == 303
        code = parse_qs(urlsplit(gone.headers["location"]).query)["code"][0]
        stranger = openai.OpenAI(base_url=standin.url, api_key="none", max_retries=0)
        body = {"code": code, "code_verifier": verifier, "code_challenge_method": "S256"}
        made: Any = stranger.post("/auth/keys", body=body, cast_to=object)
        client = openai.OpenAI(base_url=standin.url, api_key=made["key"], max_retries=0)
        said = client.chat.completions.create(model=MINI, messages=user("Hi"), max_tokens=50)
        assert said.choices[0].message.content == "Hello"
        assert standin.state.usage == 0 and standin.state.user.usage > 0
        line.close()


# --- recorded and replayed -------------------------------------------------------------------------------------------


def use_a_users_key() -> tuple[str, float]:
    """What a lesson does: a code, a key, and the first answers to it."""
    sdk = client(max_retries=0)
    code: Any = sdk.post("/auth/keys/code", body={"callback_url": BACK, "limit": 1}, cast_to=object)
    made: Any = sdk.post("/auth/keys", body={"code": code["data"]["id"]}, cast_to=object)
    theirs = openai.OpenAI(base_url="https://openrouter.ai/api/v1", api_key=made["key"], max_retries=0)
    about: Any = theirs.get("/key", cast_to=object)
    theirs.chat.completions.create(model=MINI, messages=user("Hi"), max_tokens=50)
    return made["key"], about["data"]["limit"]


@pytest.mark.parametrize("over_http", [False, True])
def test_a_users_key_is_in_no_recording_and_works_again_when_it_is_replayed(
    record: Callable[[str], None],
    recorded: Callable[[], dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
    over_http: bool,
) -> None:
    with StandIn(key="sk-or-v1-of-a-person") as standin:
        monkeypatch.setenv("OPENROUTER_API_KEY", standin.key)
        record(standin.url if over_http else "standin")
        key, limit = use_a_users_key()
        helpers.stop()
    assert key not in str(recorded()) and limit == 1
    monkeypatch.setenv("COOKBOOK_MODE", "ci")
    helpers.start(LESSON)
    again, limit = use_a_users_key()
    assert again != key and limit == 1
