"""What went wrong with an answer, in words for the user: what happened, and what to do now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import openai

OWNER = "The owner of this page has to see to it; your message stays here."
WORDS = {
    400: "The model does not take this conversation. Start a new one, or choose another model.",
    403: "This message was refused by moderation. Say it in other words.",
    404: "Nobody offers this model at the moment. Choose another model.",
    408: "The model took too long. Send the message again.",
    413: "This conversation is too long. Start a new one.",
    502: "The provider of this model is down. Send the message again, or choose another model.",
    503: "Nobody can serve this model at the moment. Send the message again later, or choose another model.",
}
"""By status (docs, errors, August 2026). 401, 402 and 429 need more than a sentence."""
BROKEN = "The connection to the model broke. Send the message again."
CUT = "The answer broke off. Ask for the rest, or send the message again."
ENDS = {
    "length": "The answer reached its limit. Ask for the rest.",
    "content_filter": "The provider's filter ended this answer. Say it in other words.",
    "error": CUT,
}
"""By finish reason, where it is not a good end."""
EMPTY = "The model gave no words. Send the message again, or choose another model."
STOPPED = "Stopped."


def in_words(problem: Exception, users_pay: bool) -> str:
    """One or two sentences. Nothing of the error itself is repeated: it may speak of the owner's account."""
    if isinstance(problem, openai.APIStatusError):
        wait = problem.response.headers.get("retry-after", "")
        return words_of(problem.status_code, users_pay, wait)
    if isinstance(problem, openai.APIConnectionError):
        return BROKEN
    if isinstance(problem, openai.APIError):  # an error inside a stream that began well
        return words_of_body(problem.body, users_pay)
    return BROKEN


def words_of_body(error: Any, users_pay: bool) -> str:
    """The words for the `error` object of a 200: its `code` is the status that it would have had."""
    code = error.get("code") if isinstance(error, Mapping) else None
    return words_of(code if isinstance(code, int) else 0, users_pay)


def words_of(status: int, users_pay: bool, wait: str = "") -> str:
    """The words for a status. `wait`: the Retry-After header."""
    if status == 401:
        again = "OpenRouter no longer takes your connection. Connect your account again; your message stays here."
        return again if users_pay else f"OpenRouter does not take the key of this page. {OWNER}"
    if status == 402:
        own = "Your OpenRouter account has too little credit. Add some at https://openrouter.ai/settings/credits, and send again."
        return own if users_pay else f"The credit of this page is used up. {OWNER}"
    if status == 429:
        when = f"in {wait} second{'s' * (wait != '1')}" if wait.isascii() and wait.isdigit() else "in a moment"
        return f"Too many requests at the moment. Send the message again {when}, or choose another model."
    return WORDS.get(status, "Something went wrong at OpenRouter. Send the message again, or choose another model.")
