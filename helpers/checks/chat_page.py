"""The checkers of 24-chat-page: which turns of a conversation fit, and which requests may spend money."""

from __future__ import annotations

from typing import Any

from .verdict import Verdict, judged, not_yet, right, shown, tried

Turn = tuple[str, str, int]
HISTORIES: tuple[tuple[tuple[int, ...], int], ...] = (
    ((10, 10, 10), 30), ((10, 10, 10), 29), ((10, 10, 10), 9), ((5, 100, 5), 50), ((100, 5, 5), 50), ((5, 5, 100), 50),
    ((1, 2, 3, 4, 5), 12), ((), 10), ((7,), 7), ((7,), 6), ((0, 0, 5), 5), ((3, 3, 3, 3), 0),
)  # fmt: skip
"""Tokens of each turn, oldest first, and the room."""
OWN, HOST = "http://127.0.0.1:8000", "127.0.0.1:8000"
REQUESTS: tuple[tuple[str, dict[str, str], str, bool, str], ...] = (
    ("GET", {"host": HOST}, OWN, True, "somebody opens the page"),
    ("POST", {"host": HOST, "origin": OWN}, OWN, True, "the page itself asks"),
    ("POST", {"host": HOST, "origin": "https://evil.example"}, OWN, False, "a foreign page posts a form"),
    ("POST", {"host": HOST, "origin": OWN + ".evil.example"}, OWN, False, "a foreign page whose name begins like yours"),
    ("POST", {"host": HOST, "origin": "http://evil.example/" + OWN}, OWN, False, "a foreign page with your address in its own"),
    ("POST", {"host": HOST, "origin": "null"}, OWN, False, "a page in a sandbox"),
    ("POST", {"host": HOST}, OWN, False, "a POST that names no origin"),
    ("GET", {"host": "evil.example:8000"}, OWN, False, "a foreign name that points to this machine"),
    ("POST", {"host": "evil.example:8000", "origin": OWN}, OWN, False, "a foreign name, though the origin is right"),
    ("GET", {}, OWN, False, "a request without a host"),
    ("GET", {"host": ""}, OWN, False, "a request with an empty host"),
    ("GET", {"host": "0.1:8000"}, OWN, False, "a host that is the end of yours"),
    ("GET", {"host": "127.0.0.1:80"}, OWN, False, "a host that is the beginning of yours"),
    ("HEAD", {"host": HOST}, OWN, False, "a HEAD that names no origin"),
    ("OPTIONS", {"host": HOST, "origin": "https://evil.example"}, OWN, False, "a foreign page asks what is allowed"),
    ("DELETE", {"host": HOST, "origin": "https://evil.example"}, OWN, False, "a foreign page deletes"),
    ("PUT", {"host": HOST, "origin": OWN}, OWN, True, "the page itself puts"),
    ("POST", {"host": "chat.example.com", "origin": "https://chat.example.com"}, "https://chat.example.com", True, "the page behind its own name"),
    ("POST", {"host": "chat.example.com", "origin": "http://chat.example.com"}, "https://chat.example.com", False, "the same name without TLS"),
)  # fmt: skip
"""Method, headers, the server's address, whether it passes, and who it is."""


@judged
def history_fits(answer: Any) -> Verdict:
    """A function that keeps the newest turns that fit."""
    if not callable(answer):
        return not_yet(f"fit is a function that takes turns and room, not {shown(answer)}.")
    for tokens, room in HISTORIES:
        turns: list[Turn] = [(f"q{n}", f"a{n}", count) for n, count in enumerate(tokens)]
        case = f"turns of {list(tokens)} tokens, room {room}"
        given = list(turns)
        found = tried(f"fit raises ({case})", answer, given, room)
        if given != turns:
            return not_yet(f"fit changes the list that it is given ({case}): the conversation would lose it for good.")
        if not isinstance(found, list | tuple) or any(turn not in turns for turn in found):
            return not_yet(f"fit gives {shown(found)} ({case}): it gives a list of the turns themselves.")
        expected = _newest(turns, room)
        if sum(turn[2] for turn in found) > room:
            return not_yet(f"what fit keeps has {sum(turn[2] for turn in found)} tokens ({case}).")
        if [turn for turn in turns if turn in found] != list(found):
            return not_yet(f"fit gives the turns in another order than they were said ({case}).")
        if list(found) != expected:
            kept = [turn[0] for turn in found]
            return not_yet(f"fit keeps {kept}, and the newest without a gap are {[t[0] for t in expected]} ({case}).")
    return right(f"{len(HISTORIES)} conversations, each cut at its oldest end.")


def _newest(turns: list[Turn], room: int) -> list[Turn]:
    kept: list[Turn] = []
    for turn in reversed(turns):
        room -= turn[2]
        if room < 0:
            break
        kept.insert(0, turn)
    return kept


@judged
def strangers_kept_out(answer: Any) -> Verdict:
    """A function that lets the server's own page through, and nobody else where money is spent."""
    if not callable(answer):
        return not_yet(f"may_ask is a function that takes method, headers and own, not {shown(answer)}.")
    for method, headers, own, passes, who in REQUESTS:
        found = tried(f"may_ask raises ({who})", answer, method, dict(headers), own)
        if not isinstance(found, bool):
            return not_yet(f"may_ask gives {shown(found)}, not True or False ({who}).")
        if found != passes:
            return not_yet(f"{who}: {method} with {headers} {'gets through' if found else 'is kept out'}.")
    return right(f"{len(REQUESTS)} requests: your page gets through, and no stranger.")
