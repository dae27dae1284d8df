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


def mask(data: Any) -> Any:
    plain = isinstance(data, str) and " " not in data
    return data if plain and (data in PROVIDERS or data.startswith("gen-")) else "hidden"


def by_pattern(*, data: Any) -> Any:
    import re

    return data if isinstance(data, str) and re.fullmatch(r"gen-\d+-\w+|" + "|".join(PROVIDERS), data) else "[hidden]"


def deep(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: deep(value) for key, value in data.items()}
    if isinstance(data, list):
        return [deep(value) for value in data]
    return mask(data)


def keeps_numbers(data: Any) -> Any:
    return data if isinstance(data, int | float | None) else mask(data)


def by_length(data: Any) -> Any:
    """Stars, as many as there were letters."""
    return mask(data) if mask(data) == data else "*" * len(str(data))


class Mask:
    def __call__(self, data: Any) -> Any:
        return mask(data)


def passes_everything(data: Any) -> Any:
    return data


def holds_a_name(data: Any) -> Any:
    return data if any(name in str(data) for name in PROVIDERS) or str(data).startswith("gen-") else "hidden"


def texts_only(data: Any) -> Any:
    return mask(data) if isinstance(data, str) else data


def begins_like_an_id(data: Any) -> Any:
    return data if isinstance(data, str) and (data in PROVIDERS or data.startswith("gen-")) else "hidden"


def without_id(data: Any) -> Any:
    return data if isinstance(data, str) and data in PROVIDERS else "hidden"


def without_provider(data: Any) -> Any:
    return data if isinstance(data, str) and data.startswith("gen-1") else "hidden"


def every_word(data: Any) -> Any:
    return data if isinstance(data, str) and " " not in data else "hidden"


def set_of_unhashable(data: Any) -> Any:
    return data if data in PROVIDERS or data.startswith("gen-") else "hidden"


def positional(text: Any, /) -> Any:
    return mask(text)


def another_name(text: Any) -> Any:
    return mask(text)


def nothing(data: Any) -> None:
    return None


def lower(data: Any) -> Any:
    found = mask(data)
    return found.lower()


def fails_on_none(data: Any) -> Any:
    return "hidden" if isinstance(data, list | dict) or " " in data else mask(data)


def values_only(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: mask(value) if isinstance(value, str) else value for key, value in data.items()}
    return mask(data) if isinstance(data, str) else "hidden"


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
         set_of_unhashable, positional, another_name, nothing, lower, fails_on_none, values_only, "hidden"],
        [mask, by_pattern, deep, keeps_numbers, by_length, Mask(), lambda data: mask(data)],
    ),
}  # fmt: skip
