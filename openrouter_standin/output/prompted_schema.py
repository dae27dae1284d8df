"""A JSON schema that stands in the prompt: libraries put it there for models that know no `response_format`.

Their forms in 2026: instructor's JSON and MD_JSON modes, Pydantic AI's PromptedOutput, LangChain's PydanticOutputParser.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..tokens import text_of
from ..validation import SYSTEM_ROLES

LONGEST, MOST_TRIES = 50_000, 30
"""Characters that are looked at, and objects that are tried, in all messages together."""
OBJECT = re.compile(r'\{\s*"')
SHAPES = ("properties", "$ref", "anyOf", "items")


@dataclass(frozen=True)
class PromptedSchema:
    """The schema, and whether the prompt wants the answer in a code block."""

    schema: Mapping[str, Any]
    in_code_block: bool


def prompted_schema(messages: Sequence[Mapping[str, Any]]) -> PromptedSchema | None:
    """The last schema in the system messages and the last user message, when the prompt speaks of JSON; else None."""
    users = [m for m in messages if m.get("role") == "user"][-1:]
    texts = [text_of(m.get("content")) for m in messages if m.get("role") in SYSTEM_ROLES or m in users]
    said = "\n".join(texts).lower()
    if "json" not in said:
        return None
    found = list(_schemas_in("\n".join(texts)[-LONGEST:]))
    fence = "```json" in said or "codeblock" in said or "code block" in said
    forbids = "markdown fencing" in said or "no markdown" in said
    return PromptedSchema(found[-1], fence and not forbids) if found else None


def _schemas_in(text: str) -> Iterator[Mapping[str, Any]]:
    """Every JSON object in the text that looks like a schema; what is inside one is not looked at again."""
    at, decoder = 0, json.JSONDecoder()
    for _ in range(MOST_TRIES):
        begins = OBJECT.search(text, at)
        if not begins:
            return
        try:
            value, at = decoder.raw_decode(text, begins.start())
        except (ValueError, RecursionError):
            at = begins.end()
            continue
        if isinstance(value, dict) and _is_schema(value):
            yield value


def _is_schema(value: Mapping[str, Any]) -> bool:
    return any(isinstance(value.get(name), dict | list | str) for name in SHAPES) and (
        value.get("type") in ("object", "array") or "$ref" in value or "anyOf" in value or "properties" in value
    )
