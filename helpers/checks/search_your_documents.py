"""The checkers of 20-search-your-documents: chunks that are searched with the stand-in's vectors, and a measure of rankings."""

from __future__ import annotations

import json
import re
from numbers import Real
from typing import Any

from openrouter_standin.output.similarity import vector

from .. import session
from .verdict import Verdict, judged, not_yet, right, shown, tried

DIMENSIONS, WANTED, MOST = 1536, 31, 5
"""Numbers of a vector; hits that are wanted of 40; how many paragraphs are looked at."""
RANKINGS: tuple[tuple[list[list[str]], list[str], float], ...] = (
    ([["a", "b"]], ["a"], 1.0),
    ([["a", "b"]], ["b"], 0.5),
    ([["a", "b", "c"]], ["c"], 1 / 3),
    ([["a", "b"]], ["x"], 0.0),
    ([["a", "b"], ["b", "a"]], ["a", "a"], 0.75),
    ([["b", "b", "a", "a"]], ["a"], 1 / 3),
    ([[], ["a"]], ["a", "a"], 0.5),
    ([["a"], ["x"], ["y", "a"], ["z", "q", "a"]], ["a", "a", "a", "a"], (1 + 0 + 1 / 2 + 1 / 3) / 4),
    ([[*"bcdefghijkl", "a"]], ["a"], 1 / 12),
    ([], [], 0.0),
)
"""Rankings, the right headings, the mean reciprocal rank."""


@judged
def pieces_found(answer: Any) -> Verdict:
    """A function that gives one text for each paragraph of the FAQ, so that the questions find the right ones."""
    if not callable(answer):
        return not_yet(f"pieces is a function that takes the text, not {shown(answer)}.")
    folder = session.FILES / "20-search-your-documents"
    text = (folder / "python-faq.md").read_text("utf-8")
    headings, paragraphs = _paragraphs(text)
    found = tried("pieces raises", answer, text)
    if not isinstance(found, list) or not all(isinstance(piece, str) for piece in found):
        return not_yet(f"pieces gives a list of texts, not {shown(found)}.")
    if len(found) != len(paragraphs):
        return not_yet(f"there are {len(paragraphs)} paragraphs, and pieces gives {len(found)} texts.")
    for number, (piece, paragraph) in enumerate(zip(found, paragraphs, strict=True)):
        if _plain(paragraph) not in _plain(piece):
            return not_yet(
                f"text {number} does not hold the paragraph {shown(paragraph[:60])}, or is not in its place."
            )
    longest = max(len(piece) - len(paragraph) for piece, paragraph in zip(found, paragraphs, strict=True))
    if longest > 400:
        return not_yet(
            f"one text has {longest} characters beside its paragraph: that costs tokens and is about too much."
        )
    questions = json.loads((folder / "questions.json").read_text("utf-8"))
    hits = _hits(found, headings, questions)
    if hits < WANTED:
        return not_yet(
            f"{hits} of {len(questions)} questions find the right heading among the first five. What does a paragraph not "
            f"say about itself that the text around it says?"
        )
    return right(f"{hits} of {len(questions)} questions find the right heading among the first five.")


def _paragraphs(text: str) -> tuple[list[str], list[str]]:
    """The heading of each paragraph, and the paragraphs."""
    headings, paragraphs, heading = [], [], ""
    for block in text.split("\n\n"):
        if block.startswith("## "):
            heading = block.removeprefix("## ").strip()
        elif heading and block.strip():
            headings.append(heading)
            paragraphs.append(block.strip())
    return headings, paragraphs


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _hits(texts: list[str], headings: list[str], questions: list[list[str]]) -> int:
    """How many questions have a text under the right heading among the nearest."""
    vectors = [_places(text) for text in texts]
    hits = 0
    for question, heading in questions:
        asked = _places(question)
        near = [-sum(value * other.get(place, 0.0) for place, value in asked.items()) for other in vectors]
        nearest = sorted(range(len(texts)), key=lambda n: near[n])[:MOST]
        hits += heading in {headings[n] for n in nearest}
    return hits


def _places(text: str) -> dict[int, float]:
    """A vector's numbers that are not 0, by their place: most are."""
    return {place: value for place, value in enumerate(vector(text, DIMENSIONS)) if value}


@judged
def mean_reciprocal_rank(answer: Any) -> Verdict:
    """A function that measures rankings by the place of the right heading."""
    if not callable(answer):
        return not_yet(f"mrr is a function that takes rankings and right, not {shown(answer)}.")
    for rankings, wanted, expected in RANKINGS:
        found = tried(f"mrr({rankings}, {wanted}) raises", answer, [list(r) for r in rankings], list(wanted))
        if not isinstance(found, Real) or isinstance(found, bool):
            return not_yet(f"mrr({rankings}, {wanted}) gives {shown(found)}, not a number.")
        if abs(float(found) - expected) > 1e-6:
            return not_yet(f"mrr({rankings}, {wanted}) gives {float(found):.3f}, and it is {expected:.3f}.")
    return right(f"{len(RANKINGS)} rankings, each with its figure.")
