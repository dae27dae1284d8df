"""What is documented and not imitated is refused by its name."""

from __future__ import annotations

from typing import Any

import pytest

from asking import HAIKU, MINI, ask, message, user


@pytest.mark.parametrize(("body", "field"), [
    ({"prediction": {"type": "content", "content": "x"}}, "prediction"),
    ({"web_search_options": {"search_context_size": "low"}}, "web_search_options"),
    ({"x_search_filter": {}}, "x_search_filter"), ({"stop_server_tools_when": {}}, "stop_server_tools_when"),
    ({"route": "fallback"}, "route"), ({"messages": None, "prompt": "Once"}, "prompt"),
    ({"plugins": [{"id": "fusion"}]}, "plugins[0].id 'fusion', which is documented"),
    ({"plugins": [{"id": "web"}, {"id": "teleport"}]}, "plugins[1].id 'teleport'"),
    ({"plugins": [{"id": "web", "engine": "altavista"}]}, "plugins[0].engine 'altavista'"),
    ({"plugins": [{"id": "file-parser", "pdf": {"engine": "lens"}}]}, "plugins[0].pdf.engine 'lens'"),
    ({"tools": [{"type": "openrouter:web_fetch"}]}, "tools[0].type 'openrouter:web_fetch'"),
    ({"tools": [{"type": "openrouter:web_search", "parameters": {"engine": "x"}}]}, "tools[0].parameters.engine 'x'"),
    ({"response_format": {"type": "grammar"}}, "response_format.type 'grammar'"),
    ({"provider": {"options": {"openai": {}}}}, "provider.options"), ({"reasoning": {"mode": "pro"}}, "reasoning.mode 'pro'"),
    ({"image_config": {"image_size": "4K"}}, "image_config.image_size")])  # fmt: skip
def test_the_refusal_names_the_field(body: dict[str, Any], field: str) -> None:
    refused = ask(**body)
    assert refused["status"] == 400
    assert refused["body"]["error"]["message"].startswith(f"The stand-in does not imitate {field}")


@pytest.mark.parametrize("body", [
    {"plugins": [{"id": "fusion", "enabled": False}]}, {"plugins": [{"id": "response-healing"}]}, {"reasoning": {"mode": "standard"}},
    {"metadata": {"a": "b"}, "user": "u", "trace": {"trace_id": "t"}, "seed": 4, "logit_bias": {"5": 1}, "verbosity": "low"},
    {"audio": None, "prediction": None}, {"transforms": ["middle-out"]}])  # fmt: skip
def test_what_changes_nothing_is_taken(body: dict[str, Any]) -> None:
    assert ask(**body)["status"] == 200


@pytest.mark.parametrize(
    ("engine", "dollars"), [("exa", 0.007), ("parallel", 0.005), ("perplexity", 0.005), ("firecrawl", 0)]
)
def test_each_search_engine_has_its_price(engine: str, dollars: float) -> None:
    tool = {"type": "openrouter:web_search", "parameters": {"engine": engine}}
    assert ask(tools=[tool])["body"]["usage"]["cost_details"]["server_tool_cost"] == dollars


def test_the_older_transforms_shorten_a_conversation_too() -> None:
    long = {"model": HAIKU, "messages": user("word " * 210_000), "max_tokens": 50}
    assert ask(**long)["status"] == 400
    assert ask(**long, transforms=["middle-out"])["status"] == 200


SCHEMA = '{"type": "object", "properties": {"city": {"type": "string"}, "days": {"type": "integer"}}, "required": ["city", "days"]}'


@pytest.mark.parametrize("messages", [
    [{"role": "system", "content": f"Always respond with a JSON object that's compatible with this schema:\n\n{SCHEMA}"},
     *user('Three days in "Oslo", 3 nights.')],
    user(f"Answer in JSON that follows this JSON schema: {SCHEMA}")])  # fmt: skip
def test_a_schema_in_the_prompt_is_satisfied(messages: list[dict[str, Any]]) -> None:
    import json

    value = json.loads(message(ask(model=MINI, messages=messages))["content"])
    assert set(value) == {"city", "days"} and isinstance(value["days"], int)
    form = {"response_format": {"type": "json_object"}}
    assert set(json.loads(message(ask(model=MINI, messages=messages, **form))["content"])) == {"city", "days"}


def test_a_code_block_is_given_when_it_is_asked_for() -> None:
    asked = [*user(f"The json_schema:\n{SCHEMA}\nReturn the correct JSON response within a ```json codeblock.")]
    assert message(ask(messages=asked))["content"].startswith('```json\n{"city"')


def test_other_braces_are_left_alone() -> None:
    for text in (
        "What does {x} mean in JSON?",
        'Explain {"properties": 5}',
        "{" * 5000 + " json",
        SCHEMA.replace("type", "kind"),
    ):
        assert message(ask(messages=user(text)))["content"].startswith("No model wrote this.") or "kind" in text
