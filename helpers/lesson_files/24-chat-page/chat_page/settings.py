"""What the owner of the page decides: who pays, which models, and the limits."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

SYSTEM = "You are a helpful assistant. Answer in Markdown. Be brief."


def _variable(name: str, otherwise: str) -> str:
    return os.environ.get(name) or otherwise


@dataclass(frozen=True)
class Settings:
    """`users_pay`: each user connects an OpenRouter account of their own, and `api_key` is not used. `dollars`: what one
    conversation may cost. `question_chars`: the longest message. `history_tokens`: how much of a conversation is sent at most;
    every token of it is paid again with each question. `origin`: the public address, such as https://chat.example.com, when
    a proxy stands in front."""

    api_key: str = field(default_factory=lambda: _variable("OPENROUTER_API_KEY", ""), repr=False)
    base_url: str = field(default_factory=lambda: _variable("OPENROUTER_BASE_URL", "https://openrouter.ai/api/v1"))
    auth_url: str = field(default_factory=lambda: _variable("OPENROUTER_AUTH_URL", "https://openrouter.ai/auth"))
    users_pay: bool = False
    models: tuple[str, ...] = ("z-ai/glm-5.3-flash", "openai/gpt-4o-mini")
    system: str = SYSTEM
    answer_tokens: int = (
        2000  # a model that thinks counts its thoughts, and with a few hundred the answer may stay empty
    )
    history_tokens: int = 8000
    question_chars: int = 4000
    dollars: float = 0.10
    origin: str = ""

    def __post_init__(self) -> None:
        if not self.users_pay and not self.api_key:
            raise ValueError(
                "OPENROUTER_API_KEY is not set: set it, or let users connect their own account (users_pay=True)"
            )
        if not self.models:
            raise ValueError("models names no model: give at least one id, such as 'z-ai/glm-5.3-flash'")
