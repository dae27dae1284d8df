"""Answers to the exercises of 00-start-here: for each checker the unedited one, wrong ones, right ones."""

from __future__ import annotations

from decimal import Decimal
from enum import IntEnum, StrEnum
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

SEAT = {"name": "s", "limit": 0.5, "limit_reset": "weekly"}


class Dollars(float):
    """A subclass of float, as libraries make them."""


class Reset(StrEnum):
    """The settings as an enumeration of texts, which JSON writes as texts."""

    WEEKLY = "weekly"


class Share(IntEnum):
    """A number that is 0."""

    NONE = 0


def job() -> float:
    return 0.173


CASES: dict[str, tuple[Any, list[Any], list[Any]]] = {
    "nightly_cost": (
        None,
        [
            "0.173",  # a text
            True,  # no number
            0.00000173,  # one call
            17.3,  # cents
            0.5,  # too much
            0.01,  # too little
            -0.173,  # a minus
            63.14,  # a year
            0.179,  # more than two percent off
            1.73,  # one zero too many
            float("nan"),
            float("inf"),
            Decimal("NaN"),
            10**400,  # too big for a float
            0.173 + 0j,  # a complex number
            [0.173],  # a list
            (0.173,),  # the comma at the end
            {0.173},  # a set
            job,  # not called
            SimpleNamespace(cost=0.173),  # the usage, not its cost
            iter([0.173]),  # a generator
            Share.NONE,  # 0 under another name
        ],
        [
            0.173,
            0.1730000001,
            0.175,  # within two percent
            Decimal("0.173"),
            Fraction(173, 1000),
            Dollars(0.173),
            0.00000173 * 100_000,
            job(),
        ],
    ),
    "workshop_key": (
        {"name": "workshop seat", "limit": 15, "limit_reset": None},
        [
            0.5,  # no object
            [SEAT],  # a list of one
            "{'name': 's', 'limit': 0.5}",  # JSON as a text
            {"name": "s"},  # no limit
            {**SEAT, "limit": None},  # the same
            {**SEAT, "limit": 15},  # the whole budget for each
            {**SEAT, "limit": 0.51},  # 30 times that is more
            {**SEAT, "limit_reset": None},  # never
            {**SEAT, "limit_reset": "daily"},  # seven times a week
            {**SEAT, "limit_reset": "hourly"},  # not known
            {**SEAT, "limit_reset": "Weekly"},  # not known either
            {**SEAT, "limit_reset": ["weekly"]},  # a list
            {**SEAT, "limit_reset": "monthly", "limit": 0.4},  # afresh only next month
            {"limit": 0.5, "limit_reset": "weekly"},  # no name
            {**SEAT, "name": 5},
            {**SEAT, "name": "  "},
            {**SEAT, "name": ["x"]},
            {**SEAT, "limit": 0},
            {**SEAT, "limit": -0.5},
            {**SEAT, "limit": 1e-12},  # less than any call
            {**SEAT, "limit": True},
            {**SEAT, "limit": "0.5"},
            {**SEAT, "limit": [0.5]},
            {**SEAT, "limit": float("nan")},
            {**SEAT, "limit": float("inf")},
            {**SEAT, "limit": Decimal("0.5")},  # cannot be sent
            {**SEAT, "limit": Fraction(1, 2)},  # cannot be sent
            {**SEAT, "disabled": True},
            {**SEAT, "disabled": "no"},
            {**SEAT, "include_byok_in_limit": "yes"},  # 400
            {**SEAT, "expires_at": "2026-01-01T00:00:00Z"},  # over
            {**SEAT, "expires_at": "soon"},
            {**SEAT, "expires_at": 5},
            {**SEAT, "note": {1, 2}},  # a set cannot be sent
        ],
        [
            SEAT,
            {"name": "s", "limit": 0.07, "limit_reset": "daily"},
            {**SEAT, "limit": 15 / 30},
            {**SEAT, "limit": 0.4},  # stays within the budget
            {**SEAT, "limit": Dollars(0.5), "limit_reset": Reset.WEEKLY},
            {**SEAT, "disabled": False, "include_byok_in_limit": True},
            {**SEAT, "expires_at": "2027-01-31T12:00:00Z"},
            {**SEAT, "expires_at": None},
        ],
    ),
}


def more(checker: str) -> tuple[Any, ...]:
    """What the lesson hands the checker beside the answer."""
    return (SimpleNamespace(usage=SimpleNamespace(cost=0.00000173)),) if checker == "nightly_cost" else ()
