"""Answers to the exercises of 24-chat-page: for each checker the unedited one, wrong ones, right ones."""

from __future__ import annotations

from urllib.parse import urlsplit

Turns = list[tuple[str, str, int]]


def fit(turns: Turns, room: int) -> Turns:
    kept: Turns = []
    for turn in reversed(turns):
        room -= turn[2]
        if room < 0:
            break
        kept.insert(0, turn)
    return kept


def by_start(turns: Turns, room: int) -> Turns:
    return next(turns[n:] for n in range(len(turns) + 1) if sum(turn[2] for turn in turns[n:]) <= room)


def recursive(turns: Turns, room: int) -> Turns:
    if not turns or turns[-1][2] > room:
        return []
    return [*recursive(turns[:-1], room - turns[-1][2]), turns[-1]]


def jumping(turns: Turns, room: int) -> Turns:
    kept: Turns = []
    for turn in reversed(turns):
        if turn[2] <= room:
            room -= turn[2]
            kept.insert(0, turn)
    return kept


def emptying(turns: Turns, room: int) -> Turns:
    while sum(turn[2] for turn in turns) > room:
        turns.pop(0)
    return turns


def may_ask(method: str, headers: dict[str, str], own: str) -> bool:
    if headers.get("host") != own.partition("://")[2]:
        return False
    return method == "GET" or headers.get("origin") == own


def by_urlsplit(method: str, headers: dict[str, str], own: str) -> bool:
    return headers.get("host") == urlsplit(own).netloc and (method == "GET" or headers.get("origin", "") == own)


class Guard:
    def __call__(self, method: str, headers: dict[str, str], own: str) -> bool:
        return may_ask(method, headers, own)


CASES: dict[str, tuple[object, list[object], list[object]]] = {
    "history_fits": (
        lambda turns, room: [turn for turn in turns if turn[2] <= room],
        [
            None,
            [],
            lambda turns: turns,
            lambda turns, room: None,
            lambda turns, room: turns,
            lambda turns, room: [],
            lambda turns, room: len(fit(turns, room)),
            lambda turns, room: fit(turns, room)[::-1],
            lambda turns, room: [turn[0] for turn in fit(turns, room)],
            lambda turns, room: fit(turns[::-1], room)[::-1],
            lambda turns, room: fit(turns, room - 1),
            lambda turns, room: fit(turns, room + 1),
            lambda turns, room: turns[-3:],
            jumping,
            emptying,
        ],
        [
            fit,
            by_start,
            recursive,
            lambda turns, room: tuple(fit(turns, room)),
            lambda *both: fit(*both),
            lambda turns, room: fit([*turns], room),
        ],
    ),
    "strangers_kept_out": (
        lambda method, headers, own: headers.get("origin", own).startswith(own),
        [
            None,
            True,
            lambda method: True,
            lambda method, headers, own: True,
            lambda method, headers, own: False,
            lambda method, headers, own: None,
            lambda method, headers, own: "yes" if may_ask(method, headers, own) else "no",
            lambda method, headers, own: headers["origin"] == own,
            lambda method, headers, own: headers.get("origin") == own,
            lambda method, headers, own: method == "GET" or headers.get("origin") == own,
            lambda method, headers, own: headers.get("host") == own.partition("://")[2],
            lambda method, headers, own: headers.get("host", "") in own and headers.get("origin", own) == own,
            lambda method, headers, own: may_ask("GET", headers, own) and headers.get("origin", own) == own,
            lambda method, headers, own: may_ask("POST" if method == "POST" else "GET", headers, own),
            lambda method, headers, own: (
                own.endswith(headers.get("host", "?")) and may_ask(method, {**headers, "host": own[7:]}, own)
            ),
            lambda method, headers, own: may_ask(method, headers, own.replace("https", "http")),
        ],
        [
            may_ask,
            by_urlsplit,
            Guard(),
            lambda method, headers, own: may_ask(method, {**headers}, own),
            lambda *three: may_ask(*three),
            lambda method, headers, own: bool(may_ask(method, headers, own)),
        ],
    ),
}
