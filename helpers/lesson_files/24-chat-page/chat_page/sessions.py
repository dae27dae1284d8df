"""Who is who: one session for each browser, in the memory of this program and nowhere else."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from dataclasses import dataclass, field

from .account import Attempt
from .answer import Answer
from .conversation import Conversation

MOST = 1000
"""Sessions that are kept; then the one that was silent longest is forgotten."""


@dataclass
class Session:
    """`key`: the user's own, after connecting. `attempt`: a connection that was asked for. `writing`: the latest answer, on its
    way or over. `notice`: a sentence for the next time that the page is shown."""

    conversation: Conversation = field(default_factory=Conversation)
    key: str = field(default="", repr=False)
    attempt: Attempt | None = None
    writing: Answer | None = None
    notice: str = ""


class Sessions:
    """Sessions by the value of a cookie."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, Session] = OrderedDict()

    def find(self, cookie: str | None) -> Session | None:
        """The session of this cookie, if there is one."""
        if cookie not in self._known:
            return None
        self._known.move_to_end(cookie)
        return self._known[cookie]

    def begin(self) -> str:
        """A new session; the value of its cookie."""
        cookie = secrets.token_urlsafe(32)
        self._known[cookie] = Session()
        if len(self._known) > MOST:
            self._known.popitem(last=False)
        return cookie

    def stop_all(self) -> None:
        """End every answer that is on its way."""
        for session in self._known.values():
            if session.writing:
                session.writing.stop()
