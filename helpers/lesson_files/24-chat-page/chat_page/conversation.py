"""One conversation: what was said, what of it is sent again, and what it cost."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from .models import Model
from .settings import Settings

INTERNAL = ("generation", "at_most")


class Refused(Exception):
    """The page does not send this question. The message says why and what to do, in words for the user."""


@dataclass
class Turn:
    """A question and its answer. `cost`: US dollars, None while it is not known; then `at_most` counts. `note`: how the answer
    ended, in words, where it did not end well. `generation`: OpenRouter's id of the answer."""

    question: str
    model: str
    at_most: float
    answer: str = ""
    cost: float | None = None
    note: str = ""
    generation: str = ""

    def shown(self) -> dict[str, Any]:
        """What the page gets."""
        return {name: value for name, value in asdict(self).items() if name not in INTERNAL}


def tokens_of(text: str) -> int:
    """An estimate on the high side: three bytes a token (English has four to five), and four tokens around a message."""
    return len(text.encode()) // 3 + 4


@dataclass
class Conversation:
    """`turns`: oldest first."""

    turns: list[Turn] = field(default_factory=list)

    @property
    def spent(self) -> float:
        """US dollars; an answer whose cost is not known yet counts with the most that it may have cost."""
        return sum(turn.at_most if turn.cost is None else turn.cost for turn in self.turns)

    def messages_for(self, question: str, model: Model, settings: Settings) -> tuple[list[dict[str, str]], int]:
        """What is sent, and how many of the oldest turns stay out because they do not fit. Raises `Refused`."""
        room = min(settings.history_tokens, model.context - settings.answer_tokens)
        room -= tokens_of(settings.system) + tokens_of(question)
        if room < 0:
            raise Refused("This message is too long for this model. Shorten it, or choose another model.")
        said = [turn for turn in self.turns if turn.answer]  # providers refuse an answer without a word
        kept: list[Turn] = []
        for turn in reversed(said):
            room -= tokens_of(turn.question) + tokens_of(turn.answer)
            if room < 0:
                break
            kept.insert(0, turn)
        messages = [{"role": "system", "content": settings.system}]
        for turn in kept:
            messages.append({"role": "user", "content": turn.question})
            messages.append({"role": "assistant", "content": turn.answer})
        return [*messages, {"role": "user", "content": question}], len(said) - len(kept)

    def reserve(self, messages: list[dict[str, str]], model: Model, settings: Settings) -> float:
        """The most that the answer may cost, in US dollars. Raises `Refused` where the conversation has less left."""
        prompt = sum(tokens_of(message["content"]) for message in messages)
        most = model.costs_at_most(prompt, settings.answer_tokens)
        left = max(settings.dollars - self.spent, 0)
        if most > left:
            raise Refused(
                f"This answer could cost ${most:.4f}, and ${left:.4f} of the ${settings.dollars:.2f} for one conversation"
                " are left. Start a new conversation, or choose a cheaper model."
            )
        return most


def check_question(question: object, settings: Settings) -> str:
    """The question, if it is one. Raises `Refused`."""
    if not isinstance(question, str) or not question.strip():
        raise Refused("Write a message first.")
    if len(question) > settings.question_chars:
        raise Refused(
            f"This message has {len(question):,} characters; {settings.question_chars:,} are allowed. Shorten it."
        )
    return question
