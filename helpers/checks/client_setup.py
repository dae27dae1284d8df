"""The checkers of 01-client-setup."""

from __future__ import annotations

import re
from typing import Any

from .verdict import Verdict, is_number, judged, not_yet, right

LIMIT_S = 10


@judged
def ten_seconds(answer: Any) -> Verdict:
    """`timeout` and `max_retries` with which no caller waits longer than ten seconds, and one retry is left."""
    if not isinstance(answer, dict) or not {"timeout", "max_retries"} <= answer.keys():
        return not_yet("both settings are needed: {'timeout': seconds, 'max_retries': number}.")
    timeout, retries = answer["timeout"], answer["max_retries"]
    if not isinstance(retries, int) or isinstance(retries, bool) or retries < 0:
        return not_yet(f"max_retries takes a whole number of at least 0, not {retries!r}.")
    if not is_number(timeout) or timeout <= 0:
        return not_yet(f"timeout takes seconds, more than 0, not {timeout!r}; None would wait for ever.")
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
    if not isinstance(answer, list) or not all(isinstance(m, dict) and {"role", "content"} <= m.keys() for m in answer):
        return not_yet("messages is a list of objects, each with role and content.")
    if not answer or "where is it" not in str(answer[-1]["content"]).lower():
        return not_yet("the last message must be the customer's question: the model answers the end of the list.")
    if answer[-1]["role"] != "user":
        return not_yet(f"the question comes from the customer, whose role is 'user', not {answer[-1]['role']!r}.")
    number = [i for i, m in enumerate(answer) if re.search(r"(?<!\d)4711(?!\d)", str(m["content"]))]
    if not number:
        return not_yet("nothing in this list mentions 4711, and the service remembers nothing between calls.")
    if len(answer) == 1:
        return not_yet("the number is there, but squeezed into the question. Send the messages as they were said.")
    roles = [m["role"] for m in answer if m["role"] not in ("system", "developer")]
    if "assistant" not in roles:
        return not_yet("the bot's own reply is missing: without it the model sees two questions in a row.")
    if roles != ["user", "assistant", "user"]:
        return not_yet(f"the roles come as {', '.join(roles)}; they were said as user, assistant, user.")
    said = [m for m in answer if m["role"] not in ("system", "developer")]
    first, reply = str(said[0]["content"] or ""), str(said[1]["content"] or "").strip()
    if "4711" not in first:
        return not_yet("the number must stand in the customer's first message, where it was said.")
    if not reply:
        return not_yet("the bot's reply is empty: send what it answered.")
    if "4711" in str(said[2]["content"]):
        return not_yet("the question is sent as it was said: without the number, which stands in the first message.")
    return right("the number, the reply and the question travel together, so the model can know what “it” is.")
