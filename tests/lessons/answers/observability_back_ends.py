"""Answers to the exercises of 34-observability-back-ends: for each checker the unedited one, wrong ones, right ones."""

from __future__ import annotations

from typing import Any

Spans = list[dict[str, Any]]
COST, IDENTITY = "openrouter.cost_usd", "openrouter.generation_id"


def unedited(spans: Spans) -> float:
    return sum(s["attributes"].get(COST, 0) for s in spans)


def by_id(spans: Spans) -> float:
    charges = {}
    for number, span in enumerate(spans):
        about = span["attributes"]
        if COST in about:
            charges[about.get(IDENTITY, number)] = about[COST]
    return sum(charges.values())


def with_a_set(spans: Spans) -> float:
    seen, total = set(), 0.0
    for span in spans:
        identity, charge = span["attributes"].get(IDENTITY), span["attributes"].get(COST)
        if charge is None or (identity is not None and identity in seen):
            continue
        seen.add(identity)
        total += charge
    return total


def steps_first(spans: Spans) -> float:
    """What stands on the SDK's spans counts where no step has the id."""
    steps = [s["attributes"] for s in spans if s["span_kind"] != "LLM" and COST in s["attributes"]]
    known = {about.get(IDENTITY) for about in steps}
    inside = [s["attributes"] for s in spans if s["span_kind"] == "LLM" and COST in s["attributes"]]
    return sum(a[COST] for a in steps) + sum(a[COST] for a in inside if a.get(IDENTITY) not in known)


class Cost:
    def __call__(self, spans: Spans) -> float:
        return by_id(spans)


def in_place(spans: Spans) -> float:
    """It uses up the list it is given."""
    seen: set[Any] = set()
    total = 0.0
    while spans:
        about = spans.pop()["attributes"]
        identity = about.get(IDENTITY, object())
        total += 0 if identity in seen else about.get(COST, 0)
        seen.add(identity)
    return total


def by_charge(spans: Spans) -> float:
    return sum({s["attributes"][COST] for s in spans if COST in s["attributes"]})


def llm_only(spans: Spans) -> float:
    return sum(s["attributes"].get(COST, 0) for s in spans if s["span_kind"] == "LLM")


def needs_an_id(spans: Spans) -> float:
    return sum(
        {s["attributes"][IDENTITY]: s["attributes"].get(COST, 0) for s in spans if IDENTITY in s["attributes"]}.values()
    )


def needs_a_cost(spans: Spans) -> float:
    return sum({s["attributes"].get(IDENTITY): s["attributes"][COST] for s in spans}.values())


def one_without_id(spans: Spans) -> float:
    return sum({s["attributes"].get(IDENTITY): s["attributes"].get(COST, 0) for s in spans}.values())


def in_cents(spans: Spans) -> float:
    return by_id(spans) * 100


def rounded(spans: Spans) -> float:
    return round(by_id(spans), 5)


def as_text(spans: Spans) -> str:
    return f"${by_id(spans):.8f}"


def none_for_nothing(spans: Spans) -> Any:
    return by_id(spans) or None


def half(spans: Spans) -> float:
    return unedited(spans) / 2


def tokens(spans: Spans) -> float:
    return sum(s["attributes"].get("llm.token_count.total", 0) for s in spans)


def prints(spans: Spans) -> None:
    by_id(spans)


def first(spans: Spans) -> float:
    return spans[0]["attributes"].get(COST, 0)


PROVIDERS = {"OpenAI", "Azure", "Groq", "Novita", "DeepInfra"}


def unedited_mask(data: Any) -> Any:
    return "hidden"


def passes(value: Any) -> bool:
    return isinstance(value, str) and " " not in value and (value in PROVIDERS or value.startswith("gen-"))


def mask(data: Any) -> Any:
    if data is None:
        return None
    if isinstance(data, dict):
        return {name: mask(value) for name, value in data.items()}
    return data if passes(data) else "hidden"


def shallow(*, data: Any) -> Any:
    """Every text of its own is hidden, whole lists and inner dicts with it."""
    if isinstance(data, dict):
        return {name: value if passes(value) else "[hidden]" for name, value in data.items()}
    return data and "[hidden]"


def deep(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: deep(value) for key, value in data.items()}
    if isinstance(data, list):
        return [deep(value) for value in data]
    return mask(data)


def only_two(data: Any) -> Any:
    """What is not known is dropped."""
    if isinstance(data, dict):
        return {name: data[name] for name in ("provider", "generation_id") if passes(data.get(name))}
    return None if data is None else "hidden"


def by_length(data: Any) -> Any:
    """Stars, as many as there were letters."""
    if isinstance(data, dict):
        return {name: by_length(value) for name, value in data.items()}
    return data if data is None or passes(data) else "*" * len(str(data))


class Mask:
    def __call__(self, data: Any) -> Any:
        return mask(data)


def passes_everything(data: Any) -> Any:
    return data


def of_dict(data: Any, one: Any) -> Any:
    """A dict value by value; the rest hidden."""
    if isinstance(data, dict):
        return {name: one(value) for name, value in data.items()}
    return None if data is None else "hidden"


def holds_a_name(data: Any) -> Any:
    return of_dict(data, lambda v: v if passes(v) or any(name in str(v) for name in PROVIDERS) else "hidden")


def texts_only(data: Any) -> Any:
    return "hidden" if isinstance(data, str) else data


def begins_like_an_id(data: Any) -> Any:
    return of_dict(data, lambda v: v if str(v) in PROVIDERS or str(v).startswith("gen-") else "hidden")


def without_id(data: Any) -> Any:
    return of_dict(data, lambda v: v if isinstance(v, str) and v in PROVIDERS else "hidden")


def without_provider(data: Any) -> Any:
    return of_dict(data, lambda v: v if str(v).startswith("gen-") and " " not in str(v) else "hidden")


def every_word(data: Any) -> Any:
    if isinstance(data, dict):
        return {name: every_word(value) for name, value in data.items()}
    return data if data is None or (isinstance(data, str) and " " not in data) else "hidden"


def bare_texts(data: Any) -> Any:
    """As if each value came by itself."""
    return data if passes(data) else "hidden"


def positional(text: Any, /) -> Any:
    return mask(text)


def another_name(text: Any) -> Any:
    return mask(text)


def nothing(data: Any) -> None:
    return None


def lower(data: Any) -> Any:
    return of_dict(data, lambda v: v.lower() if passes(v) else "hidden")


def hides_none(data: Any) -> Any:
    return "hidden" if data is None else mask(data)


def values_only(data: Any) -> Any:
    """Lists and dicts inside a dict are forgotten."""
    if isinstance(data, dict):
        return {key: mask(value) if isinstance(value, str) else value for key, value in data.items()}
    return mask(data)


def fails_on_lists(data: Any) -> Any:
    return mask(dict(data)) if not isinstance(data, str | None) else mask(data)


CASES = {
    "true_cost": (
        unedited,
        [by_charge, llm_only, needs_an_id, needs_a_cost, one_without_id, in_cents, rounded, as_text, none_for_nothing,
         half, tokens, prints, first, 3.2e-05, None],
        [by_id, with_a_set, steps_first, Cost(), in_place, lambda spans: by_id(list(spans))],
    ),
    "masks": (
        unedited_mask,
        [passes_everything, holds_a_name, texts_only, begins_like_an_id, without_id, without_provider, every_word,
         bare_texts, positional, another_name, nothing, lower, hides_none, values_only, fails_on_lists, "hidden"],
        [mask, shallow, deep, only_two, by_length, Mask(), lambda data: mask(data)],
    ),
}  # fmt: skip
