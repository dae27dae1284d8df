"""Answers to the exercises of 21-compare-models-and-providers: for each checker the unedited one, wrong ones, right ones."""

from __future__ import annotations

from math import comb
from typing import Any

from scipy.stats import binomtest


def decide(one: list[bool], two: list[bool]) -> str:
    first = sum(a and not b for a, b in zip(one, two, strict=True))
    second = sum(b and not a for a, b in zip(one, two, strict=True))
    if first + second == 0 or binomtest(first, first + second).pvalue >= 0.05:
        return "not known"
    return "one" if first > second else "two"


def by_hand(one: list[bool], two: list[bool]) -> str:
    differ = [a for a, b in zip(one, two, strict=True) if a != b]
    number, first = len(differ), sum(differ)
    tail = sum(comb(number, k) for k in range(max(first, number - first), number + 1)) / 2**number
    if min(1, 2 * tail) >= 0.05:
        return "not known"
    return "one" if first > number - first else "two"


def unpaired(one: list[bool], two: list[bool]) -> str:
    """Compares the rates as if the cases were different ones."""
    p = binomtest(sum(one), len(one), max(0.001, min(0.999, sum(two) / len(two)))).pvalue
    return "not known" if p >= 0.05 else "one" if sum(one) > sum(two) else "two"


def one_sided(one: list[bool], two: list[bool]) -> str:
    first = sum(a and not b for a, b in zip(one, two, strict=True))
    second = sum(b and not a for a, b in zip(one, two, strict=True))
    if first + second == 0:
        return "not known"
    p = binomtest(max(first, second), first + second, alternative="greater").pvalue
    return "not known" if p >= 0.05 else "one" if first > second else "two"


class Decider:
    def __call__(self, one: list[bool], two: list[bool]) -> str:
        return decide(one, two)


CASES: dict[str, tuple[Any, list[Any], list[Any]]] = {
    "decided": (
        lambda one, two: "one" if sum(one) > sum(two) else "two",
        [
            None,
            "not known",
            lambda one: "one",
            lambda one, two: None,
            lambda one, two: True,
            lambda one, two: "not known",
            lambda one, two: "One" if decide(one, two) == "one" else decide(one, two),
            lambda one, two: decide(two, one),
            unpaired,
            one_sided,
            lambda one, two: (binomtest(sum(one), sum(one) + sum(two)).pvalue < 0.05 and "one") or "not known",
            lambda one, two: binomtest(sum(a and not b for a, b in zip(one, two, strict=True)), 0).pvalue,
            lambda one, two: "one" if sum(one) - sum(two) > 5 else "two" if sum(two) - sum(one) > 5 else "not known",
            lambda one, two: decide(one[: len(one) // 2], two[: len(two) // 2]),
        ],
        [
            decide,
            by_hand,
            Decider(),
            lambda one, two: decide(list(one), list(two)),
            lambda *both: decide(*both),
            lambda one, two: {"one": "one", "two": "two"}.get(decide(one, two), "not known"),
        ],
    ),
    "enough": (
        100,
        [None, "480", 480.0, True, [480], 0, -480, 9, 40, 200, 450, 600, 1825, 10**6],
        [469, 470, 480, 500, 520, 586],
    ),
}
