"""Answers to the exercises of 06-outlive-failures: for each checker the unedited one, wrong ones, right ones."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

FIRST = {"order": ["together"], "max_price": {"prompt": 0.2}}


class Options(dict):
    """A subclass of dict."""


Why = Callable[[Any, str], Any]


def unedited(report: Any, provider: str) -> str:
    first = report["attempts"][0]["provider"]
    return "answered" if first == provider else "not tried"


def right(report: Any, provider: str) -> str:
    if report is None:
        return "no report"
    statuses = [a["status"] for a in report.get("attempts") or [] if a["provider"] == provider]
    if statuses:
        return "answered" if 200 in statuses else "failed"
    there = [e["provider"] for e in report["endpoints"]["available"]]
    return "not tried" if provider in there else "not available"


def last_status(report: Any, provider: str) -> str:
    """The last attempt at it decides, which is the same: nothing is tried after an answer."""
    if report is None:
        return "no report"
    for attempt in reversed(report.get("attempts", [])):
        if attempt["provider"] == provider:
            return "answered" if attempt["status"] == 200 else "failed"
    return "not tried" if provider in str(report["endpoints"]["available"]) else "not available"


def by_selected(report: Any, provider: str) -> str:
    """Looks at `selected` for the answer, at `attempts` for failures."""
    if not report:
        return "no report"
    rows = [row for row in report["endpoints"]["available"] if row["provider"] == provider]
    if any(row["selected"] for row in rows):
        return "answered"
    if any(a["provider"] == provider for a in report.get("attempts", ())):
        return "failed"
    return "not tried" if rows else "not available"


def by_match(report: Any, provider: str) -> str:
    match report:
        case None:
            return "no report"
        case {"attempts": tried} if any(a["provider"] == provider for a in tried):
            return "answered" if (provider, 200) in {(a["provider"], a["status"]) for a in tried} else "failed"
        case {"endpoints": {"available": there}}:
            return "not tried" if any(e["provider"] == provider for e in there) else "not available"
    return "?"


class Explainer:
    """An object that can be called."""

    def __call__(self, report: Any, provider: str) -> str:
        return right(report, provider)

    def method(self, report: Any, provider: str) -> str:
        return right(report, provider)


def with_more(report: Any, provider: str, *, strict: bool = False, **more: Any) -> str:
    return right(report, provider)


def emptying(report: Any, provider: str) -> str:
    """Changes what it is given; the next call has its own."""
    said = right(report, provider)
    if report:
        report.clear()
    return said


def changed(**words: str) -> Why:
    """The right function with other words."""
    return lambda report, provider: words.get(said := right(report, provider).replace(" ", "_"), said.replace("_", " "))


def first_attempt_only(report: Any, provider: str) -> str:
    if report is None:
        return "no report"
    tried = report.get("attempts") or []
    if tried and tried[0]["provider"] == provider:
        return "answered" if tried[0]["status"] == 200 else "failed"
    return right(report, provider) if provider not in [a["provider"] for a in tried] else "not tried"


def any_failure(report: Any, provider: str) -> str:
    if report is None:
        return "no report"
    statuses = [a["status"] for a in report.get("attempts") or [] if a["provider"] == provider]
    return "failed" if any(s != 200 for s in statuses) else right(report, provider)


def last_served(report: Any, provider: str) -> str:
    """Takes the last attempt for the one that answered, whatever its status."""
    if report is None:
        return "no report"
    tried = report.get("attempts") or []
    if tried and tried[-1]["provider"] == provider:
        return "answered"
    return right(report, provider)


def needs_attempts(report: Any, provider: str) -> str:
    if report is None:
        return "no report"
    report["attempts"]
    return right(report, provider)


def needs_report(report: Any, provider: str) -> str:
    return right(report, provider) if report["endpoints"] else ""


def by_total(report: Any, provider: str) -> str:
    if report is None:
        return "no report"
    said = right(report, provider)
    return "not tried" if said == "not available" and report["endpoints"]["total"] else said


def never_ends(report: Any, provider: str) -> str:
    while True:
        pass


async def waits(report: Any, provider: str) -> str:
    return right(report, provider)


def prints(report: Any, provider: str) -> None:
    right(report, provider)


CASES: dict[str, tuple[Any, list[Any], list[Any]]] = {
    "outlive": (
        {"order": ["together"], "allow_fallbacks": False},
        [
            "together",
            None,
            {"sort": "price"},
            {"order": ["together"]},  # no line on price
            {"only": ["together"]},
            {"only": ["together"], "max_price": {"prompt": 0.2}},
            {**FIRST, "allow_fallbacks": False},
            {**FIRST, "order": "together"},
            {**FIRST, "order": [["together"]]},
            {**FIRST, "order": ["togther"]},
            {**FIRST, "order": ["fireworks", "together"]},
            {**FIRST, "ignore": ["together"]},
            {**FIRST, "allow_fallbacks": "true"},
            {"order": ["together"], "max_price": {"prompt": 0.01}},  # no endpoint is left
            {"order": ["together"], "max_price": {"prompt": 20}},  # cents
            {"order": ["together"], "max_price": {"completion": 0.8}},  # Fireworks at 22.5 cents stays
            {"order": ["together"], "max_price": {"prompt": Decimal("0.2")}},  # cannot be sent
            {"sort": "latency", "ignore": ["modal"], "max_price": {"prompt": 0.2}},  # by medians
            {"sort": {"by": "latency"}, "ignore": ["modal"], "max_price": {"prompt": 0.2}},
            {"sort": "throughput", "ignore": ["baseten"], "max_price": {"prompt": 0.2}},
            {"sort": "throughput", "order": [], "ignore": ["baseten"], "max_price": {"prompt": 0.2}},  # an empty order
            {"only": ["together", "morph"], "preferred_max_latency": 0.6},  # by medians
            {"only": ["together", "morph"], "sort": "price"},  # by today's prices
        ],
        [
            FIRST,
            {"order": ["Together"], "ignore": ["cloudflare", "inceptron", "fireworks"]},
            {**FIRST, "order": ["nobody", "together"]},  # a name that serves nothing is skipped
            {**FIRST, "sort": "throughput"},  # order beats sort
            {"order": ("together", "wafer"), "allow_fallbacks": False},
            {"order": ["together", "novita"], "only": ["together", "novita"]},
            {**FIRST, "max_price": {"prompt": "0.2"}, "allow_fallbacks": True},
            Options(FIRST),
        ],
    ),
    "tells_why": (
        unedited,
        [
            None,
            "answered",
            {"Together": "answered"},
            right(None, "x"),
            lambda report: "answered",
            lambda report, provider: "answered",
            lambda report, provider: True,
            lambda report, provider: [right(report, provider)],
            changed(failed="error"),
            changed(answered="Answered"),
            changed(not_tried="not needed"),
            changed(no_report=""),
            first_attempt_only,
            any_failure,  # a second endpoint answered
            last_served,  # the last one may have failed, too
            needs_attempts,  # a report without attempts
            needs_report,  # a log without a report
            by_total,  # excluded is not the same as not needed
            never_ends,
            waits,
            prints,
            lambda report, provider: 1 / 0,
        ],
        [right, last_status, by_selected, by_match, Explainer(), Explainer().method, with_more, emptying],
    ),
}  # fmt: skip
