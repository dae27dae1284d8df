"""The prompt cache of a provider and the response cache of OpenRouter."""

from __future__ import annotations

from decimal import Decimal

from asking import HAIKU, LONG, MINI, ask, chunks, message, user
from openrouter_standin import Faults, State, answer
from openrouter_standin.catalogue import endpoints


def test_a_prompt_cache_reads_what_it_knows_and_charges_less() -> None:
    state = State()
    marked = [
        {"role": "system", "content": [{"type": "text", "text": LONG, "cache_control": {"type": "ephemeral"}}]},
        *user("First?"),
    ]
    asked = {"model": HAIKU, "provider": {"only": ["anthropic"]}, "messages": marked}
    first, second = (ask(state, **asked)["body"]["usage"] for _ in range(2))
    wrote, read = first["prompt_tokens_details"]["cache_write_tokens"], second["prompt_tokens_details"]["cached_tokens"]
    assert wrote == read > 1024 and second["prompt_tokens_details"]["cache_write_tokens"] == 0
    price = {k: Decimal(v) for k, v in endpoints(HAIKU)[0]["pricing"].items() if isinstance(v, str)}
    rest = second["prompt_tokens"] - read
    assert (
        Decimal(str(first["cost_details"]["upstream_inference_prompt_cost"]))
        == wrote * price["input_cache_write"] + rest * price["prompt"]
    )
    assert (
        Decimal(str(second["cost_details"]["upstream_inference_prompt_cost"]))
        == read * price["input_cache_read"] + rest * price["prompt"]
    )
    state.clock_ms += 600_000
    assert ask(state, **asked)["body"]["usage"]["prompt_tokens_details"]["cached_tokens"] == 0
    unmarked = {**asked, "messages": [{"role": "system", "content": LONG}, *user("First?")]}
    assert (
        ask(state, **unmarked)["body"]["usage"]["prompt_tokens_details"]
        == ask(state, **unmarked)["body"]["usage"]["prompt_tokens_details"]
    )


def test_other_providers_cache_on_their_own() -> None:
    state, asked = State(), {"model": MINI, "provider": {"only": ["openai"]}, "messages": user(LONG)}
    ask(state, **asked)
    longer = {**asked, "messages": [*user(LONG), {"role": "assistant", "content": "Yes."}, *user("And?")]}
    assert ask(state, **longer)["body"]["usage"]["prompt_tokens_details"]["cached_tokens"] > 1024
    assert ask(State(), **longer)["body"]["usage"]["prompt_tokens_details"]["cached_tokens"] == 0


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
