"""Reasoning: its forms by author, its effort, its cost."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from asking import GEMINI, GPT5, HAIKU, MINI, ask, ask_body, chunks, message, user
from openrouter_standin.output.reasoning import RATIOS
from support import GLM


@pytest.mark.parametrize(("model", "kinds"), [
    (GPT5, ["reasoning.summary", "reasoning.encrypted"]), ("x-ai/grok-4.3", ["reasoning.summary", "reasoning.encrypted"]),
    (HAIKU, ["reasoning.text"]), (GEMINI, ["reasoning.text", "reasoning.encrypted"]), ("deepseek/deepseek-r1-0528", ["reasoning.text"])])  # fmt: skip
def test_reasoning_details_have_the_form_of_their_author(model: str, kinds: list[str]) -> None:
    said = message(ask(model=model, reasoning={"effort": "low"}))
    assert [d["type"] for d in said["reasoning_details"]] == kinds
    assert said["reasoning"]
    assert ("signature" in said["reasoning_details"][0]) == (model == HAIKU)
    streamed = [d for c in chunks(ask(model=model, reasoning={"effort": "low"}, stream=True))
                for d in c["choices"][0]["delta"].get("reasoning_details") or []]  # fmt: skip
    assert list(dict.fromkeys(d["type"] for d in streamed)) == kinds
    assert "".join(d.get("text") or d.get("summary") or "" for d in streamed) == said["reasoning"]


def test_more_effort_costs_more_and_excluded_reasoning_is_still_charged() -> None:
    def thought(**reasoning: Any) -> int:
        return ask(model="openai/gpt-5.2", reasoning=reasoning, max_tokens=4000)["body"]["usage"][
            "completion_tokens_details"
        ]["reasoning_tokens"]

    levels = [thought(effort=e) for e in ("none", "low", "medium", "high", "xhigh")]
    assert levels[0] == 0 and all(a < b for a, b in pairwise(levels))
    hidden = ask(model="openai/gpt-5.2", reasoning={"effort": "high", "exclude": True}, max_tokens=4000)["body"]
    assert hidden["choices"][0]["message"]["reasoning"] is None
    assert hidden["usage"]["completion_tokens_details"]["reasoning_tokens"] == levels[3]
    assert (
        ask(model=HAIKU, reasoning={"max_tokens": 5})["body"]["usage"]["completion_tokens_details"]["reasoning_tokens"]
        == 5
    )
    assert (
        ask(model=MINI, reasoning={"effort": "high"})["body"]["usage"]["completion_tokens_details"]["reasoning_tokens"]
        == 0
    )
    assert RATIOS["high"] == 0.8


def test_mandatory_reasoning_cannot_be_turned_off_but_an_alias_remaps_it() -> None:
    refused = ask(model=GPT5, reasoning={"effort": "none"})
    assert refused["status"] == 400
    assert refused["body"]["error"]["message"] == "Reasoning is mandatory for this endpoint and cannot be disabled."
    assert ask(model=GPT5, models=[MINI], reasoning={"enabled": False})["body"]["model"] == MINI
    small = ask(model=GLM, max_tokens=5)["body"]["choices"][0]
    assert (small["message"]["content"], small["finish_reason"]) == ("", "length")


# --- parts, citations ------------------------------------------------------------------------------------------------


def test_a_model_that_always_thinks_does_so_in_words_that_say_what_they_are() -> None:
    asked = {"model": "z-ai/glm-5.3-flash", "messages": user("Name one use of routing.")}
    thought = message(ask(**asked))
    assert thought["reasoning"] == "No model thinks here." and thought["content"].startswith("A request goes")
    refused = ask(**asked, reasoning={"enabled": False})
    assert refused["status"] == 400 and "mandatory" in refused["body"]["error"]["message"]


def test_reasoning_counts_against_max_tokens() -> None:
    question = [{"role": "user", "content": "Why do ids carry dates?"}]
    body = ask_body({"model": "google/gemini-2.5-pro-preview", "messages": question, "max_tokens": 30})["body"]
    assert body["choices"][0]["message"]["content"] == ""
    assert body["choices"][0]["finish_reason"] == "length"
    assert body["usage"]["completion_tokens_details"]["reasoning_tokens"] == 30
    full = ask_body({"model": "google/gemini-2.5-pro-preview", "messages": question, "max_tokens": 300})["body"][
        "choices"
    ][0]["message"]
    assert full["reasoning_details"][0]["type"] == "reasoning.text"
