"""The keys that a lesson makes: the stand-in knows them also when the answer was replayed, or came from the network."""

from __future__ import annotations

from typing import Any

from openrouter_standin import State
from openrouter_standin.api.keys import make_key
from openrouter_standin.errors import USER
from openrouter_standin.ids import hash_of

from .replay.recording import Request, Response

KEYS, OAUTH = "/api/v1/keys", "/api/v1/auth/keys"


class MadeKeys:
    """What `state` knows of keys follows the exchanges of a session."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.changed_unrecorded = False
        """Whether keys were made, changed or deleted by a request that is not in the recording."""

    def note(self, request: Request, response: Response) -> None:
        """An answer of the network, or one that is being recorded: its key is known from now on."""
        row = made_key(response)
        if row:
            self.state.adopt_key(row, response["body"]["key"])
        self._follow_oauth(request, response)

    def note_unrecorded(self, request: Request) -> None:
        """The stand-in has answered a request that is not recorded."""
        if request["method"] != "GET" and _is_about_keys(request):
            self.changed_unrecorded = True

    def is_outdated(self, request: Request, recorded: Response) -> bool:
        """Whether a recorded answer is not true any more: lists of keys after the reader made others, and anything but a
        refusal for a key that was deleted."""
        if self.changed_unrecorded and request["method"] == "GET" and _is_about_keys(request):
            return True
        deleted = request.get("key") in self.state.secrets.values() and request["key"] not in self.state.keys
        return deleted and recorded.get("status") != 401

    def follow(self, request: Request, recorded: Response) -> Response:
        """A recorded answer, after which the stand-in knows what it did to keys. One that made a key gets a key in place of
        the real one, which no recording holds. What a stream costs is not counted."""
        body = recorded.get("body")
        row = made_key(recorded)
        if row:
            return recorded | {"body": recorded["body"] | {"key": self.state.adopt_key(row)}}
        if _exchanged_code(request, recorded):
            return recorded | {"body": recorded["body"] | {"key": self._follow_oauth(request, recorded, replayed=True)}}
        digest = request["path"].removeprefix(f"{KEYS}/")
        if digest in self.state.keys and request["method"] == "DELETE":
            self.state.forget_key(digest)
        elif digest in self.state.keys and request["method"] == "PATCH" and recorded.get("status") == 200:
            self.state.keys[digest] |= body["data"]
        elif request.get("key") in self.state.keys and isinstance(body, dict):
            self.state.charge(request["key"], (body.get("usage") or {}).get("cost") or 0)
        return recorded

    def _follow_oauth(self, request: Request, response: Response, replayed: bool = False) -> str | None:
        """Know the key that an answer to POST /auth/keys holds, by its code: the answer names no hash, and no recording holds
        the key. `replayed`: whether another key stands in its place. Returns the key."""
        code = _exchanged_code(request, response)
        if not code:
            return None
        secret = f"sk-or-v1-standin-{hash_of(code)[:8]}" if replayed else response["body"]["key"]
        owner = response["body"].get("user_id") or USER
        if owner != USER:
            self.state.users.setdefault(owner, self.state.user)
        row = self.state.keys.get(self.state.secrets.get(secret, ""))
        row = row or make_key(self.state, "OAuth app", owner=owner)[0]
        self.state.forget_key(row["hash"])  # from here on it is known by its code
        return self.state.adopt_key({**row, "hash": hash_of(code)}, secret)


def made_key(response: Response) -> dict[str, Any] | None:
    """What an answer to POST /keys says of the new key; None for every other answer."""
    body = response.get("body")
    if response.get("status") != 201 or not isinstance(body, dict) or not isinstance(body.get("key"), str):
        return None
    row = body.get("data")
    return dict(row) if isinstance(row, dict) and isinstance(row.get("hash"), str) else None


def _is_about_keys(request: Request) -> bool:
    return request["path"].partition("?")[0].startswith(KEYS)


def _exchanged_code(request: Request, response: Response) -> str | None:
    """The code of a request to POST /auth/keys that was answered with a key; None for every other exchange."""
    asked, said = request.get("body"), response.get("body")
    if (request["method"], request["path"], response.get("status")) != ("POST", OAUTH, 200):
        return None
    told = isinstance(asked, dict) and isinstance(said, dict) and isinstance(said.get("key"), str)
    return str(asked.get("code")) if told else None
