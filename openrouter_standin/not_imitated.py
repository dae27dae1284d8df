"""What the service documents and the stand-in does not imitate: a request for it is refused by name, never passed over.

What is left out here and has no effect either (temperature, seed, logit_bias, metadata, user, trace, …) would only change
words, or what others see of a request. Documented names: OpenRouter's OpenAPI (2026-08-22) and its SDK of October 2026.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .errors import not_imitated

FIELDS = {
    "prompt": "Send `messages`.",
    "prediction": "Leave it out: the answer is the same, only the time differs.",
    "web_search_options": 'Use the server tool {"type": "openrouter:web_search"}.',
    "x_search_filter": "",
    "stop_server_tools_when": "",
    "deferred_tools": "",
    "route": "It is deprecated: use provider.sort.partition.",
}
"""Fields of a chat request, each with what to do instead."""
PLUGINS = ("web", "file-parser", "context-compression", "response-healing", "auto-router")
OTHER_PLUGINS = ("web-fetch", "moderation", "auto-beta-router", "pareto-router", "fusion", "alignment", "armor",
                 "jev-router", "switchyard-router")  # fmt: skip
SEARCH_TOOLS = ("openrouter:web_search", "web_search", "web_search_preview")
"""The server tool, and the names that the Responses API knows it by."""
PDF_ENGINES = ("native", "mistral-ocr", "cloudflare-ai", "pdf-text")
SEARCH_ENGINES = ("auto", "native", "exa", "firecrawl", "parallel", "perplexity")
FORMATS = ("grammar", "python")
PICTURE_SETTINGS = ("aspect_ratio",)


def check_imitated(body: Mapping[str, Any]) -> None:
    """Raise `ApiError` for the first thing that is asked for and not imitated. `body`: a chat request of the right form."""
    for field, way_out in _asked_for(body):
        raise not_imitated(field, way_out)


def _asked_for(body: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The name and the way out of everything that is not imitated."""
    for field, way_out in FIELDS.items():
        if body.get(field) is not None:
            yield field, way_out
    for number, plugin in enumerate(body.get("plugins") or []):
        if plugin.get("enabled") is not False:
            yield from _of_plugin(f"plugins[{number}]", plugin)
    for number, tool in enumerate(body.get("tools") or []):
        if tool["type"] != "function":
            yield from _of_server_tool(f"tools[{number}]", tool)
    if (body.get("response_format") or {}).get("type") in FORMATS:
        yield f"response_format.type {body['response_format']['type']!r}", "It imitates json_object and json_schema."
    if (body.get("provider") or {}).get("options") is not None:
        yield "provider.options", ""
    if (body.get("reasoning") or {}).get("mode") not in (None, "standard"):
        yield f"reasoning.mode {body['reasoning']['mode']!r}", ""
    for name in body.get("image_config") or ():
        if name not in PICTURE_SETTINGS:
            yield f"image_config.{name}", f"It imitates {', '.join(PICTURE_SETTINGS)}."


def _of_plugin(where: str, plugin: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    name = plugin.get("id")
    if name not in PLUGINS:
        known = "documented" if name in OTHER_PLUGINS else "in no page that is known here"
        yield f"{where}.id {name!r}, which is {known}", f"It imitates {', '.join(PLUGINS)}."
    yield from _of_choice(f"{where}.engine", plugin.get("engine") if name == "web" else None, SEARCH_ENGINES)
    pdf = plugin.get("pdf")
    if name == "file-parser" and isinstance(pdf, Mapping):
        yield from _of_choice(f"{where}.pdf.engine", pdf.get("engine"), PDF_ENGINES)


def _of_server_tool(where: str, tool: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if tool["type"] not in SEARCH_TOOLS:
        yield f"{where}.type {tool['type']!r}", f"It imitates function and {SEARCH_TOOLS[0]}."
    settings = tool.get("parameters")
    if isinstance(settings, Mapping):
        yield from _of_choice(f"{where}.parameters.engine", settings.get("engine"), SEARCH_ENGINES)


def _of_choice(where: str, value: Any, known: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if value is not None and value not in known:
        yield f"{where} {value!r}", f"It imitates {', '.join(known)}."
