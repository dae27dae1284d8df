"""Answers to the exercises of 20-search-your-documents: for each checker the unedited one, wrong ones, right ones."""

from __future__ import annotations

from typing import Any


def unedited(text: str) -> list[str]:
    return [block.strip() for block in text.split("\n\n") if not block.startswith("#")][1:]


def with_heading(text: str) -> list[str]:
    found, heading = [], ""
    for block in text.split("\n\n"):
        if block.startswith("## "):
            heading = block[3:].strip()
        elif heading:
            found.append(f"{heading}\n{block.strip()}")
    return found


def by_sections(text: str) -> list[str]:
    found = []
    for section in text.split("\n## ")[1:]:
        heading, _, rest = section.partition("\n")
        found += [f"Question: {heading}\n\n{part.strip()}" for part in rest.split("\n\n") if part.strip()]
    return found


def mrr(rankings: list[list[str]], right: list[str]) -> float:
    found = [1 / (r.index(h) + 1) if h in r else 0 for r, h in zip(rankings, right, strict=True)]
    return sum(found) / len(found) if found else 0


def in_a_loop(rankings: list[list[str]], right: list[str]) -> float:
    total = 0.0
    for ranking, wanted in zip(rankings, right, strict=True):
        for place, heading in enumerate(ranking, 1):
            if heading == wanted:
                total += 1 / place
                break
    return total / max(1, len(right))


class Measure:
    def __call__(self, rankings: list[list[str]], right: list[str]) -> float:
        return mrr(rankings, right)


CASES: dict[str, tuple[Any, list[Any], list[Any]]] = {
    "pieces_found": (
        unedited,
        [
            None,
            "text",
            lambda text: None,
            lambda text: text,
            lambda text: [],
            lambda text: with_heading(text)[1:],
            lambda text: with_heading(text)[::-1],
            lambda text: [{"text": piece} for piece in with_heading(text)],
            lambda text: [text] * 300,
            lambda text: text.split("\n\n"),
            lambda text: [piece.partition("\n")[0] for piece in with_heading(text)],
            lambda text: [piece[:50] for piece in with_heading(text)],
            lambda text: 1 / 0,
        ],
        [
            with_heading,
            by_sections,
            lambda text: [piece.replace("\n", ": ") for piece in with_heading(text)],
            lambda text: list(map(str.strip, with_heading(text))),
            lambda text: [f"# {piece}" for piece in with_heading(text)],
            lambda text: [f"From the Python FAQ. {piece}" for piece in with_heading(text)],
        ],
    ),
    "mean_reciprocal_rank": (
        lambda rankings, right: sum(r in ranking for ranking, r in zip(rankings, right, strict=True)) / len(right),
        [
            None,
            0.5,
            lambda rankings: 0.5,
            lambda rankings, right: None,
            lambda rankings, right: "0.5",
            lambda rankings, right: True,
            lambda rankings, right: mrr(rankings, right) * len(right),
            lambda rankings, right: (
                sum(1 / (r.index(h) + 1) for r, h in zip(rankings, right, strict=True)) / len(right)
            ),
            lambda rankings, right: mrr([r[::-1] for r in rankings], right),
            lambda rankings, right: mrr([r[:2] for r in rankings], right),
            lambda rankings, right: 0.0,
            lambda rankings, right: sum(h in r for r, h in zip(rankings, right, strict=True)) / max(1, len(right)),
            lambda rankings, right: mrr(rankings, right) or 1.0,
        ],
        [
            mrr,
            in_a_loop,
            Measure(),
            lambda rankings, right: mrr(rankings, right) if rankings else 0,
            lambda *both: mrr(*both),
            lambda rankings, right: round(mrr(rankings, right), 9),
        ],
    ),
}
