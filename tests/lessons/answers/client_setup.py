"""Answers to the exercises of 01-client-setup: for each checker the unedited one, wrong ones, right ones."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from openai.types.chat import ChatCompletionMessage

TURN = [
    {"role": "user", "content": "My order is 4711."},
    {"role": "assistant", "content": "Thank you."},
    {"role": "user", "content": "Where is it now?"},
]
ORDER, REPLY, QUESTION = TURN


class Seconds(float):
    """A subclass of float."""


CASES: dict[str, tuple[Any, list[Any], list[Any]]] = {
    "ten_seconds": (
        {"timeout": 600, "max_retries": 2},
        [
            (4.5, 1),  # a pair, no names
            {"timeout": 5},  # one of the two
            {"timeout": 9, "max_retries": 0},  # no retry
            {"timeout": 10, "max_retries": 1},  # twice ten seconds
            {"timeout": 5, "max_retries": 1},  # the pause is forgotten
            {"timeout": 4.76, "max_retries": 1},  # just above
            {"timeout": 3, "max_retries": 2},  # two pauses
            {"timeout": 1, "max_retries": 4},  # the pauses double
            {"timeout": 4500, "max_retries": 1},  # milliseconds
            {"timeout": 0.2, "max_retries": 1},  # hardly any answer comes
            {"timeout": None, "max_retries": 1},  # waits for ever
            {"timeout": float("inf"), "max_retries": 1},
            {"timeout": float("nan"), "max_retries": 1},
            {"timeout": "4.5", "max_retries": 1},
            {"timeout": True, "max_retries": 1},
            {"timeout": Decimal("4.5"), "max_retries": 1},  # a socket takes none
            {"timeout": Fraction(9, 2), "max_retries": 1},  # nor this
            {"timeout": -4.5, "max_retries": 1},
            {"timeout": 3, "max_retries": 1.5},
            {"timeout": 4.5, "max_retries": 1.0},  # range() takes no float
            {"timeout": 4.5, "max_retries": True},
            {"timeout": 4.5, "max_retries": "1"},
            {"timeout": 4.5, "max_retries": -1},
            {"timeout": 4.5, "max_retries": None},
            {"timeout": 4.5, "max_retries": 1, "retries": 1},  # the client knows no such argument
            {"timeout": [4.5], "max_retries": 1},
        ],
        [
            {"timeout": 4.5, "max_retries": 1},
            {"timeout": 2, "max_retries": 2},
            {"timeout": 4.75, "max_retries": 1},  # exactly ten seconds
            {"timeout": 1, "max_retries": 3},
            {"timeout": Seconds(4), "max_retries": 1},
            {"max_retries": 1, "timeout": 1.0},
            {"timeout": 4.5, "max_retries": 1, "base_url": "https://openrouter.ai/api/v1"},
        ],
    ),
    "remembers": (
        [QUESTION],
        [
            "4711",
            [],
            [ORDER, REPLY["content"], QUESTION],  # a text among the objects
            [{"role": "user", "content": "My order is 4711. Where is it now?"}],  # squeezed
            [ORDER, QUESTION],  # no reply
            [*TURN, {"role": "assistant", "content": "Where is it?"}],  # ends with the bot
            [REPLY, ORDER, QUESTION],  # out of order
            [*TURN, ORDER],  # the question is not the last
            [{"role": "user", "content": "Hello"}, {"role": "assistant", "content": None}, {"role": "user", "content": "4711: where is it now?"}],
            [{"role": "user", "content": "Thank you."}, {"role": "assistant", "content": "My order is 4711."}, QUESTION],  # swapped
            [{"role": "system", "content": "4711"}, {"role": "user", "content": "Hi"}, REPLY, QUESTION],  # only the system says it
            [{"role": "user", "content": "My order is 147110."}, REPLY, QUESTION],  # another number
            [{"role": "user", "content": "My order is 147110."}, {"role": "assistant", "content": "Thank you, 4711."}, QUESTION],
            [ORDER, {"role": "assistant", "content": ""}, QUESTION],
            [ORDER, {"role": "assistant", "content": None}, QUESTION],
            [ORDER, {"role": "assistant", "content": "…"}, QUESTION],  # a placeholder
            [ORDER, {"role": "assistant", "content": "Where is it now?"}, QUESTION],  # not what the bot said
            [ORDER, {"role": "bot", "content": "Thank you."}, QUESTION],
            [{"role": "User", "content": "My order is 4711."}, REPLY, QUESTION],
            [ORDER, {"role": ["assistant"], "content": "Thank you."}, QUESTION],
            [ORDER, REPLY, {"role": "user", "content": "Where is it now, 4711?"}],  # not as it was said
            [{"role": "user", "content": {"text": "My order is 4711."}}, REPLY, QUESTION],  # 400: content is no object
            [{"role": "user", "content": b"My order is 4711."}, REPLY, QUESTION],  # bytes cannot be sent
            [{"role": "user", "content": ["My order is 4711."]}, REPLY, QUESTION],  # 400: parts are objects
            [{"role": "user", "content": [{"text": "My order is 4711."}]}, REPLY, QUESTION],  # 400: a part without type
            {"messages": TURN},
            (message for message in TURN),  # used up by the first who looks
        ],
        [
            TURN,
            tuple(TURN),
            [{"role": "system", "content": "You help."}, *TURN],
            [{"role": "developer", "content": "You help."}, *TURN],
            [{"role": "user", "content": [{"type": "text", "text": "My order is 4711."}]}, REPLY, QUESTION],
            [ORDER, {"role": "assistant", "content": "Thank you. What would you like to know?"}, QUESTION],
            [ORDER, ChatCompletionMessage(role="assistant", content="Thank you."), QUESTION],  # as the SDK gave it
            [{**ORDER, "name": "customer"}, REPLY, QUESTION],
        ],
    ),
}  # fmt: skip
