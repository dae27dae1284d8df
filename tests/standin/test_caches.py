"""The prompt cache of a provider and the response cache of OpenRouter."""

from __future__ import annotations

import json
import time
import urllib.request
from decimal import Decimal
from typing import Any

import pytest

from asking import GEMINI, HAIKU, MINI, TOOLS, ask, chunks, message, tool, user
from openrouter_standin import Faults, StandIn, State, answer
from openrouter_standin.catalogue import endpoints

BOOK = ("word " * 5000).strip()
MARK = {"type": "ephemeral"}
FIVE, SONNET, LUNA, CODER = (
    "anthropic/claude-haiku-5.5",
    "anthropic/claude-sonnet-4.6",
    "openai/gpt-5.6-luna",
    "qwen/qwen3-coder-plus",
)


def text(words: str, **mark: Any) -> dict[str, Any]:
    return {"type": "text", "text": words, **mark}


def marked(words: str = BOOK, question: str = "First?", **mark: Any) -> list[dict[str, Any]]:
    """One user message: a marked text, then a question that is not marked."""
    return user([text(words, cache_control={**MARK, **mark}), text(question)])


def counted(state: State, **asked: Any) -> tuple[int, int]:
    """Tokens read from the prompt cache and written to it, at one provider unless the request names others."""
    model = asked.get("model", HAIKU)
    there = {"provider": {"only": [endpoints(model)[0]["tag"]]}} if "session_id" not in asked else {}
    answered = ask(state, **{"model": model, **there, **asked})
    assert answered["status"] == 200, answered["body"]
    details = answered["body"]["usage"]["prompt_tokens_details"]
    return details["cached_tokens"], details["cache_write_tokens"]


def price_of(model: str) -> dict[str, Decimal]:
    return {k: Decimal(v) for k, v in endpoints(model)[0]["pricing"].items() if isinstance(v, str)}


def paid(state: State, **asked: Any) -> tuple[Decimal, dict[str, Any], dict[str, Any]]:
    """Dollars of the prompt, its details, and the record of the generation."""
    body = ask(state, **{"provider": {"only": [endpoints(asked["model"])[0]["tag"]]}, **asked})["body"]
    record = answer({"method": "GET", "path": f"/api/v1/generation?id={body['id']}"}, state)["body"]["data"]
    cost = body["usage"]["cost_details"]["upstream_inference_prompt_cost"]
    details = body["usage"]["prompt_tokens_details"] | {"prompt": body["usage"]["prompt_tokens"]}
    return Decimal(repr(cost)), details, record


def test_a_prompt_cache_reads_what_it_knows_and_charges_less() -> None:
    state, price = State(), price_of(HAIKU)
    first, wrote, writing = paid(state, model=HAIKU, messages=marked())
    second, read, reading = paid(state, model=HAIKU, messages=marked(question="And the second?"))
    size = wrote["cache_write_tokens"]
    assert size == read["cached_tokens"] == 5003 and read["cache_write_tokens"] == wrote["cached_tokens"] == 0
    assert first == size * price["input_cache_write"] + (wrote["prompt"] - size) * price["prompt"]
    assert second == size * price["input_cache_read"] + (read["prompt"] - size) * price["prompt"]
    assert Decimal(str(writing["cache_discount"])) == -size * (price["input_cache_write"] - price["prompt"])
    assert Decimal(str(reading["cache_discount"])) == size * (price["prompt"] - price["input_cache_read"])
    assert (writing["native_tokens_cached"], reading["native_tokens_cached"]) == (0, size)
    unmarked = paid(state, model=HAIKU, messages=user(BOOK))
    assert (unmarked[1]["cached_tokens"], unmarked[2]["cache_discount"]) == (0, None)


@pytest.mark.parametrize(("model", "least"), [
    (HAIKU, 4096), ("anthropic/claude-opus-4.6", 4096), (SONNET, 1024), ("anthropic/claude-3-haiku", 2048),
    (FIVE, 512), ("anthropic/claude-opus-5.5", 512), ("anthropic/claude-sonnet-5.5", 512), (CODER, 1024), (LUNA, 1024),
    ("google/gemini-2.5-flash", 1024), (GEMINI, 4096),
])  # fmt: skip
def test_a_beginning_below_the_minimum_is_not_cached_at_all(model: str, least: int) -> None:
    def both(words: int) -> list[tuple[int, int]]:
        state = State()
        asked = {"model": model, "messages": marked(("word " * words).strip()), "max_tokens": 2000}
        asked |= {"prompt_cache_options": {"mode": "explicit"}} if model == LUNA else {}
        return [counted(state, **asked), counted(state, **asked)]

    assert both(least - 3) == [(0, least), (least, 0)]
    assert both(least - 4) == [(0, 0), (0, 0)]


@pytest.mark.parametrize("model", [MINI, "deepseek/deepseek-v3.2", "x-ai/grok-4.3", "moonshotai/kimi-k3"])
def test_other_families_cache_by_themselves_in_steps(model: str) -> None:
    state = State()
    assert counted(state, model=model, messages=user(BOOK + " First?"), max_tokens=2000) == (0, 0)
    assert counted(state, model=model, messages=user(BOOK + " And the second?"), max_tokens=2000) == (4992, 0)
    assert counted(State(), model=model, messages=user(BOOK), max_tokens=2000) == (0, 0)
    short = user("word " * 1018)
    assert [counted(state, model=model, messages=short, max_tokens=2000) for _ in range(2)] == [(0, 0)] * 2


def test_a_first_word_a_tool_and_the_order_of_tools_spoil_a_beginning() -> None:
    def after(first: dict[str, Any], second: dict[str, Any]) -> list[int]:
        found = []
        for model in (HAIKU, MINI):
            state = State()
            counted(state, model=model, **first)
            found.append(counted(state, model=model, **second)[0])
        return found

    def system(words: str) -> list[dict[str, Any]]:
        return [{"role": "system", "content": [text(words, cache_control=MARK)]}, *user("First?")]

    same = {"messages": system(BOOK), "tools": TOOLS}
    assert all(size > 4900 for size in after(same, same))
    assert after({"messages": system("09:00 " + BOOK)}, {"messages": system("09:01 " + BOOK)}) == [0, 0]
    assert after(same, {"messages": system(BOOK)}) == [0, 0]
    assert after(same, {**same, "tools": TOOLS[::-1]}) == [0, 0]
    as_json = {"messages": system("Write JSON. " + BOOK)}
    assert after(as_json, {**as_json, "response_format": {"type": "json_object"}}) == [0, 0]


def test_the_marked_beginning_ends_with_its_part_or_tool() -> None:
    state = State()
    two = user([text(BOOK, cache_control=MARK), text(BOOK + " more"), text("First?")])
    assert counted(state, messages=two) == (0, 5003)
    assert counted(state, messages=user([text(BOOK, cache_control=MARK), text("Other?")])) == (5003, 0)
    tools = [TOOLS[0], {**tool("long", BOOK), "cache_control": MARK}]
    size = counted(state, messages=user("First?"), tools=tools)[1]
    assert 5000 < size < 5200 and counted(state, messages=user("Other?"), tools=tools) == (size, 0)


def test_a_mark_may_move_and_finds_what_was_cached_before() -> None:
    state, top = State(), {"cache_control": MARK}
    talk = user(BOOK)
    first = counted(state, messages=talk, **top)
    talk = [*talk, {"role": "assistant", "content": "Yes."}, *user("And then?")]
    second = counted(state, messages=talk, **top)
    assert first == (0, 5003) and second[0] == 5003 and second[1] > 0
    assert counted(state, messages=talk, **top) == (sum(second), 0)
    far = [m for n in range(12) for m in ({"role": "assistant", "content": "Yes."}, *user(f"And {n}?"))]
    assert counted(state, messages=[*talk, *far], **top)[0] == 0  # more than 20 blocks back
    assert counted(state, model=CODER, messages=user(BOOK), **top) == (0, 0)  # at the top level for Claude only


def test_a_mark_at_the_top_level_is_one_of_the_four() -> None:
    four = user([*(text("a", cache_control=MARK) for _ in range(4)), text("First?")])
    assert ask(model=HAIKU, messages=four)["status"] == 200
    refused = ask(model=HAIKU, messages=four, cache_control=MARK)["body"]["error"]["metadata"]["raw"]
    assert "A maximum of 4 blocks with cache_control may be provided. Found 5." in refused
    assert (
        ask(model=HAIKU, messages=[four[0] | {"content": four[0]["content"][:4]}], cache_control=MARK)["status"] == 200
    )


def test_five_minutes_and_an_hour() -> None:
    state, price = State(), price_of(HAIKU)
    hour, _, _ = paid(state, model=HAIKU, messages=marked(ttl="1h"))
    assert hour == 5003 * price["input_cache_write_1h"] + 2 * price["prompt"]
    assert counted(state, messages=marked(ttl="1h"), faults=Faults(later=3000)) == (5003, 0)
    assert counted(state, messages=marked(ttl="1h"), faults=Faults(later=3700)) == (0, 5003)
    both = user([text(BOOK, cache_control={**MARK, "ttl": "1h"}), text(BOOK, cache_control=MARK)])
    mixed, details, _ = paid(State(), model=HAIKU, messages=both)
    rest = details["cache_write_tokens"] - 5003
    assert rest == 5000 and mixed == 5003 * price["input_cache_write_1h"] + rest * price["input_cache_write"]


def test_a_use_prolongs_a_beginning_and_silence_ends_it() -> None:
    for model, kept in ((HAIKU, 5003), (MINI, 4992)):
        state, asked = State(), {"model": model, "messages": marked()}
        counted(state, **asked)
        for _ in range(3):
            assert counted(state, faults=Faults(later=280), **asked)[0] == kept
        assert counted(state, faults=Faults(later=320), **asked)[0] == 0
    state, asked = State(), {"model": GEMINI, "messages": marked()}
    assert [counted(state, faults=Faults(later=200), **asked)[0] for _ in range(3)] == [0, 5003, 0]


def test_a_cache_belongs_to_one_endpoint_and_a_session_keeps_to_it() -> None:
    state = State()
    assert [counted(state, messages=marked(), session_id="a")[0] for _ in range(4)] == [0, 5003, 5003, 5003]
    one, other = ({"order": [e["tag"]], "allow_fallbacks": False} for e in endpoints(HAIKU)[:2])
    state = State()
    found = [counted(state, messages=marked(), session_id="a", provider=p)[0] for p in (one, other, one, other)]
    assert found == [0, 0, 5003, 5003]
    header = {"x-session-id": "b"}
    served = {ask(state, model=HAIKU, headers=header, messages=user(str(n)))["body"]["provider"] for n in range(6)}
    assert len(served) == 1


def test_time_passes_over_http_and_nobody_waits() -> None:
    with StandIn() as standin:

        def created(**faults: Any) -> int:
            body = json.dumps({"model": MINI, "messages": user("Hi"), "max_tokens": 16}).encode()
            headers = {"authorization": f"Bearer {standin.key}", "x-standin-faults": json.dumps(faults)}
            asked = urllib.request.Request(f"{standin.url}/chat/completions", body, headers)
            return json.load(urllib.request.urlopen(asked))["created"]

        began = time.monotonic()
        first, second, third = created(), created(later=600), created()
        assert 600 <= second - first < 630 and 0 <= third - second < 30 and time.monotonic() - began < 60


def test_gemini_takes_the_last_mark_and_pays_for_storage() -> None:
    state, price = State(), price_of(GEMINI)
    parts = [text(BOOK, cache_control=MARK), text(BOOK, cache_control=MARK), text("First?")]
    cost, details, record = paid(state, model=GEMINI, messages=user(parts))
    assert details["cache_write_tokens"] == 10_003
    whole = 10_003 * (price["prompt"] + price["input_cache_write"]) + 2 * price["prompt"]
    assert float(cost) == pytest.approx(float(whole), rel=1e-12)
    assert record["cache_discount"] < 0
    assert counted(state, model=GEMINI, messages=user([parts[0], text("Other?")]))[0] == 0
    system = {"role": "system", "content": [text(BOOK, cache_control=MARK), text("Today is Monday.")]}
    size = counted(state, model=GEMINI, messages=[system, *user("First?")])[1]
    assert size > 5003  # the system message is cached whole
    assert counted(state, model=GEMINI, messages=[system, *user("Other?")]) == (size, 0)
    by_itself = [counted(state, model=GEMINI, messages=user(BOOK + q)) for q in (" one", " two")]
    assert by_itself == [(0, 0), (4992, 0)]


def test_gpt_5_6_charges_for_writing_unless_it_is_switched_off() -> None:
    state, price, off = State(), price_of(LUNA), {"prompt_cache_options": {"mode": "explicit", "ttl": "30m"}}
    cost, details, _ = paid(state, model=LUNA, messages=user(BOOK))
    assert details["cache_write_tokens"] == 4992
    assert cost == 4992 * price["input_cache_write"] + 11 * price["prompt"]
    assert counted(state, model=LUNA, messages=user(BOOK), faults=Faults(later=1700)) == (4992, 0)
    assert [counted(State(), model=LUNA, messages=user(BOOK), **off) for _ in range(2)] == [(0, 0)] * 2
    state, mark = State(), {"prompt_cache_breakpoint": {"mode": "explicit"}}
    asked = {"model": LUNA, "messages": user([text(BOOK, **mark), text("First?")]), **off}
    assert [counted(state, **asked) for _ in range(2)] == [(0, 5003), (5003, 0)]
    claude = user([text(BOOK, **mark), text("First?")])
    assert counted(State(), messages=claude) == (0, 5003)


def test_the_response_cache_repeats_an_answer_for_nothing() -> None:
    state, on = State(), {"X-OpenRouter-Cache": "true", "X-OpenRouter-Cache-TTL": "60"}
    first, second = (ask(state, headers=on) for _ in range(2))
    assert [r["headers"]["x-openrouter-cache-status"] for r in (first, second)] == ["MISS", "HIT"]
    assert second["headers"]["x-openrouter-cache-source-id"] == first["body"]["id"] != second["body"]["id"]
    assert second["body"]["usage"]["cost"] == 0 == second["body"]["usage"]["total_tokens"]
    assert message(first) == message(second)
    assert (
        ask(state, headers={**on, "X-OpenRouter-Cache-Clear": "true"})["headers"]["x-openrouter-cache-status"] == "MISS"
    )
    assert "x-openrouter-cache-status" not in ask(state)["headers"]
    state.clock_ms += 61_000
    assert ask(state, headers=on)["headers"]["x-openrouter-cache-status"] == "MISS"


def test_the_response_cache_is_careful() -> None:
    on, state = {"X-OpenRouter-Cache": "true"}, State()
    ask(state, headers=on, stream=True, faults=Faults(break_after=3))
    assert ask(state, headers=on, stream=True)["headers"]["x-openrouter-cache-status"] == "MISS"
    hit = ask(state, headers=on, stream=True)
    assert hit["headers"]["x-openrouter-cache-status"] == "HIT"
    made = answer({"method": "GET", "path": f"/api/v1/generation?id={chunks(hit)[0]['id']}"}, state)["body"]["data"]
    assert (made["total_cost"], bool(made["response_cache_source_id"])) == (0, True)
    short = State()
    ask(short, headers={**on, "X-OpenRouter-Cache-TTL": "1"})
    short.clock_ms += 10_000
    assert ask(short, headers=on)["headers"]["x-openrouter-cache-status"] == "MISS"
