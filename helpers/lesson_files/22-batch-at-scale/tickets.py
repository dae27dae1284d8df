"""One support ticket, one call: what every worker of a batch runs. `ask(row)` is for threads, `ask_async(row)` for asyncio.

A row is a dict with `id` and `text`. Settings: OPENROUTER_API_KEY, and OPENROUTER_BASE_URL for another address.
"""

import asyncio
import hashlib
import itertools
import json
import os
import threading
from functools import cache

import openai

MODEL = "openai/gpt-4o-mini"
TASK = "Answer with one word: bug, question, invoice or praise."
MOST = 0.00003  # US dollars that one of these calls may cost: 100 tokens in, 16 out (openai/gpt-4o-mini, August 2026)
PASSES = {408, 429, 500, 502, 503, 504, 524, 529}
LOCK = threading.Lock()
CLIENTS = 8  # they share the calls: a client looks at all its connections whenever one of its calls begins or ends

LETTERS = ["It crashes when I save ({}).", "How do I export ({})?", "No bill for ({}) yet.", "I love version ({})!"]


def made_up(number):
    """So many tickets, each another one."""
    return [{"id": n, "text": LETTERS[n % len(LETTERS)].format(n)} for n in range(number)]


def request(row):
    """What is sent for this row."""
    messages = [{"role": "system", "content": TASK}, {"role": "user", "content": row["text"]}]
    return {"model": MODEL, "max_tokens": 16, "messages": messages}


def key(row):
    """Under what its answer is kept: another text, model or task is another key, and so asked anew."""
    whole = json.dumps(request(row), sort_keys=True)
    return f"{row['id']}:{hashlib.sha256(whole.encode()).hexdigest()[:16]}"


def settings():
    """`max_retries=0`, because whoever owns the job repeats; the SDK's own repeats are unseen, and each has its own pause."""
    base_url = os.environ.get("OPENROUTER_BASE_URL", "https://openrouter.ai/api/v1")
    return {"base_url": base_url, "api_key": os.environ["OPENROUTER_API_KEY"], "max_retries": 0, "timeout": 60}


@cache
def sync_clients(process):
    """The clients of this process. A client for each call would open a connection for each: three times as slow."""
    return itertools.cycle([openai.OpenAI(**settings()) for _ in range(CLIENTS)])


@cache
def async_clients(loop):
    """The clients of one event loop: elsewhere their connections are of no use."""
    return itertools.cycle([openai.AsyncOpenAI(**settings()) for _ in range(CLIENTS)])


def ask(row):
    """The result for one row, in a thread."""
    with LOCK:  # 64 threads begin together, and shall not make 64 clients
        client = next(sync_clients(os.getpid()))
    try:
        return read(row, client.post("/chat/completions", body=request(row), cast_to=object))
    except openai.APIError as error:
        return failed(row, error)


async def ask_async(row):
    """The result for one row, on this event loop."""
    client = next(async_clients(asyncio.get_running_loop()))
    try:
        # `chat.completions.create` without its types: they cost more time than sending and reading together
        return read(row, await client.post("/chat/completions", body=request(row), cast_to=object))
    except openai.APIError as error:
        return failed(row, error)


def result(row, outcome, **fields):
    """What comes back for each row. `outcome`: "answered", "passes" (ask again), "refused" (for good), "stops" (all rows).

    `cost`: US dollars; None where the call may have been paid and nobody knows. `retry_after`: seconds.
    """
    empty = {"answer": None, "cost": 0.0, "status": None, "retry_after": None, "provider": None, "reason": None}
    return {"id": row["id"], "outcome": outcome, **empty, **fields}


def read(row, answer):
    """The result of a 200. It may hold an error all the same, or an answer that was cut."""
    known = {"status": 200, "provider": answer.get("provider"), "cost": (answer.get("usage") or {}).get("cost")}
    if not answer.get("choices"):
        error = answer.get("error") or {}
        passes = error.get("code", 502) in PASSES
        return result(row, "passes" if passes else "refused", **known, reason=error.get("message", "no choices"))
    choice = answer["choices"][0]
    if choice["finish_reason"] == "stop":
        return result(row, "answered", **known, answer=choice["message"]["content"])
    ended = choice["finish_reason"]
    return result(row, "passes" if ended == "error" else "refused", **known, reason=f"ended by {ended}")


def failed(row, error):
    """The result of an error."""
    if not isinstance(error, openai.APIStatusError):  # no answer: a time-out or a broken line; it may have been paid
        return result(row, "passes", cost=None, reason=type(error).__name__)
    status, words = error.status_code, str(error.message)
    named = error.response.headers.get("retry-after", "")
    if status in PASSES or "in_flight_budget_exhausted" in str(error.body):  # a 402 that ends when other calls are done
        outcome = "passes"
    elif status in (401, 402) or "Key limit exceeded" in words:  # the same for every row
        outcome = "stops"
    else:
        outcome = "refused"
    retry_after = float(named) if named.isdigit() else None
    return result(row, outcome, status=status, retry_after=retry_after, reason=words)
