"""The checkers of 34-observability-back-ends: what spans say that was charged, and a mask for Langfuse."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any

from .verdict import Verdict, is_number, judged, not_yet, right, shown, tried

Span = dict[str, Any]


def _span(name: str, **attributes: Any) -> Span:
    kind = "LLM" if name == "ChatCompletion" else "UNKNOWN"
    return {"name": name, "span_kind": kind, "status_code": "OK", "attributes": attributes}


def _step(identity: str, charge: float) -> Span:
    return _span("draft", **{"openrouter.generation_id": identity, "openrouter.cost_usd": charge})


def _inside(identity: str, charge: float) -> Span:
    about = {"openrouter.generation_id": identity, "openrouter.cost_usd": charge, "llm.token_count.total": 40}
    return _span("ChatCompletion", **about)


CASES: list[tuple[str, list[Span], float]] = [
    ("two calls, each with its charge on the step", [_step("gen-a", 2e-06), _step("gen-b", 3e-05)], 3.2e-05),
    (
        "one call whose charge stands on the step and on the SDK's span",
        [_step("gen-a", 2e-06), _inside("gen-a", 2e-06)],
        2e-06,
    ),
    ("two calls with the same charge", [_step("gen-a", 5e-06), _inside("gen-a", 5e-06), _step("gen-b", 5e-06)], 1e-05),
    ("a free call and one that is not", [_step("gen-a", 0.0), _step("gen-b", 7e-06)], 7e-06),
    (
        "charges without a generation id",
        [_span("draft", **{"openrouter.cost_usd": 4e-06}), _span("sort", **{"openrouter.cost_usd": 4e-06})],
        8e-06,
    ),
    (
        "spans without a charge",
        [_span("answer a letter"), _span("ChatCompletion", **{"llm.token_count.total": 9})],
        0.0,
    ),
    ("a charge that stands on the SDK's span only", [_span("draft"), _inside("gen-a", 6e-06)], 6e-06),
    ("no spans at all", [], 0.0),
]


@judged
def true_cost(answer: Callable[[list[Span]], Any]) -> Verdict:
    """`true_cost(spans)`: the sum of what OpenRouter charged, each call once."""
    if not callable(answer):
        return not_yet(f"true_cost is a function, not {shown(answer)}.")
    for name, spans, wanted in CASES:
        found = tried(f"for {name}, true_cost raises", answer, copy.deepcopy(spans))
        if not is_number(found):
            return not_yet(f"for {name} it gives {shown(found)}, and a sum is a number.")
        if abs(float(found) - wanted) > 1e-12:
            return not_yet(f"for {name} it gives {shown(found)}, and {wanted:g} US dollars were charged.")
    return right("every call counts once, wherever its charge stands.")


TEXT = "My name is Ada Lovelace, and my parcel is late."
PASS = (
    ("Groq", "gen-1795338000-VCsUmR61ZJfslbUnuAdZ"),
    ("OpenAI", "gen-1795338001-kP0c"),
    ("DeepInfra", "gen-2"),
)
HIDE: list[tuple[str, Any]] = [
    ("a prompt", TEXT),
    ("a list of messages", [{"role": "user", "content": TEXT}]),
    ("the arguments of a function", {"args": [TEXT], "kwargs": {}}),
    ("an answer", {"role": "assistant", "content": TEXT}),
    ("a text that holds a provider's name", f"Groq said: {TEXT}"),
    ("a text that begins like a generation id", f"gen-eral question: {TEXT}"),
    ("a list that holds a provider's name", ["Groq", TEXT]),
    ("a text that is only a name", "Ada"),
]


def _readable(found: Any) -> bool:
    """Whether something of the text that was to be hidden is still there."""
    return any(word in repr(found) for word in ("Ada", "parcel", "Lovelace"))


@judged
def masks(answer: Callable[..., Any]) -> Verdict:
    """`mask(data)`: hides every text, but lets a provider's name and a generation id of a dict pass; None stays. Langfuse
    calls it with `data=`."""
    if not callable(answer):
        return not_yet(f"mask is a function, not {shown(answer)}.")

    def masked(data: Any) -> Any:
        return answer(data=data)

    for name, data in HIDE:
        found = tried(f"for {name}, mask raises", masked, copy.deepcopy(data))
        if _readable(found):
            return not_yet(f"{name} is still readable: {shown(found)}.")
    for provider, identity in PASS:
        for note in (TEXT, f"gen-eral question: {TEXT}", f"{provider} said: {TEXT}"):
            verdict = _of_metadata(masked, {"provider": provider, "generation_id": identity, "note": note})
            if verdict is not None:
                return verdict
    if tried("for None, mask raises", masked, None) is not None:
        return not_yet("None, an input that was not set, becomes a text.")
    for name, data in (("an empty text", ""), ("a number", 17)):
        tried(f"for {name}, mask raises", masked, data)
    return right("texts stay here, and the provider and the id that find the bill get through.")


def _of_metadata(masked: Callable[[Any], Any], metadata: dict[str, str]) -> Verdict | None:
    """What is wrong with a masked metadata dict; None where nothing is."""
    found = tried("for a metadata dict, mask raises", masked, dict(metadata))
    if not isinstance(found, Mapping):
        return not_yet(f"a metadata dict becomes {shown(found)}: what should pass is gone too.")
    if _readable(found):
        return not_yet(f"in a metadata dict a text is still readable: {shown(found)}.")
    for name in ("provider", "generation_id"):
        if found.get(name) != metadata[name]:
            return not_yet(f"{name} is {metadata[name]!r} in a metadata dict, and becomes {shown(found.get(name))}.")
    return None
