"""Answers to the exercises of 16-prompt-caching: for each checker the unedited one, wrong ones, right ones."""

from __future__ import annotations

from typing import Any

MARK = {"cache_control": {"type": "ephemeral"}}


def unedited(rules: str, now: str, question: str) -> list[dict[str, Any]]:
    return [{"role": "system", "content": f"It is {now}.\n{rules}"}, {"role": "user", "content": question}]


def part(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "text", "text": text, **more}


def build(rules: str, now: str, question: str) -> list[dict[str, Any]]:
    return [
        {"role": "system", "content": [part(rules, **MARK)]},
        {"role": "user", "content": f"It is {now}. {question}"},
    ]


def time_behind(rules: str, now: str, question: str) -> list[dict[str, Any]]:
    """The time in a part of its own, behind the mark."""
    return [
        {"role": "system", "content": [part(rules, **MARK), part(f"It is {now}.")]},
        {"role": "user", "content": question},
    ]


def all_by_the_user(rules: str, now: str, question: str) -> list[dict[str, Any]]:
    return [{"role": "user", "content": [part(rules, **MARK), part(now), part(question)]}]


def an_hour(rules: str, now: str, question: str) -> list[dict[str, Any]]:
    mark = {"cache_control": {"type": "ephemeral", "ttl": "1h"}}
    return [{"role": "system", "content": [part(rules, **mark)]}, {"role": "user", "content": f"{now} {question}"}]


def two_marks(rules: str, now: str, question: str) -> list[dict[str, Any]]:
    half = len(rules) * 3 // 4
    return [
        {"role": "system", "content": [part(rules[:half], **MARK), part(rules[half:], **MARK)]},
        {"role": "user", "content": f"{now} {question}"},
    ]


def steady_words_before(rules: str, now: str, question: str) -> list[dict[str, Any]]:
    return [{"role": "system", "content": "You pack chairs."}, *build(rules, now, question)]


def marked_with_time(rules: str, now: str, question: str) -> list[dict[str, Any]]:
    return [
        {"role": "system", "content": [part(f"It is {now}.\n{rules}", **MARK)]},
        {"role": "user", "content": question},
    ]


def question_first(rules: str, now: str, question: str) -> list[dict[str, Any]]:
    return [{"role": "user", "content": [part(question), part(now), part(rules, **MARK)]}]


def mark_at_the_end(rules: str, now: str, question: str) -> list[dict[str, Any]]:
    return [{"role": "user", "content": [part(f"{rules} {now} {question}", **MARK)]}]


def five_marks(rules: str, now: str, question: str) -> list[dict[str, Any]]:
    return [{"role": "user", "content": [part(rules, **MARK), *[part(f"{now} {question}", **MARK)] * 4]}]


def without_time(rules: str, now: str, question: str) -> list[dict[str, Any]]:
    return build(rules, "", question)


def without_mark(rules: str, now: str, question: str) -> list[dict[str, Any]]:
    return [{"role": "system", "content": rules}, {"role": "user", "content": f"{now} {question}"}]


def choose(calls: int, gap: float) -> str:
    def cost(write: float, life: float) -> float:
        return write * calls if gap > life else write + 0.1 * (calls - 1)

    costs = {"none": calls, "5m": cost(1.25, 5), "1h": cost(2, 60)}
    return min(costs, key=lambda way: costs[way])


def by_rules(calls: int, gap: float) -> str:
    if gap <= 5:
        return "5m" if calls >= 2 else "none"
    return "1h" if gap <= 60 and calls >= 3 else "none"


def by_match(calls: int, gap: float) -> str:
    match calls:
        case 1:
            return "none"
        case _ if gap <= 5:
            return "5m"
        case 2:
            return "none"
        case _:
            return "1h" if gap <= 60 else "none"


class Chooser:
    def __call__(self, calls: int, gap: float) -> str:
        return choose(calls, gap)


CASES: dict[str, tuple[Any, list[Any], list[Any]]] = {
    "hits": (
        unedited,
        [
            None,
            [],
            lambda rules, now, question: None,
            lambda rules, now, question: [],
            lambda rules, now, question: rules,
            lambda rules, now, question: [{"role": "user", "content": {now, question, rules}}],
            lambda rules, now, question: build(rules[:500], now, question),
            lambda rules, now, question: build(rules, now, ""),
            lambda rules: [],
            marked_with_time,
            question_first,
            mark_at_the_end,
            five_marks,
            without_time,
            without_mark,
        ],
        [build, time_behind, all_by_the_user, an_hour, two_marks, steady_words_before],
    ),
    "cheapest": (
        lambda calls, gap: "5m" if calls > 1 else "none",
        [
            None,
            "5m",
            lambda calls: "none",
            lambda calls, gap: "none",
            lambda calls, gap: "5m",
            lambda calls, gap: "1h",
            lambda calls, gap: None,
            lambda calls, gap: 5,
            lambda calls, gap: "5 minutes",
            lambda calls, gap: "5m" if gap <= 5 else "1h",
            lambda calls, gap: "none" if gap > 5 else choose(calls, gap),
            lambda calls, gap: choose(calls, min(gap, 60)),
            lambda calls, gap: "1h" if calls == 2 and gap > 5 else choose(calls, gap),
            lambda calls, gap: 1 / 0,
        ],
        [choose, by_rules, by_match, Chooser(), Chooser().__call__, lambda calls, gap, more=0: choose(calls, gap)],
    ),
}  # fmt: skip
