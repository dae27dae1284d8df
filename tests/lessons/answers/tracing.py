"""Answers to the exercises of 05-tracing: for each checker the unedited one, wrong ones, right ones."""

from __future__ import annotations

import time
from enum import StrEnum
from types import SimpleNamespace
from typing import Any

HIDDEN = {"hide_inputs": True, "hide_outputs": True}


class Name(str):
    """A subclass of str."""


class Step(StrEnum):
    """An enumeration of names."""

    DRAFT = "draft"


class Settings(dict):
    """A subclass of dict."""


CASES: dict[str, tuple[Any, list[Any], list[Any]]] = {
    "slow_span": (
        "answer a letter",
        [
            None,
            "",
            "ChatCompletion",  # several bear that name
            "sort",  # a short step
            "check",
            "draught",  # no span
            "draft, check",  # two names
            "'draft'",  # with quotation marks
            b"draft",
            ["draft"],  # unhashable
            {"draft"},
            {"name": "draft"},
            ("draft",),  # the comma at the end
            SimpleNamespace(name="draft"),  # the span, not its name
            2,  # its place
            4600.0,  # how long it took
            str,  # a class
            iter(["draft"]),
        ],
        ["draft", " Draft ", "DRAFT", "draft\n", "\tdraft", Name("draft"), Step.DRAFT],
    ),
    "words_hidden": (
        {"hide_inputs": True},
        [
            {},
            "hide",
            None,
            ["hide_inputs", "hide_outputs"],
            {"hide_inputs", "hide_outputs"},  # a set
            {"hide_outputs": True},
            {"hide_everything": True},
            {**HIDDEN, "hide_token_counts": False},  # no such setting
            {1: True},
            {"hide_inputs": True, "hide_outputs": False},
            {"hide_inputs": True, "hide_outputs": None},
            {"hide_inputs": 1, "hide_outputs": True},
            {"hide_inputs": "True", "hide_outputs": "True"},
            {"hide_inputs": True, "hide_outputs": []},
            {"hide_input_text": True},
            {"hide_input_text": True, "hide_output_text": True},  # input.value holds it too
            {"hide_input_messages": True, "hide_output_messages": True},  # the same
            {"hide_inputs": True, "hide_output_messages": True},
            {"hide_prompts": True, "hide_choices": True},  # of the older API
            {"hide_llm_invocation_parameters": True},
            {**HIDDEN, "base64_image_max_length": "0"},
            {**HIDDEN, "blob_uploader": "mine"},
        ],
        [
            HIDDEN,
            {**HIDDEN, "hide_llm_invocation_parameters": True},
            {"hide_outputs": True, "hide_inputs": True, "hide_input_text": True},
            {**HIDDEN, "hide_input_images": False},  # covered by hide_inputs
            {**HIDDEN, "base64_image_max_length": 0},
            {**HIDDEN, "hide_llm_tools": None},
            Settings(HIDDEN),
        ],
    ),
}


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
