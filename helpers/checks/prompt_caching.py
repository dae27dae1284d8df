"""The checkers of 16-prompt-caching: messages sent twice to one stand-in, and a choice compared with the cheapest one."""

from __future__ import annotations

from typing import Any

from openrouter_standin import State

from .sending import ask
from .verdict import Verdict, judged, not_yet, right, shown, tried

SONNET = "anthropic/claude-sonnet-4.5"
RULES = "\n".join(f"Rule {n}: a chair of kind {n} is packed in box {n * 2}." for n in range(1, 161))
TURNS = (("09:00", "How is kind 4 packed?"), ("09:01", "And kind 90?"), ("09:02", "And kind 91?"))
"""The time and the question of each call."""
PLANS = ((1, 1), (2, 1), (20, 2), (2, 10), (3, 10), (12, 30), (1, 90), (8, 90), (2, 5.5), (3, 59), (4, 61), (2, 4))
"""Calls, and minutes between two of them."""
WRITE, LIFE, READ = {"5m": 1.25, "1h": 2.0}, {"5m": 5, "1h": 60}, 0.1
"""Times the input price, as in the catalogue of August 2026; minutes that each is kept."""


@judged
def hits(answer: Any) -> Verdict:
    """A function whose messages differ in time and question only, so that the second call reads the rules from the cache."""
    if not callable(answer):
        return not_yet(f"build is a function that takes rules, now and question, not {shown(answer)}.")
    state, read, written = State(), [], []
    for now, question in TURNS:
        messages = _built(answer, now, question)
        if isinstance(messages, Verdict):
            return messages
        body = {"model": SONNET, "messages": messages, "max_tokens": 60, "session_id": "exercise"}
        reply = ask(body, state=state)
        if isinstance(reply, Verdict):
            return reply
        about = reply["usage"]["prompt_tokens_details"]
        read.append(about["cached_tokens"])
        written.append(about["cache_write_tokens"])
    if not any(written):
        return not_yet("nothing is written to the cache. Which field marks the end of what Claude's providers keep?")
    if not read[1]:
        return not_yet(
            "the first call writes to the cache, and the second one reads nothing. What stands before the mark and changes?"
        )
    if read[1] < 1024 or written[1] > read[1] / 4:
        return not_yet(
            f"the second call reads {read[1]} tokens and writes {written[1]} again. Mark the end of the rules."
        )
    return right(
        f"the second call reads {read[1]} tokens from the cache, the third {read[2]}, and the time is still there."
    )


def _built(build: Any, now: str, question: str) -> list[Any] | Verdict:
    """The messages that the reader's function builds, or a verdict when something is missing in them."""
    messages = tried("build raises", build, RULES, now, question)
    if not isinstance(messages, list) or not messages or not all(isinstance(m, dict) for m in messages):
        return not_yet(f"build gives a list of messages, not {shown(messages)}.")
    text = str(messages)
    for part, name in ((now, "the time"), (question, "the question"), ("kind 160", "a part of the rules")):
        if part not in text:
            return not_yet(f"{name} is no longer in the messages, and the model needs it.")
    return messages


@judged
def cheapest(answer: Any) -> Verdict:
    """A function that names the cheapest of three ways for so many calls with such a gap."""
    if not callable(answer):
        return not_yet(f"choose is a function that takes calls and gap, not {shown(answer)}.")
    for calls, gap in PLANS:
        costs = {"none": float(calls)} | {way: _cost(way, calls, gap) for way in WRITE}
        best = min(costs, key=lambda way: costs[way])
        found = tried(f"choose({calls}, {gap}) raises", answer, calls, gap)
        if not isinstance(found, str) or found not in costs:
            return not_yet(f"choose({calls}, {gap}) gives {shown(found)}: it takes 'none', '5m' or '1h'.")
        if found != best:
            return not_yet(
                f"{calls} call{'s'[: calls > 1]} with {gap} minutes between two of them: {found!r} costs {costs[found]:.2f}"
                f" times the beginning, and something else costs {costs[best]:.2f}."
            )
    return right(f"{len(PLANS)} plans, each at its cheapest.")


def _cost(way: str, calls: int, gap: float) -> float:
    """What the beginning costs in all, in times its input price."""
    return WRITE[way] * calls if gap > LIFE[way] else WRITE[way] + READ * (calls - 1)
