"""Answers to the exercises of 14-many-calls-at-once: for each checker the unedited one, wrong ones, right ones."""

from __future__ import annotations

import json
from typing import Any

PASSES = {408, 429, 500, 502, 503, 504, 524, 529}
Rows = list[dict[str, Any]]


def unedited(requests: Rows, kept: Rows) -> Rows:
    return requests[len(kept) :]


def key(request: dict[str, Any]) -> str:
    return json.dumps(request, sort_keys=True)


def left(requests: Rows, kept: Rows) -> Rows:
    over = {key(row["request"]) for row in kept if row["answer"] is not None or row["status"] not in PASSES}
    return list({key(r): r for r in requests if key(r) not in over}.values())


def by_comparing(requests: Rows, kept: Rows) -> Rows:
    """Compares dicts, which do not mind the order of their fields either."""
    found: Rows = []
    for request in requests:
        rows = [row for row in kept if row["request"] == request]
        over = any(row["answer"] is not None or row["status"] not in PASSES for row in rows)
        if not over and request not in found:
            found.append(request)
    return found


def as_tuple(requests: Rows, kept: Rows) -> tuple[dict[str, Any], ...]:
    return tuple(left(requests, kept))


class Plan:
    def __call__(self, requests: Rows, kept: Rows) -> Rows:
        return left(requests, kept)


def answered_only(requests: Rows, kept: Rows) -> Rows:
    """Asks again what was refused for good."""
    over = {key(row["request"]) for row in kept if row["answer"] is not None}
    return list({key(r): r for r in requests if key(r) not in over}.values())


def never_again(requests: Rows, kept: Rows) -> Rows:
    """Takes each row that is kept for done."""
    over = {key(row["request"]) for row in kept}
    return list({key(r): r for r in requests if key(r) not in over}.values())


def by_truth(requests: Rows, kept: Rows) -> Rows:
    """Takes an empty answer for none."""
    over = {key(row["request"]) for row in kept if row["answer"] or row["status"] not in PASSES | {200}}
    return list({key(r): r for r in requests if key(r) not in over}.values())


def by_text(requests: Rows, kept: Rows) -> Rows:
    """Does not see that the model was changed."""
    over = {
        row["request"]["messages"][-1]["content"]
        for row in kept
        if row["answer"] is not None or row["status"] not in PASSES
    }
    return list({key(r): r for r in requests if r["messages"][-1]["content"] not in over}.values())


def twice(requests: Rows, kept: Rows) -> Rows:
    over = {key(row["request"]) for row in kept if row["answer"] is not None or row["status"] not in PASSES}
    return [r for r in requests if key(r) not in over]


def backwards(requests: Rows, kept: Rows) -> Rows:
    return left(requests, kept)[::-1]


def unsorted_key(requests: Rows, kept: Rows) -> Rows:
    over = {json.dumps(row["request"]) for row in kept if row["answer"] is not None or row["status"] not in PASSES}
    return list({json.dumps(r): r for r in requests if json.dumps(r) not in over}.values())


def by_hash(requests: Rows, kept: Rows) -> Rows:
    return [r for r in requests if r not in {row["request"] for row in kept}]


def changes(requests: Rows, kept: Rows) -> Rows:
    found = left(requests, kept)
    kept.clear()
    return found


CASES: dict[str, tuple[Any, list[Any], list[Any]]] = {
    "places": (
        20,
        [None, "9", 9.0, True, 0, -5, 1, 6, 13, 50, 200, 10**9, [9], float("nan")],
        [7, 8, 9, 10, 11, 12],
    ),
    "still_to_ask": (
        unedited,
        [None, [], list, lambda requests, kept: None, lambda requests, kept: requests, lambda requests, kept: [], lambda requests, kept: len(requests), answered_only, never_again, by_truth, by_text, twice, backwards, unsorted_key, by_hash, changes],
        [left, by_comparing, as_tuple, Plan(), Plan().__call__, lambda requests, kept: left(requests, kept), lambda requests, kept, more=None: by_comparing(requests, kept)],
    ),
}  # fmt: skip
