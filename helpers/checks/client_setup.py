"""The checkers of 01-client-setup."""

from __future__ import annotations

import re
from inspect import signature
from typing import Any

from openai import OpenAI
from pydantic import BaseModel

from .sending import ask
from .verdict import Verdict, is_number, judged, not_yet, right, shown

LIMIT_S = 10
ROLES = ("user", "assistant", "system", "developer")
MODEL = "meta-llama/llama-3.1-8b-instruct"


@judged
def ten_seconds(answer: Any) -> Verdict:
    """`timeout` and `max_retries` with which no caller waits longer than ten seconds, and one retry is left."""
    if not isinstance(answer, dict) or not {"timeout", "max_retries"} <= answer.keys():
        return not_yet("both settings are needed: {'timeout': seconds, 'max_retries': number}.")
    unknown = [name for name in answer if name not in signature(OpenAI).parameters]
    if unknown:
        return not_yet(f"the client takes no argument {shown(unknown[0])}: it would raise a TypeError.")
    timeout, retries = answer["timeout"], answer["max_retries"]
    if not isinstance(retries, int) or isinstance(retries, bool) or retries < 0:
        return not_yet(f"max_retries takes a whole number of at least 0, not {shown(retries)}.")
    if not (is_number(timeout) and isinstance(timeout, int | float)) or timeout <= 0:
        return not_yet(f"timeout takes seconds, more than 0, not {shown(timeout)}; None would wait for ever.")
    if retries == 0:
        return not_yet("without a retry the first failed attempt is the end. Which setting repeats it?")
    worst = timeout * (retries + 1) + sum(min(8, 0.5 * 2**n) for n in range(retries))
    if worst > LIMIT_S:
        return not_yet(
            f"{retries + 1} attempts of {timeout:g} s and the pauses between them make {worst:g} s in the worst case."
        )
    if timeout < 1:
        return not_yet(
            f"your user does not wait too long, but hardly any answer comes within {timeout:g} s. The limit leaves more."
        )
    return right(
        f"in the worst case the visitor waits {worst:g} s: {retries + 1} attempts of {timeout:g} s and the pauses."
    )


@judged
def remembers(answer: Any) -> Verdict:
    """A list of messages in which the order number, the bot's reply and the question stand in the order they were said."""
    answer = [_plain(m) for m in answer] if isinstance(answer, list | tuple) else answer
    if not isinstance(answer, list) or not all(isinstance(m, dict) and {"role", "content"} <= m.keys() for m in answer):
        return not_yet("messages is a list of objects, each with role and content.")
    if not answer or "where is it" not in str(answer[-1]["content"]).lower():
        return not_yet("the last message must be the customer's question: the model answers the end of the list.")
    if answer[-1]["role"] != "user":
        return not_yet(f"the question comes from the customer, whose role is 'user', not {shown(answer[-1]['role'])}.")
    if not any(_has_number(m["content"]) for m in answer):
        return not_yet("nothing in this list mentions 4711, and the service remembers nothing between calls.")
    if len(answer) == 1:
        return not_yet("the number is there, but squeezed into the question. Send the messages as they were said.")
    strange = [m["role"] for m in answer if m["role"] not in ROLES]
    if strange:
        return not_yet(f"the role {shown(strange[0])} is not known; here it is one of {', '.join(ROLES)}.")
    roles = [m["role"] for m in answer if m["role"] not in ("system", "developer")]
    if "assistant" not in roles:
        if any("thank you" in str(m["content"]).lower() for m in answer):
            return not_yet("the bot's words are there, but not as the bot's: their role is 'assistant'.")
        return not_yet("the bot's own reply is missing: send what it said, with the role 'assistant'.")
    if roles != ["user", "assistant", "user"]:
        return not_yet(f"the roles come as {', '.join(roles)}; they were said as user, assistant, user.")
    said = [m for m in answer if m["role"] not in ("system", "developer")]
    reply = str(said[1]["content"] or "").strip()
    if not _has_number(said[0]["content"]):
        return not_yet("the number must stand in the customer's first message, where it was said.")
    if not reply:
        return not_yet("the bot's reply is empty: send what it answered.")
    if "thank you" not in reply.lower():
        return not_yet(f"the bot said 'Thank you. What would you like to know?', not {shown(reply)}.")
    if _has_number(said[2]["content"]):
        return not_yet("the question is sent as it was said: without the number, which stands in the first message.")
    sent = ask({"model": MODEL, "max_tokens": 60, "messages": answer})
    if isinstance(sent, Verdict):
        return sent
    return right("the number, the reply and the question travel together, so the model can know what “it” is.")


def _plain(message: Any) -> Any:
    """A message as a dict; the SDK takes its own `response.choices[0].message` as well."""
    return message.model_dump(exclude_none=True) if isinstance(message, BaseModel) else message


def _has_number(content: Any) -> bool:
    """Whether the order number stands in a message's content, by itself and not inside a longer number."""
    return re.search(r"(?<!\d)4711(?!\d)", str(content)) is not None
