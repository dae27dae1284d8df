"""The checkers of 21-compare-models-and-providers: a paired comparison, and a number of cases."""

from __future__ import annotations

import math
from numbers import Integral
from typing import Any

from .verdict import Verdict, judged, not_yet, right, shown, tried

PAIRS: tuple[tuple[int, int, int, int], ...] = (
    (30, 0, 0, 10), (20, 8, 0, 12), (20, 0, 8, 12), (20, 5, 5, 10), (35, 3, 1, 1), (10, 6, 0, 24), (10, 0, 6, 24),
    (10, 5, 0, 25), (0, 12, 3, 25), (0, 3, 12, 25), (0, 11, 4, 25), (0, 40, 0, 0), (0, 0, 0, 40), (90, 20, 9, 81),
    (500, 45, 30, 425), (0, 0, 1, 0),
)  # fmt: skip
"""Cases that both have right, only the first, only the second, neither."""
LEVEL = 0.05
RATE, WIDTH, Z = 0.95, 0.04, 1.959964
"""The rate that is expected, the width that is wanted, and the 95 % point of the normal distribution."""


@judged
def decided(answer: Any) -> Verdict:
    """A function that says which of two is better on the same cases, or that it is not known."""
    if not callable(answer):
        return not_yet(f"decide is a function that takes two lists, not {shown(answer)}.")
    for both, first, second, neither in PAIRS:
        one = [True] * both + [True] * first + [False] * second + [False] * neither
        two = [True] * both + [False] * first + [True] * second + [False] * neither
        case = f"both right {both}, only one {first}, only two {second}, neither {neither}"
        found = tried(f"decide raises ({case})", answer, list(one), list(two))
        if found not in ("one", "two", "not known"):
            return not_yet(f"decide gives {shown(found)} ({case}): it gives 'one', 'two' or 'not known'.")
        p = chance(first, second)
        expected = "not known" if p >= LEVEL else "one" if first > second else "two"
        if found != expected:
            return not_yet(f"decide gives {found!r} ({case}); equal models differ at least so much with p = {p:.3f}.")
    return right(f"{len(PAIRS)} pairs of lists, each decided by the cases in which they differ.")


def chance(first: int, second: int) -> float:
    """How often a fair coin falls at least so unevenly: the exact two-sided binomial test, 1 without a case."""
    number, most = first + second, max(first, second)
    tail = sum(math.comb(number, k) for k in range(most, number + 1)) / 2**number
    return min(1.0, 2 * tail)


@judged
def enough(answer: Any) -> Verdict:
    """A number of cases with which the interval has the wanted width."""
    if not isinstance(answer, Integral) or isinstance(answer, bool):
        return not_yet(f"how_many is a whole number, not {shown(answer)}.")
    number = int(answer)
    if not 10 <= number <= 100_000:
        return not_yet("give a number of cases between 10 and 100,000.")
    wanted = next(n for n in range(10, 5000) if width(n) <= WIDTH)
    found = width(number)
    points = f"{found * 100:.2f} points"
    if number < wanted:
        return not_yet(f"with {number} cases the interval is {points} wide, which is more than 4.")
    if number > wanted * 1.25:
        return not_yet(f"with {number} cases it is {points} wide: that is more work than is needed.")
    return right(f"with {number} cases the interval is {points} wide.")


def width(number: int) -> float:
    """How wide Wilson's 95 % interval is around the expected rate (E. B. Wilson, 1927)."""
    spread = Z * math.sqrt(RATE * (1 - RATE) / number + Z * Z / (4 * number * number))
    return 2 * spread / (1 + Z * Z / number)
