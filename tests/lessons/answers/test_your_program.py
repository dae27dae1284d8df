"""Answers to the exercises of 23-test-your-program: for each checker the unedited one, wrong ones, right ones."""

from __future__ import annotations

from typing import Any

import pytest

LETTER = "Where is order 4711?"
GOOD: dict[str, dict[str, Any]] = {
    "a": {"rate_limited": ["*"], "retry_after": 5, "for_attempts": 2},
    "b": {"error_in_200": True},
    "c": {"break_after": 10},
}


def unedited(desk: Any, standin: Any, waited: list[float]) -> None:
    standin.faults(credits=0)
    try:
        desk.sort(LETTER)
    except Exception as error:
        type(error)


def whole(desk: Any, standin: Any, waited: list[float]) -> None:
    standin.faults(credits=0)
    with pytest.raises(Exception) as caught:
        desk.sort(LETTER)
    assert caught.type.__name__ == "OverBudget"
    assert len(standin.requests) == 1


def by_waiting(desk: Any, standin: Any, waited: list[float]) -> None:
    standin.faults(credits=0)
    try:
        desk.sort(LETTER)
    except Exception as error:
        assert type(error).__name__ == "OverBudget"
    else:
        raise AssertionError("nothing was said")
    assert waited == []


def while_it_streams(desk: Any, standin: Any, waited: list[float]) -> None:
    with standin.faults(credits=0), pytest.raises(Exception, match=r"credits|Insufficient") as caught:
        desk.sort(LETTER)
    assert (caught.type.__name__, len(standin.requests)) == ("OverBudget", 1)


def with_its_class(desk: Any, openrouter_standin: Any, waited: list[float]) -> None:
    from replies import OverBudget

    openrouter_standin.faults(credits=0)
    with pytest.raises(OverBudget):
        desk.sort(LETTER)
    assert len(openrouter_standin.requests) == 1


def any_error(desk: Any, standin: Any, waited: list[float]) -> None:
    standin.faults(credits=0)
    with pytest.raises(Exception):  # noqa: B017
        desk.sort(LETTER)


def only_requests(desk: Any, standin: Any, waited: list[float]) -> None:
    unedited(desk, standin, waited)
    assert len(standin.requests) == 1


def only_the_name(desk: Any, standin: Any, waited: list[float]) -> None:
    standin.faults(credits=0)
    try:
        desk.sort(LETTER)
    except Exception as error:
        assert type(error).__name__ == "OverBudget"


def without_fault(desk: Any, standin: Any, waited: list[float]) -> None:
    assert desk.sort(LETTER)


def expects_waiting(desk: Any, standin: Any, waited: list[float]) -> None:
    unedited(desk, standin, waited)
    assert waited


CASES: dict[str, tuple[Any, list[Any], list[Any]]] = {
    "can_fail": (
        unedited,
        [
            None,
            "assert True",
            lambda desk, standin, waited: None,
            lambda desk, standin, waited: 1 / 0,
            lambda desk, standin: None,
            any_error,
            only_requests,
            only_the_name,
            without_fault,
            expects_waiting,
            lambda desk, standin, waited: standin.faults(credit=0),
            lambda desk, standin, waited: desk.sort(LETTER) and desk.sort(LETTER),
            lambda desk, standin, waited: standin.faults(credits=0) and desk.sort(LETTER),
            lambda desk, standin, waited: unedited(desk, standin, waited) or waited.clear(),
        ],
        [
            whole,
            by_waiting,
            while_it_streams,
            with_its_class,
            lambda desk, standin, waited: whole(desk, standin, waited),
            lambda *all_three: by_waiting(*all_three),
            lambda desk, standin, waited: (whole(desk, standin, waited), None)[1],
        ],
    ),
    "reproduced": (
        {"a": {"rate_limited": ["*"]}, "b": {"status": 500}, "c": {"down": ["openai"]}},
        [
            None,
            {},
            [GOOD],
            {**GOOD, "a": None},
            {**GOOD, "a": {}},
            {**GOOD, "a": {"rate_limited": ["*"], "retry_after": 5}},
            {**GOOD, "a": {"rate_limited": ["*"], "for_attempts": 2}},
            {**GOOD, "a": {"down": ["*"], "for_attempts": 2}},
            {**GOOD, "b": {}},
            {**GOOD, "b": {"status": 502}},
            {**GOOD, "b": {"errors_in_200": True}},
            {**GOOD, "c": {}},
            {**GOOD, "c": {"break_after": 3}},
            {**GOOD, "c": {"down": ["*"]}},
            {**GOOD, "c": {"break_after": -1}},
            {k: GOOD[k] for k in "ab"},
        ],
        [
            GOOD,
            {**GOOD, "a": {**GOOD["a"], "rate_limited": ["openai", "azure"]}},
            {**GOOD, "b": {"error_in_200": True, "for_attempts": 1}},
            {**GOOD, "c": {"break_after": 10, "break_as": "documented"}},
            {**GOOD, "c": {"break_after": 10, "for_attempts": 1}},
            {**GOOD, "a": {**GOOD["a"], "rate_limited": "*"}},
        ],
    ),
}
