"""Presets: made from a request, named by a request, merged into it."""

from __future__ import annotations

from typing import Any

from asking import HAIKU, MINI, ask, chunks, user
from openrouter_standin import State, answer


def call(state: State, method: str, path: str, body: Any = None) -> dict[str, Any]:
    return answer({"method": method, "path": f"/api/v1/presets{path}", "body": body}, state)


def with_support() -> State:
    state = State()
    messages = [{"role": "system", "content": "You are brief."}, *user("Hi")]
    body = {"model": HAIKU, "max_tokens": 30, "temperature": 0.2, "messages": messages, "stream": True}
    assert call(state, "POST", "/support/chat/completions", body)["status"] == 200
    return state


def echoed(state: State, **body: Any) -> dict[str, Any]:
    """What goes to the provider."""
    found = chunks(ask(state, stream=True, debug={"echo_upstream_body": True}, **body))[0]
    assert found["choices"] == []
    return found["debug"]["echo_upstream_body"]


def test_a_preset_is_made_from_a_request_and_read_back() -> None:
    state = with_support()
    version = call(state, "GET", "/support")["body"]["data"]["designated_version"]
    assert version["config"] == {"model": HAIKU, "temperature": 0.2, "max_tokens": 30}
    assert (version["system_prompt"], version["version"]) == ("You are brief.", 1)
    assert [row["slug"] for row in call(state, "GET", "")["body"]["data"]] == ["support"]
    assert call(state, "GET", "/nothing")["status"] == 404
    call(state, "POST", "/support/chat/completions", {"model": MINI, "messages": user("Hi")})
    assert call(state, "GET", "/support")["body"]["data"]["designated_version"]["version"] == 2


def test_a_request_names_it_in_three_ways() -> None:
    state = with_support()
    for named in ({"preset": "support", "model": None}, {"model": "@preset/support"}):
        sent = echoed(state, **named, max_tokens=None)
        assert (sent["model"], sent["max_tokens"], sent["temperature"]) == (HAIKU, 30, 0.2)
        assert sent["messages"][0] == {"role": "system", "content": "You are brief."}
    assert ask(state, model=f"{MINI}@preset/support")["body"]["model"] == MINI


def test_the_request_wins() -> None:
    own = [{"role": "system", "content": "Sing."}, *user("Hi")]
    sent = echoed(with_support(), model="@preset/support", temperature=1, max_tokens=50, messages=own)
    assert (sent["temperature"], sent["max_tokens"], sent["messages"][0]["content"]) == (1, 50, "Sing.")


def test_an_unknown_preset_is_said() -> None:
    for named in ({"preset": "x"}, {"model": "@preset/x"}):
        refused = ask(**named)
        assert refused["status"] == 404 and "'x'" in refused["body"]["error"]["message"]


def test_the_echo_is_of_streams_and_leaves_out_what_openrouter_reads() -> None:
    sent = echoed(State(), provider={"sort": "price"}, models=[HAIKU], temperature=0.5)
    assert "provider" not in sent and "models" not in sent and "debug" not in sent and sent["temperature"] == 0.5
    assert "debug" not in ask(debug={"echo_upstream_body": True})["body"]
