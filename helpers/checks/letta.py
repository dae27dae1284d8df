"""The checkers of 36-letta: a memory file read into a dict, and what a month of questions costs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .verdict import Verdict, is_number, judged, not_yet, right, shown, tried

Facts = dict[str, str | None]
FILES: list[tuple[str, str, Facts]] = [
    (
        "a file with a head",
        "---\nname: Human\ndescription: The person I work with.\n---\nTheir name is Ada.\n",
        {"name": "Human", "description": "The person I work with.", "text": "Their name is Ada."},
    ),
    ("MEMORY.md, which has no head", "# Memory\n", {"name": None, "description": None, "text": "# Memory"}),
    (
        "a description with a colon",
        "---\nname: Work\ndescription: Rules: short answers.\n---\nAnswer in one sentence.\n",
        {"name": "Work", "description": "Rules: short answers.", "text": "Answer in one sentence."},
    ),
    (
        "a text with a line of dashes and a colon",
        "---\nname: Log\ndescription: What happened.\n---\nMonday: rain.\n---\nTuesday: sun.\n",
        {"name": "Log", "description": "What happened.", "text": "Monday: rain.\n---\nTuesday: sun."},
    ),
    (
        "a head whose lines stand the other way round",
        "---\ndescription: Who I am.\nname: Persona\n---\nBe brief.\nBe kind.\n",
        {"name": "Persona", "description": "Who I am.", "text": "Be brief.\nBe kind."},
    ),
    (
        "a file without a head that holds dashes",
        "# Memory\n---\nSee human.md.\n",
        {"name": None, "description": None, "text": "# Memory\n---\nSee human.md."},
    ),
]


@judged
def facts(answer: Callable[[str], Any]) -> Verdict:
    """`facts(text)`: name, description and text of a memory file."""
    if not callable(answer):
        return not_yet(f"facts is a function, not {shown(answer)}.")
    for name, text, wanted in FILES:
        found = tried(f"for {name}, facts raises", answer, text)
        if not isinstance(found, Mapping):
            return not_yet(f"for {name} it gives {shown(found)}, and a dict is asked for.")
        for key, value in wanted.items():
            given = found.get(key)
            given = given.strip() if isinstance(given, str) else given
            if given != value:
                return not_yet(f"for {name} the {key} is {shown(given)}, and {shown(value)} stands there.")
    return right("it reads heads in any order, and leaves dashes and colons of the text alone.")


Case = tuple[str, tuple[float, ...], float]


def _wanted(questions: float, calls: float, tokens: float, price: float, cached: float, discount: float) -> float:
    full = tokens * price / 1_000_000
    return questions * (full + (calls - 1) * full * (1 - cached + cached * discount))


CASES: list[tuple[str, tuple[float, ...]]] = [
    ("1,000 questions of one call, nothing cached", (1000, 1, 28_000, 0.15, 0.0, 0.1)),
    ("1,000 questions of two calls, nothing cached", (1000, 2, 28_000, 1.0, 0.0, 0.1)),
    ("100 questions of two calls, nine tenths cached", (100, 2, 28_000, 3.0, 0.9, 0.1)),
    ("100 questions of one call, nine tenths cached", (100, 1, 28_000, 3.0, 0.9, 0.1)),
    ("10 questions of five calls, all cached, at half the price", (10, 5, 20_000, 1.0, 1.0, 0.5)),
    ("no question at all", (0, 2, 28_000, 1.0, 0.5, 0.1)),
]


@judged
def month(answer: Callable[..., Any]) -> Verdict:
    """`month(questions, calls, tokens, price, cached, discount)`: US dollars."""
    if not callable(answer):
        return not_yet(f"month is a function, not {shown(answer)}.")
    for name, given in CASES:
        found, wanted = tried(f"for {name}, month raises", answer, *given), _wanted(*given)
        if not is_number(found):
            return not_yet(f"for {name} it gives {shown(found)}, and a sum is a number.")
        if abs(float(found) - wanted) > 1e-9 + wanted * 1e-6:
            return not_yet(f"for {name} it gives {shown(found)}, and {wanted:.4f} US dollars are right.")
    return right("the first call of each question pays in full, the others what the cache leaves.")
