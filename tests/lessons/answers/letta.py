"""Answers to the exercises of 36-letta: for each checker the unedited one, wrong ones, right ones."""

from __future__ import annotations

import re
from typing import Any


def unedited_facts(text: str) -> Any:
    head, body = text.split("---")
    return {"name": head, "description": None, "text": body}


def facts(text: str) -> Any:
    found: dict[str, Any] = {"name": None, "description": None, "text": text.strip()}
    if text.startswith("---\n"):
        head, _, body = text[4:].partition("\n---\n")
        found["text"] = body.strip()
        for line in head.splitlines():
            key, _, value = line.partition(": ")
            found[key] = value
    return found


def by_split(text: str) -> Any:
    if not text.startswith("---"):
        return {"name": None, "description": None, "text": text}
    _, head, body = text.split("---\n", 2)
    pairs = dict(line.split(": ", 1) for line in head.strip().split("\n"))
    return {"name": pairs["name"], "description": pairs["description"], "text": body}


def by_pattern(text: str) -> Any:
    found = re.fullmatch(r"---\n(.*?)\n---\n(.*)", text, re.S)
    if not found:
        return {"name": None, "description": None, "text": text}
    head = dict(re.findall(r"^(\w+): (.*)$", found[1], re.M))
    return {**head, "text": found[2]}


def by_lines(text: str) -> Any:
    lines = text.splitlines()
    if lines[0] != "---":
        return {"text": text}
    end = lines.index("---", 1)
    head = {key: value for key, _, value in (line.partition(": ") for line in lines[1:end])}
    return {**head, "text": "\n".join(lines[end + 1 :])}


def with_more(text: str) -> Any:
    return facts(text) | {"characters": len(text)}


class Facts:
    def __call__(self, text: str) -> Any:
        return facts(text)


def no_head_fails(text: str) -> Any:
    _, head, body = text.split("---\n", 2)
    pairs = dict(line.split(": ", 1) for line in head.strip().split("\n"))
    return {**pairs, "text": body}


def empty_for_none(text: str) -> Any:
    return {key: value or "" for key, value in facts(text).items()}


def last_colon(text: str) -> Any:
    if not text.startswith("---\n"):
        return facts(text)
    head, _, body = text[4:].partition("\n---\n")
    return dict(line.rsplit(": ", 1) for line in head.splitlines()) | {"text": body}


def last_dashes(text: str) -> Any:
    found = facts(text)
    return found | {"text": text.rpartition("---\n")[2]} if text.startswith("---") else found


def any_dashes(text: str) -> Any:
    head, _, body = text.strip("-\n").partition("\n---\n")
    pairs = dict(line.split(": ", 1) for line in head.splitlines() if ": " in line)
    return {"name": pairs.get("name"), "description": pairs.get("description"), "text": body or head}


def by_place(text: str) -> Any:
    lines = text.splitlines()
    if lines[0] != "---":
        return facts(text)
    return {
        "name": lines[1].partition(": ")[2],
        "description": lines[2].partition(": ")[2],
        "text": facts(text)["text"],
    }


def first_line(text: str) -> Any:
    found = facts(text)
    return found | {"text": found["text"].splitlines()[0]}


def without_text(text: str) -> Any:
    return {key: value for key, value in facts(text).items() if key != "text"}


def as_tuple(text: str) -> Any:
    return tuple(facts(text).values())


def whole_text(text: str) -> Any:
    return facts(text) | {"text": text}


def lower(text: str) -> Any:
    return {key: value and value.lower() for key, value in facts(text).items()}


def prints(text: str) -> None:
    facts(text)


def unedited_month(
    questions: float, calls: float, tokens: float, price: float, cached: float, discount: float
) -> float:
    return questions * calls * tokens * price / 1_000_000


def month(questions: float, calls: float, tokens: float, price: float, cached: float, discount: float) -> float:
    full = tokens * price / 1_000_000
    return questions * (full + (calls - 1) * full * (1 - cached + cached * discount))


def by_tokens(questions: float, calls: float, tokens: float, price: float, cached: float, discount: float) -> float:
    paid = tokens + (calls - 1) * (tokens - tokens * cached * (1 - discount))
    return questions * paid * price / 1e6


def by_loop(questions: int, calls: int, tokens: float, price: float, cached: float, discount: float) -> float:
    total = 0.0
    for _ in range(questions):
        for call in range(calls):
            read = tokens * cached if call else 0
            total += (tokens - read + read * discount) * price / 1_000_000
    return total


def saved(*given: float) -> float:
    questions, calls, tokens, price, cached, discount = given
    all_in_full = questions * calls * tokens * price / 1e6
    return all_in_full - questions * (calls - 1) * tokens * cached * (1 - discount) * price / 1e6


class Month:
    def __call__(self, *given: float) -> float:
        return month(*given)


def every_call_cached(
    questions: float, calls: float, tokens: float, price: float, cached: float, discount: float
) -> float:
    return questions * calls * tokens * price / 1e6 * (1 - cached + cached * discount)


def once_a_month(questions: float, calls: float, tokens: float, price: float, cached: float, discount: float) -> float:
    full = tokens * price / 1e6
    return full + (questions * calls - 1) * full * (1 - cached + cached * discount)


def discount_off(questions: float, calls: float, tokens: float, price: float, cached: float, discount: float) -> float:
    return month(questions, calls, tokens, price, cached, 1 - discount)


def cached_is_free(
    questions: float, calls: float, tokens: float, price: float, cached: float, discount: float
) -> float:
    return month(questions, calls, tokens, price, cached, 0)


def per_thousand(*given: float) -> float:
    return month(*given) * 1000


def in_cents(*given: float) -> float:
    return month(*given) * 100


def one_call(questions: float, calls: float, tokens: float, price: float, cached: float, discount: float) -> float:
    return month(questions, 1, tokens, price, cached, discount)


def one_question(questions: float, calls: float, tokens: float, price: float, cached: float, discount: float) -> float:
    return month(1, calls, tokens, price, cached, discount)


def rounded(*given: float) -> float:
    return float(round(month(*given)))


def as_text(*given: float) -> str:
    return f"${month(*given):.2f}"


def divides(questions: float, calls: float, tokens: float, price: float, cached: float, discount: float) -> float:
    return month(questions, calls, tokens, price, cached, discount) / questions * questions


def adds_a_call(questions: float, calls: float, tokens: float, price: float, cached: float, discount: float) -> float:
    return month(questions, calls + 1, tokens, price, cached, discount)


def nothing(*given: float) -> None:
    return None


CASES = {
    "facts": (
        unedited_facts,
        [no_head_fails, empty_for_none, last_colon, last_dashes, any_dashes, by_place, first_line, without_text, as_tuple,
         whole_text, lower, prints, {"name": "Human"}, None],
        [facts, by_split, by_pattern, by_lines, with_more, Facts(), lambda text: facts(text)],
    ),
    "month": (
        unedited_month,
        [every_call_cached, once_a_month, discount_off, cached_is_free, per_thousand, in_cents, one_call, one_question,
         rounded, as_text, divides, adds_a_call, nothing, 4.2],
        [month, by_tokens, by_loop, saved, Month(), lambda *given: month(*given)],
    ),
}  # fmt: skip
