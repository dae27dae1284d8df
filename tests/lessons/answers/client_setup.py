"""Answers to the exercises of 01-client-setup: for each checker the unedited one, wrong ones, right ones."""

from __future__ import annotations

from typing import Any

TURN = [
    {"role": "user", "content": "My order is 4711."},
    {"role": "assistant", "content": "Thank you."},
    {"role": "user", "content": "Where is it now?"},
]


CASES: dict[str, tuple[Any, list[Any], list[Any]]] = {
    "ten_seconds": (
        {"timeout": 600, "max_retries": 2},
        [{"timeout": 5}, {"timeout": 9, "max_retries": 0}, {"timeout": None, "max_retries": 1}, {"timeout": 0.2, "max_retries": 1}, {"timeout": 3, "max_retries": 1.5}, {"timeout": 5, "max_retries": 1}],
        [{"timeout": 4.5, "max_retries": 1}, {"timeout": 2, "max_retries": 2}],
    ),
    "remembers": (
        [{"role": "user", "content": "Where is it now?"}],
        ["4711", [], [{"role": "user", "content": "My order is 4711. Where is it now?"}], [TURN[0], TURN[2]], [*TURN, {"role": "assistant", "content": "Where is it?"}], [TURN[1], TURN[0], TURN[2]], [*TURN, TURN[0]],
         [{"role": "user", "content": "Hello"}, {"role": "assistant", "content": None}, {"role": "user", "content": "4711: where is it now?"}],
         [{"role": "user", "content": "Thank you."}, {"role": "assistant", "content": "My order is 4711."}, TURN[2]],
         [{"role": "system", "content": "4711"}, {"role": "user", "content": "Hi"}, TURN[1], TURN[2]],
         [{"role": "user", "content": "My order is 147110."}, TURN[1], TURN[2]],
         [TURN[0], {"role": "assistant", "content": ""}, TURN[2]], [TURN[0], {"role": "assistant", "content": None}, TURN[2]]],
        [TURN, [{"role": "system", "content": "You help."}, *TURN], [{"role": "developer", "content": "You help."}, *TURN]],
    ),
}  # fmt: skip
