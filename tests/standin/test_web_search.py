"""Web search: pages of the script's own small web, the rules of engines and domains, citations, and what it costs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from openrouter_standin import State, answer
from openrouter_standin.output.script import Script

WEB = """
[[page]]
url = "https://ferry.example/times"
title = "Ferry times"
text = "In winter the last ferry leaves the island at 18:40."
[[page]]
url = "https://www.forum.example/ferry"
title = "Forum: the last ferry"
text = "I think the last ferry leaves at 20:00."
[[page]]
url = "https://bakery.example/"
title = "The bakery"
text = "Bread from six in the morning."

[[say]]
prompt = "When does the last ferry leave the island?"
text = "At 18:40 {https://ferry.example/times}, though a forum says 20:00 {https://www.forum.example/ferry}."
not_found = "The pages that I found do not say."
[[say]]
prompt = "When does the ferry leave, from three sides?"
text = "At 18:40."
searches = 3
[[say]]
prompt = "What is two and two?"
text = "Four."
searches = 0
"""
FERRY = "When does the last ferry leave the island?"


@pytest.fixture
def state(tmp_path: Path) -> State:
    (tmp_path / "words.toml").write_text(WEB, "utf-8")
    return State(script=Script.load(tmp_path / "words.toml"))


def search(state: State, prompt: str = FERRY, model: str = "openai/gpt-4o-mini", **parameters: Any) -> dict[str, Any]:
    tool = {"type": "openrouter:web_search", **({"parameters": parameters} if parameters else {})}
    body = {"model": model, "max_tokens": 1000, "messages": [{"role": "user", "content": prompt}], "tools": [tool]}
    return answer({"method": "POST", "path": "/api/v1/chat/completions", "body": body}, state)


def said(response: dict[str, Any]) -> dict[str, Any]:
    assert response["status"] == 200, response["body"]
    return response["body"]["choices"][0]["message"]


def price(response: dict[str, Any]) -> float:
    return response["body"]["usage"]["cost_details"]["server_tool_cost"]


def test_each_cited_page_has_its_place_in_the_text(state: State) -> None:
    message = said(search(state))
    notes = [note["url_citation"] for note in message["annotations"]]
    assert [message["content"][n["start_index"] : n["end_index"]] for n in notes] == [
        "([ferry.example](https://ferry.example/times))",
        "([forum.example](https://www.forum.example/ferry))",
    ]
    assert notes[0]["content"].startswith("In winter") and "{" not in message["content"]


def test_a_page_that_may_not_be_read_is_not_cited(state: State) -> None:
    for parameters in (
        {"excluded_domains": ["forum.example"]},
        {"allowed_domains": ["ferry.example"]},
        {"max_results": 1},
    ):
        message = said(search(state, **parameters))
        assert message["content"] == "The pages that I found do not say." and "annotations" not in message
    both = {"allowed_domains": ["forum.example", "FERRY.example"], "excluded_domains": ["bakery.example"]}
    assert len(said(search(state, **both))["annotations"]) == 2


def test_what_was_found_counts_as_prompt(state: State) -> None:
    with_two = search(state)["body"]["usage"]["prompt_tokens"]
    with_one = search(state, max_results=1)["body"]["usage"]["prompt_tokens"]
    without = search(state, "What is two and two?")["body"]["usage"]
    assert with_two > with_one > without["prompt_tokens"] + 10
    assert "server_tool_use_details" not in without and "server_tool_cost" not in without["cost_details"]


@pytest.mark.parametrize(
    ("parameters", "dollars"),
    [
        ({}, 0.007),
        ({"engine": "exa", "mode": "deep"}, 0.012),
        ({"engine": "exa", "mode": "deep-reasoning"}, 0.015),
        ({"engine": "parallel"}, 0.005),
        ({"engine": "parallel", "mode": "turbo"}, 0.001),
        ({"engine": "perplexity"}, 0.005),
        ({"engine": "firecrawl"}, 0.0),
        ({"engine": "native"}, 0.007),  # gpt-4o-mini has no search of its own: Exa
    ],
)
def test_each_engine_has_its_price(state: State, parameters: dict[str, Any], dollars: float) -> None:
    assert price(search(state, **parameters)) == dollars


def test_a_provider_that_searches_by_itself_has_its_own(state: State) -> None:
    assert price(search(state, model="anthropic/claude-haiku-4.5")) == 0.01
    assert price(search(state, model="anthropic/claude-haiku-4.5", engine="exa")) == 0.007
    assert "content" not in said(search(state, model="anthropic/claude-haiku-4.5"))["annotations"][0]["url_citation"]


def test_the_model_may_search_several_times_and_max_uses_stops_it(state: State) -> None:
    several = "When does the ferry leave, from three sides?"
    thrice, once = search(state, several), search(state, several, max_uses=1)
    assert price(thrice) == 0.021 and price(once) == 0.007
    assert thrice["body"]["usage"]["server_tool_use_details"]["web_search_requests"] == 3
    assert once["body"]["usage"]["server_tool_use_details"] == {
        "web_search_requests": 1,
        "tool_calls_requested": 3,
        "tool_calls_executed": 1,
    }


def test_more_than_ten_results_cost_more(state: State) -> None:
    state.script.web += [
        type(state.script.web[0])(f"https://f{n}.example/", "Ferry", f"ferry number {n}") for n in range(20)
    ]
    assert price(search(state, max_results=14)) == pytest.approx(0.011)
    assert price(search(state, max_results=14, max_total_results=9)) == 0.007


@pytest.mark.parametrize(
    ("model", "parameters"),
    [
        ("openai/gpt-4o-mini", {"engine": "parallel"}),
        ("openai/gpt-4o-mini", {"engine": "firecrawl"}),
        ("anthropic/claude-haiku-4.5", {}),
    ],
)
def test_two_lists_that_exclude_each_other(state: State, model: str, parameters: dict[str, Any]) -> None:
    lists = {"allowed_domains": ["a.example"], "excluded_domains": ["b.example"]}
    refused = search(state, model=model, **parameters, **lists)
    assert refused["status"] == 400 and "allowed_domains" in refused["body"]["error"]["message"]


def test_google_by_itself_takes_no_domains(state: State) -> None:
    lists = {"allowed_domains": ["ferry.example", "forum.example"]}
    assert search(state, model="google/gemini-2.5-flash", engine="native", **lists)["status"] == 400
    assert price(search(state, model="google/gemini-2.5-flash", **lists)) == 0.007  # auto turns to Exa


@pytest.mark.parametrize(
    "parameters", [{"max_results": 26}, {"max_uses": 0}, {"allowed_domains": "ferry.example"}, {"mode": "warp"}]
)
def test_a_wrong_parameter_is_named(state: State, parameters: dict[str, Any]) -> None:
    refused = search(state, **parameters)
    assert refused["status"] == 400 and next(iter(parameters)) in refused["body"]["error"]["message"]


def test_the_plugin_searches_once_whatever_the_model_would(state: State) -> None:
    for prompt in ("When does the ferry leave, from three sides?", "What is two and two?"):
        body = {
            "model": "openai/gpt-4o-mini:online",
            "max_tokens": 100,
            "messages": [{"role": "user", "content": prompt}],
        }
        usage = answer({"method": "POST", "path": "/api/v1/chat/completions", "body": body}, state)["body"]["usage"]
        assert usage["server_tool_use_details"]["web_search_requests"] == 1


def test_an_unknown_prompt_cites_the_nearest_page(state: State) -> None:
    message = said(search(state, "Where is bread from the bakery?"))
    assert message["content"].startswith("No model wrote this")
    assert [n["url_citation"]["url"] for n in message["annotations"]] == ["https://bakery.example/"]
    assert "annotations" not in said(search(state, "Zzz?"))
