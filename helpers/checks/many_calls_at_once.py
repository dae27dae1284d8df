"""The checkers of 14-many-calls-at-once: how many calls at once, and what a job that comes back still has to ask."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from typing import Any

from .verdict import Unfit, Verdict, judged, not_yet, right, shown, tried

ROWS, LATENCY_S, WITHIN_S, A_MINUTE = 5000, 1.2, 900, 600
MOST_AT_ONCE = int(A_MINUTE / 60 * LATENCY_S)
Row = dict[str, Any]


@judged
def places(answer: Any) -> Verdict:
    """How many calls at once: done in time, without more requests a minute than the provider takes."""
    if isinstance(answer, bool) or not isinstance(answer, int):
        return not_yet(f"at_once is a whole number, not {shown(answer)}.")
    if answer < 1:
        return not_yet(f"with {shown(answer)} at once nothing is ever asked.")
    seconds, a_minute = ROWS * LATENCY_S / answer, answer / LATENCY_S * 60
    if seconds > WITHIN_S:
        return not_yet(
            f"{answer} at once take {ROWS} · {LATENCY_S} / {answer} = {seconds:,.0f} seconds, and there are {WITHIN_S}."
        )
    if answer > MOST_AT_ONCE:
        return not_yet(
            f"{shown(answer)} at once are {a_minute:,.0f} requests a minute, and the provider takes {A_MINUTE}: the rest is 429."
        )
    return right(f"done in {seconds:,.0f} of {WITHIN_S} seconds, with {a_minute:,.0f} of {A_MINUTE} requests a minute.")


def _request(text: str, **more: Any) -> Row:
    return {"model": "openai/gpt-4o-mini", "messages": [{"role": "user", "content": text}], "max_tokens": 16, **more}


def _row(request: Row, answer: str | None, status: int) -> Row:
    return {"request": request, "answer": answer, "status": status}


A, B, C, D = (_request(f"Where is order {number}?") for number in (1, 2, 3, 4))
CASES: tuple[tuple[str, list[Row], list[Row], list[Row]], ...] = (
    ("nothing is kept yet", [A, B, C], [], [A, B, C]),
    ("everything is answered", [A, B], [_row(B, "parcel", 200), _row(A, "parcel", 200)], []),
    ("the answers came in another order", [A, B, C], [_row(C, "parcel", 200)], [A, B]),
    ("one is busy (429), one refused (400)", [A, B, C], [_row(A, None, 429), _row(B, None, 400)], [A, C]),
    ("a 529 and a 408 passed, a 403 and a 404 did not", [A, B, C, D], [_row(A, None, 529), _row(B, None, 403), _row(C, None, 408), _row(D, None, 404)], [A, C]),
    ("a 500 passed, a 413 did not", [A, B], [_row(B, None, 413), _row(A, None, 500)], [A]),
    ("a row failed first and was answered later", [A], [_row(A, None, 502), _row(A, "parcel", 200)], []),
    ("an empty answer is an answer", [A, B], [_row(A, "", 200)], [B]),
    ("the same letter came twice", [A, B, A], [], [A, B]),
    ("the prompt was changed", [_request("Where is order 1, please?")], [_row(A, "parcel", 200)], [_request("Where is order 1, please?")]),
    ("the model was changed", [A | {"model": "openai/gpt-4.1-mini"}], [_row(A, "parcel", 200)], [A | {"model": "openai/gpt-4.1-mini"}]),
    ("max_tokens was changed", [A | {"max_tokens": 60}], [_row(A, "parcel", 200)], [A | {"max_tokens": 60}]),
    ("the fields stand in another order", [dict(reversed(A.items()))], [_row(A, "parcel", 200)], []),
    ("the file also has rows of another job", [B], [_row(A, "parcel", 200), _row(C, None, 429)], [B]),
)  # fmt: skip
"""What a job finds, its requests, the kept rows, what is left to ask."""


@judged
def still_to_ask(answer: Any) -> Verdict:
    """A function that says which requests a job still has to send when it comes back."""
    if not callable(answer):
        raise Unfit(f"left is a function of requests and kept, not {shown(answer)}.")
    for what, requests, kept, wanted in CASES:
        given = copy.deepcopy((requests, kept))
        found = tried(f"{what}: your function raises", answer, *given)
        if not isinstance(found, list | tuple) or not all(isinstance(one, Mapping) for one in found):
            return not_yet(f"{what}: left gives {shown(found)}, and a list of requests was asked for.")
        if list(found) != wanted:
            return not_yet(f"{what}: {_difference(list(found), wanted)}.")
        if given != (requests, kept):
            return not_yet(
                f"{what}: the lists that your function is given are changed afterwards; leave them as they are."
            )
    return right(f"{len(CASES)} jobs go on where they stopped: nothing is asked twice, and nothing is left out.")


def _difference(found: list[Any], wanted: list[Row]) -> str:
    """What is wrong with a list of requests, the first thing only."""
    missing = [one for one in wanted if one not in found]
    if missing:
        return f"{_short(missing[0])} is still to be asked, and is not in your list"
    extra = [one for one in found if one not in wanted]
    if extra:
        return f"{_short(extra[0])} is in your list, and need not be asked"
    if len(found) > len(wanted):
        return "a request is in your list twice"
    return "the requests are not in the order in which they were given"


def _short(request: Mapping[str, Any]) -> str:
    try:
        return f"“{request['messages'][-1]['content']}” for {request['model']}"
    except (KeyError, TypeError, IndexError):
        return shown(json.dumps(request, default=str))
