"""Answers to the exercises of 32-pydantic-ai: for each checker the unedited one, wrong ones, right ones."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace
from typing import Annotated, Any, Literal

PAIR = {"order": ["together", "fireworks"], "allow_fallbacks": False}
LOW = {"effort": "low"}
EXACT = r"^[A-Z]-\d+$"


def made_class(**fields: Any) -> type:
    from pydantic import create_model

    return create_model("Refund", **fields)


def order_is(pattern: str) -> Any:
    from pydantic import Field

    return (str, Field(pattern=pattern))


def euros_from(low: int | None, high: int | None, kind: Any = int, default: Any = ...) -> Any:
    from pydantic import Field

    return (kind, Field(default, ge=low, le=high))


def asked(provider: Any = PAIR, **more: Any) -> dict[str, Any]:
    """The right settings, with another provider object or more settings."""
    return {"openrouter_provider": provider, "openrouter_reasoning": LOW, **more}


def refund(order: str = EXACT, **euros: Any) -> type:
    """The right class, with another pattern or other arguments for the amount."""
    return made_class(order=order_is(order), euros=euros_from(1, 100, **euros))


def checked(validator: Any, field: str = "order", mode: str = "after") -> type:
    """The right class, with a validator of its own on one field."""
    from pydantic import create_model, field_validator

    checks = {"check": field_validator(field, mode=mode)(validator)}
    fields = {"order": order_is(EXACT), "euros": euros_from(1, 100)}
    return create_model("Refund", __validators__=checks, **fields)


def by_hand(order: Any, euros: Any) -> type:
    """A class whose two validators do the whole work."""
    from pydantic import create_model, field_validator

    checks = {"check_order": field_validator("order")(order), "check_euros": field_validator("euros")(euros)}
    return create_model("Refund", __validators__=checks, order=(str, ...), euros=(int, ...))


def configured(**config: Any) -> type:
    """The right class, with a model_config."""
    from pydantic import ConfigDict, create_model

    fields = {"order": order_is(EXACT), "euros": euros_from(1, 100)}
    return create_model("Refund", __config__=ConfigDict(**config), **fields)


def rejects(value: Any) -> Any:
    raise ValueError("no")


def leaves(value: Any) -> Any:
    raise SystemExit


def turns(value: Any) -> Any:
    while True:
        value = str(value)


def forgets(value: Any) -> None:
    """A validator that does not return its value."""


def matches(value: str) -> str:
    """With re.match, whose $ lets a line break through."""
    import re

    if not re.match(r"^[A-Z]-[0-9]+$", value):
        raise ValueError("no")
    return value


def matches_whole(value: str) -> str:
    import re

    if not re.fullmatch(r"[A-Z]-[0-9]+", value):
        raise ValueError("no")
    return value


def is_some(value: int) -> int:
    """Any amount but 0."""
    if value == 0 or value > 100:
        raise ValueError("no")
    return value


def in_range(value: int) -> int:
    assert 1 <= value <= 100
    return value


def plain_class() -> type:
    return type("Refund", (), {"order": "A-17", "euros": 5})


def data_class() -> type:
    from dataclasses import make_dataclass

    return make_dataclass("Refund", [("order", str), ("euros", int)])


def typed_dict() -> Any:
    from typing import TypedDict

    return TypedDict("Refund", {"order": str, "euros": int})


CASES: dict[str, tuple[Any, list[Any], list[Any]]] = {
    "settings_arrive": (
        {"max_tokens": 1000, "extra_body": {"order": ["together", "fireworks"]}},
        [
            None,
            "openrouter_provider",
            [asked()],
            {("a",): 1},
            {"openrouter_order": ["together"]},  # no such setting
            {"provider": PAIR, "reasoning": LOW},  # nor these
            {"openrouter_provider": PAIR},  # no effort
            {"openrouter_reasoning": LOW},  # no routing
            {"openrouter_provider": {"provider": PAIR}, "openrouter_reasoning": LOW},
            {"openrouter_provider": {"order": ["together", "fireworks"]}, "openrouter_reasoning": LOW},  # others may follow
            asked({"order": ["fireworks", "together"], "allow_fallbacks": False}),
            asked({"order": ["together"], "allow_fallbacks": False}),
            asked({"order": ["together", "fireworks", "novita"], "allow_fallbacks": False}),
            asked({"order": "together,fireworks", "allow_fallbacks": False}),
            asked({"order": ["together", "fireworks"], "allow_fallbacks": "false"}),
            asked({"order": ["together", "fireworks"], "allow_fallbacks": None}),
            asked({"only": ["together", "fireworks"]}),  # no order
            asked({"only": ["together", "fireworks"], "sort": "latency"}),  # by medians
            asked({"only": ["together", "fireworks/2"], "sort": "price"}),  # by today's prices
            asked({**PAIR, "max_price": {"prompt": Decimal(1)}}),  # cannot be sent
            asked([PAIR]),
            {"extra_body": {"provider": PAIR, "reasoning": LOW}},  # there are settings for both
            {"openrouter_provider": PAIR, "extra_body": {"reasoning": LOW}},
            asked(extra_body={"reasoning": {"effort": "high"}}),
            asked(extra_body={"model": "openai/gpt-5-nano"}),
            asked(openrouter_models=["openai/gpt-5-nano"]),  # somebody else may answer
            asked(openrouter_preset="cheap"),  # may say anything
            asked(temperature=5),  # 400
            asked(temperature=Decimal(1)),  # cannot be sent
            asked(max_tokens="many"),  # 400
            asked(openai_reasoning_effort="high"),  # 400: two efforts
            asked(openrouter_reasoning="low"),
            asked(openrouter_reasoning={"effort": "LOW"}),
            asked(openrouter_reasoning={"effort": ["low"]}),
            asked(openrouter_reasoning={"effort": "high"}),
            asked(openrouter_reasoning={"effort": "minimal"}),
            asked(openrouter_reasoning={"max_tokens": 100}),
            asked(openrouter_reasoning={"effort": "low", "max_tokens": 100}),
            asked(openrouter_reasoning={"effort": "low", "enabled": False}),
            {"openrouter_provider": PAIR, "thinking": True},  # medium
        ],
        [
            asked(),
            asked({"order": ["together", "fireworks"], "only": ["together", "fireworks"]}),
            asked({"order": ("Together", "Fireworks"), "allow_fallbacks": False}),  # JSON writes a list
            asked({**PAIR, "sort": "throughput"}),  # order beats sort
            {"openrouter_provider": PAIR, "thinking": "low"},
            {"openrouter_provider": PAIR, "openai_reasoning_effort": "low"},
            asked(openrouter_reasoning={"effort": "low", "exclude": True}),
            asked(max_tokens=1000, temperature=0, openrouter_usage={"include": True}),
        ],
    ),
    "refund_class": (
        made_class(order=(str, ...), euros=(int, ...)),
        [
            None,
            {"order": "A-17"},
            "Refund",
            plain_class(),
            data_class(),
            typed_dict(),
            SimpleNamespace(order="A-17", euros=5),
            refund()(order="A-17", euros=5),  # an instance
            made_class(),
            made_class(order=order_is(EXACT), amount=euros_from(1, 100)),  # another name
            made_class(order=order_is(EXACT), euros=euros_from(1, 100), note=(str, "")),  # one too many
            made_class(order=("Ordr", ...), euros=euros_from(1, 100)),  # a misspelt type
            made_class(order=order_is(EXACT), euros=(int, ...)),
            made_class(order=order_is(EXACT), euros=euros_from(None, 100)),
            made_class(order=order_is(EXACT), euros=euros_from(1, None)),
            made_class(order=order_is(EXACT), euros=euros_from(0, 100)),
            made_class(order=order_is(EXACT), euros=euros_from(1, 99)),
            made_class(order=order_is(EXACT), euros=euros_from(2, 100)),
            made_class(order=(str, ...), euros=euros_from(1, 100)),
            made_class(order=(Any, ...), euros=euros_from(1, 100)),
            made_class(order=(int, ...), euros=euros_from(1, 100)),
            made_class(order=(str | int, ...), euros=euros_from(1, 100)),
            *(refund(pattern) for pattern in (r"[A-Z]-\d+", r"^[A-Z]-\d+", r"[A-Z]-\d+$", r"^[A-Za-z]-\d+$", r"^[A-Z]+-\d+$", r"^[A-Z]-\d*$", "^[A-Z]-.+$", "^B")),
            *(refund(pattern) for pattern in (r"^[A-Z]-?[0-9]+$", r"^[A-Z].[0-9]+$", r"^[A-Z][- ][0-9]+$", r"^[A-Z]\W*[0-9]+$", r"^[A-Z]-+[0-9]+$")),  # the dash
            *(refund(pattern) for pattern in (r"^[A-Z]-[0-9]{1,6}$", r"^[A-Z]-[1-9]+$", r"^[A-Z]-[1-9][0-9]*$", r"^[A-Z]-[0-9-]+$", r"^[A-Z]-.*[0-9]$", r"^[A-Z]-\w+$")),  # the digits
            *(refund(pattern) for pattern in (r"^[A-Y]-\d+$", r"^[AB]-\d+$", r"^\w-\d+$", r"^\p{Lu}-\d+$", r"(?i)^[A-Z]-\d+$", r"(?m)^[A-Z]-\d+$")),  # the letter
            refund(kind=float),
            refund(kind=Decimal),
            refund(kind=int | None),
            refund(kind=bool),
            refund(default=5),
            made_class(order=order_is(EXACT), euros=(str, ...)),
            made_class(order=order_is(EXACT), euros=(Literal[1, 50, 100], ...)),
            by_hand(matches, in_range),  # A-17 and a line break
            by_hand(matches_whole, is_some),  # -1
            by_hand(matches_whole, forgets),
            checked(rejects),
            checked(leaves),
            checked(turns),
            checked(forgets),
            checked(lambda value: value.upper(), mode="before"),  # mends a-17 in silence
            checked(lambda value: int(value), field="euros", mode="before"),  # cuts 12.5
            configured(str_strip_whitespace=True),
        ],
        [
            refund(),
            refund("^[A-Z]-[0-9]{1,9}$"),
            refund(r"^(?:[A-Z])\-(?:\d)\d*$"),
            made_class(order=(Annotated[str, order_is(EXACT)[1]], ...), euros=(Literal[tuple(range(1, 101))], ...)),
            made_class(euros=euros_from(1, 100), order=order_is(EXACT)),
            by_hand(matches_whole, in_range),
            configured(extra="forbid", frozen=True),
            configured(strict=True),
            configured(str_to_upper=True),  # only after the pattern has been held against the text
        ],
    ),
}  # fmt: skip
