"""Somebody else with an account of his own: who presses Allow on the consent page, and pays for the key that an app gets."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class User:
    """`credits`, `usage`: US dollars bought and used. `paid`: whether the account ever bought credits. `free_times`: when it
    asked free models, on the stand-in's clock."""

    id: str = "user_standin_visitor"
    credits: float = 5.0
    usage: float = 0.0
    paid: bool = True
    free_times: list[int] = field(default_factory=list)
