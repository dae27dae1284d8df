"""A chat request, parsed once: what the rest of the stand-in asks of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from . import catalogue, content_parts
from .files import File, known_contents, read_file
from .http_request import HttpRequest
from .ids import hash_of
from .not_imitated import SEARCH_TOOLS, check_imitated
from .pictures import picture_tokens
from .response_cache import CacheOptions
from .validation import SYSTEM_ROLES, check_chat


@dataclass(frozen=True)
class ChatRequest:
    """`seed`: decides ids and what is drawn; the same request asked again has another one.

    `models`: the model asked for, then the fallback list, each once. `limit`: the most tokens the answer may have, or None.
    """

    body: Mapping[str, Any]
    seed: str
    key: str
    models: tuple[str, ...]
    limit: int | None
    wants_metadata: bool
    cache: CacheOptions

    @classmethod
    def parse(cls, http: HttpRequest, seed: str) -> ChatRequest:
        """Check the form of the request. Raises `ApiError`."""
        body = _with_session(http)
        check_chat(body)
        check_imitated(body)
        first = [body["model"]] if isinstance(body.get("model"), str) else []
        return cls(
            body=body,
            seed=seed,
            key=http.key,
            models=tuple(dict.fromkeys([*first, *(body.get("models") or [])])),
            limit=body.get("max_tokens") or body.get("max_completion_tokens"),
            wants_metadata=http.wants_metadata,
            cache=CacheOptions.of(http),
        )

    @property
    def model(self) -> str:
        """The model that is tried first."""
        return self.models[0]

    @property
    def messages(self) -> list[Mapping[str, Any]]:
        return self.body["messages"]

    @property
    def provider(self) -> Mapping[str, Any]:
        """The routing object; empty without one."""
        return self.body.get("provider") or {}

    @property
    def functions(self) -> list[Mapping[str, Any]]:
        """The function tools; server tools are not among them."""
        return [t["function"] for t in self.body.get("tools") or [] if t.get("type") == "function"]

    @property
    def modalities(self) -> list[str]:
        """What the answer should hold; empty when the request does not say."""
        return self.body.get("modalities") or []

    @property
    def wants_json(self) -> bool:
        """Whether the answer must be JSON, with a schema or without."""
        return (self.body.get("response_format") or {}).get("type") in ("json_object", "json_schema")

    @property
    def json_schema(self) -> Any:
        """The schema that the answer must have; None where any JSON object will do."""
        wanted = self.body["response_format"]
        return (wanted.get("json_schema") or {}).get("schema") if wanted["type"] == "json_schema" else None

    @property
    def forces_a_tool(self) -> bool:
        """Whether a function must be called: any, or one by its name."""
        return bool(self.functions) and self.body.get("tool_choice") not in (None, "auto", "none")

    @cached_property
    def prompt_tokens(self) -> int:
        """Nominal tokens of the whole prompt, as the model that is tried first counts them."""
        return self.prompt_tokens_at(self.model)

    def prompt_tokens_at(self, model: str) -> int:
        """Nominal tokens of the whole prompt, as a model counts them."""
        if model not in self._counted:
            self._counted[model] = content_parts.prompt_tokens(self.body, lambda part: self.part_tokens_at(model, part))
        return self._counted[model]

    def part_tokens_at(self, model: str, part: Mapping[str, Any]) -> int:
        """Nominal tokens of a part that is not text, as a model counts them."""
        if part["type"] == "image_url":
            return picture_tokens(part["image_url"], self._row_of(model)["id"])
        if part["type"] == "file":
            return self._file_at(model, part).tokens(model)
        return content_parts.TOKENS[part["type"]]

    def files_at(self, model: str) -> list[File]:
        """The files of the prompt, read for a model."""
        return [self._file_at(model, part) for part in content_parts.parts(self.body) if part["type"] == "file"]

    def _file_at(self, model: str, part: Mapping[str, Any]) -> File:
        row = self._row_of(model)
        place = (row["id"], id(part))
        if place not in self._files:
            self._files[place] = read_file(part, row, self.pdf_engine, self._known_files)
        return self._files[place]

    def _row_of(self, model: str) -> Mapping[str, Any]:
        """The row of the catalogue; for a model that is not in it, one that takes text alone."""
        return catalogue.find(model) or {"id": model, "architecture": {"input_modalities": ["text"]}}

    @cached_property
    def _files(self) -> dict[tuple[str, int], File]:
        """Files by model and part: each is read once."""
        return {}

    @cached_property
    def _known_files(self) -> dict[str, list[Mapping[str, Any]]]:
        return known_contents(self.messages)

    @cached_property
    def _counted(self) -> dict[str, int]:
        """Prompt tokens by model: a long prompt is counted once."""
        return {}

    @property
    def search_settings(self) -> Mapping[str, Any] | None:
        """How the web is searched, as the server tool, the older plugin or the `:online` suffix says; None: it is not
        (docs, web search, 2026-11)."""
        if self.body.get("tool_choice") == "none":
            return None
        tool, plugin = self.search_tool, self.plugin("web")
        if tool is not None:
            settings = tool.get("parameters") or {}
            return settings if isinstance(settings, Mapping) else {}
        online = "online" in str(self.body.get("model", "")).split(":")[1:]
        return plugin if plugin is not None else {} if online else None

    @property
    def search_tool(self) -> Mapping[str, Any] | None:
        """The server tool: with it the model decides how often it searches. The plugin and `:online` search once."""
        return next((t for t in self.body.get("tools") or [] if t.get("type") in SEARCH_TOOLS), None)

    @property
    def pdf_engine(self) -> str | None:
        """What parses PDF files, if the request says so."""
        settings = (self.plugin("file-parser") or {}).get("pdf")
        return settings.get("engine") if isinstance(settings, Mapping) else None

    @property
    def compresses(self) -> bool:
        """Whether a conversation that is too long is shortened: by the plugin, or by the older `transforms`."""
        return self.plugin("context-compression") is not None or "middle-out" in (self.body.get("transforms") or [])

    @property
    def echoes_body(self) -> bool:
        """Whether a stream begins with what was sent to the provider (docs, debugging; streams only)."""
        return (self.body.get("debug") or {}).get("echo_upstream_body") is True and self.body.get("stream") is True

    def plugin(self, name: str) -> Mapping[str, Any] | None:
        """The plugin with this id, unless it is switched off."""
        named = (p for p in self.body.get("plugins") or [] if p.get("id") == name and p.get("enabled") is not False)
        return next(named, None)

    @cached_property
    def session(self) -> tuple[str, str]:
        """What sticky routing goes by: the model, and session_id, else prompt_cache_key, else a hash of the first system
        and the first other message."""
        own = self.body.get("session_id") or self.body.get("prompt_cache_key")
        if own:
            return self.model, str(own)
        first = [m for m in self.messages if m["role"] in SYSTEM_ROLES][:1]
        other = [m for m in self.messages if m["role"] not in SYSTEM_ROLES][:1]
        return self.model, hash_of(repr([first, other]))


def _with_session(http: HttpRequest) -> Any:
    """The body, with the session id of the header x-session-id where it has none (docs, prompt caching, 2026-08)."""
    named = http.headers.get("x-session-id")
    if not named or not isinstance(http.body, Mapping) or http.body.get("session_id"):
        return http.body
    return {**http.body, "session_id": named}
