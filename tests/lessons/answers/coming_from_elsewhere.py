"""Answers to the exercises of 25-coming-from-elsewhere: for each checker the unedited one, wrong ones, right ones."""

from __future__ import annotations

import re
from typing import Any

GOOD: dict[str, Any] = {"only": ["azure"], "data_collection": "deny", "require_parameters": True}


def new_id(old: str) -> str:
    if old.startswith("openrouter/"):
        return old.removeprefix("openrouter/")
    if old.startswith("gemini-"):
        return f"google/{old}"
    if old.startswith("claude-"):
        return "anthropic/" + re.sub(r"-(\d)-(\d)", r"-\1.\2", re.sub(r"-\d{8}$", "", old))
    return f"openai/{old}"


def by_split(old: str) -> str:
    first, _, rest = old.partition("/")
    if rest:
        return rest
    family = first.split("-")[0]
    if family != "claude":
        return {"gemini": "google"}.get(family, "openai") + "/" + old
    _, name, major, minor, *_ = old.split("-")
    return f"anthropic/claude-{name}-{major}.{minor}"


class Mapper:
    def __call__(self, old: str) -> str:
        return new_id(old)


CASES: dict[str, tuple[Any, list[Any], list[Any]]] = {
    "ids": (
        lambda old: f"openai/{old}",
        [
            None,
            "openai/gpt-4o-mini",
            lambda: "openai/gpt-4o-mini",
            lambda old: None,
            lambda old: old,
            lambda old: "openai/gpt-4o-mini",
            lambda old: new_id(old).upper(),
            lambda old: f"openai/{old}" if "gpt" in old else f"google/{old}",
            lambda old: "anthropic/" + re.sub(r"-\d{8}$", "", old) if old.startswith("claude") else new_id(old),
            lambda old: f"anthropic/{old}" if old.startswith("claude") else new_id(old),
            lambda old: "openrouter/auto" if old.startswith("openrouter/") else new_id(old),
            lambda old: old if old.startswith("openrouter/") else new_id(old),
            lambda old: new_id(old) + ":free",
            lambda old: "anthropic/claude-haiku-4.5" if "claude" in old else new_id(old),
        ],
        [
            new_id,
            by_split,
            Mapper(),
            lambda old: new_id(str(old)),
            lambda *old: new_id(*old),
            lambda old: new_id(old).strip(),
        ],
    ),
    "azure_only": (
        {"provider": {"order": ["azure"]}},
        [
            None,
            [],
            {},
            {"only": ["azure"]},
            {"provider": {"only": ["azure"]}},
            {"provider": {**GOOD, "only": ["openai"]}},
            {"provider": {**GOOD, "only": ["azure", "openai"]}},
            {"provider": {**GOOD, "data_collection": "allow"}},
            {"provider": {**GOOD, "require_parameters": False}},
            {"provider": {k: v for k, v in GOOD.items() if k != "only"} | {"order": ["azure"]}},
            {"provider": {**GOOD, "only": "azur"}},
            {"provider": GOOD, "model": "openai/gpt-4o"},
            {"provider": GOOD, "models": ["openai/gpt-4o-mini", "openai/gpt-4o"]},
            {"provider": {k: v for k, v in GOOD.items() if k != "only"} | {"ignore": ["azure"]}},
            {"provider": {k: v for k, v in GOOD.items() if k != "only"} | {"ignore": ["openai"]}},
        ],
        [
            {"provider": GOOD},
            {"provider": {**GOOD, "only": ["Azure"]}},
            {"provider": {**GOOD, "allow_fallbacks": False}},
            {"provider": {**GOOD, "order": ["azure"]}},
            {
                "provider": {k: v for k, v in GOOD.items() if k != "only"}
                | {"order": ["azure"], "allow_fallbacks": False}
            },
            {"provider": {**GOOD, "only": ["AZURE"]}},
        ],
    ),
}
