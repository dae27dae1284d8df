"""Answers to the exercises of 05-tracing: for each checker the unedited one, wrong ones, right ones."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any

CASES: dict[str, tuple[Any, list[Any], list[Any]]] = {
    "slow_span": ("answer a letter", ["ChatCompletion", "sort", "draught", "check", None], ["draft", " Draft "]),
    "words_hidden": (
        {"hide_inputs": True},
        [{}, {"hide_outputs": True}, "hide", {"hide_everything": True}, {"hide_input_text": True}],
        [{"hide_inputs": True, "hide_outputs": True}, {"hide_inputs": True, "hide_outputs": True, "hide_llm_invocation_parameters": True}],
    ),
}  # fmt: skip


def more(checker: str) -> tuple[Any, ...]:
    """What the lesson hands the checker beside the answer."""
    return (letter_spans(),) if checker == "slow_span" else ()


def letter_spans() -> list[Any]:
    """Finished spans of a small program, with wall times that the recorded clock reads as 0, 400, 5,000 and 5,600 ms."""
    from helpers.session import current

    log = current().log
    walls = []
    for ms in (0, 400, 5000, 5600):
        entry = log.sent({}, "recorded")
        log.end(entry, ms - entry.start_ms)
        walls.append(time.time_ns())

    def span(name: str, number: int, parent: int | None, begin: int, end: int) -> Any:
        above = None if parent is None else SimpleNamespace(span_id=parent)
        return SimpleNamespace(
            name=name,
            context=SimpleNamespace(span_id=number),
            parent=above,
            start_time=walls[begin],
            end_time=walls[end],
        )

    steps = [span("sort", 2, 1, 0, 1), span("draft", 3, 1, 1, 2), span("check", 4, 1, 2, 3)]
    return [*steps, span("ChatCompletion", 5, 3, 1, 2), span("answer a letter", 1, None, 0, 3)]
