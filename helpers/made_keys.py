"""The keys that a lesson makes: the stand-in knows them also when the answer was replayed, or came from the network."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from openrouter_standin import State, answer
from openrouter_standin.api.keys import PAGE, make_key
from openrouter_standin.errors import USER
from openrouter_standin.ids import hash_of
from openrouter_standin.state import left_of, spent_of

from .replay.recording import Request, Response

SET = ("name", "limit", "limit_reset", "disabled")
"""What is set of a key, and does not move by itself."""
KEYS, OAUTH = "/api/v1/keys", "/api/v1/auth/keys"


class MadeKeys:
    """What `state` knows of keys follows the exchanges of a session."""

    def __init__(self, state: State, exchanges: Iterable[Mapping[str, Any]] = (), exact: bool = False) -> None:
        """`exchanges`: those of the recording that is replayed. `exact`: whether it is one of the stand-in."""
        self.state, self.exact, self.remade = state, exact, 0
        self.recorded = {row["hash"] for exchange in exchanges if (row := made_key(exchange["response"]))}
        """The keys that the recording makes; a list may hold others of the account."""

    def note(self, request: Request, response: Response) -> None:
        """An answer of the network, or one that is being recorded: its key is known from now on."""
        row = made_key(response)
        if row:
            self.state.adopt_key(row, response["body"]["key"])
        self._follow_oauth(request, response)

    def is_outdated(self, request: Request, recorded: Response) -> bool:
        """Whether a recorded answer is not true of the keys as they are now, because cells ran in another order or twice, or
        the reader made, changed or deleted some."""
        path, status = request["path"].partition("?")[0], recorded.get("status")
        if request.get("key") in self.state.secrets.values():
            return self._key_would_get_another(request, recorded)
        if not path.startswith(KEYS):
            return False
        if request["method"] == "GET":
            return self._tells_of_others(request["path"], recorded.get("body"))
        if (row := made_key(recorded)) is not None:
            return row["hash"] in self.state.keys  # a second key is another one
        digest = path.removeprefix(f"{KEYS}/")
        return status == 200 and digest in self._known() and digest not in self.state.keys

    def _known(self) -> set[str]:
        """Every key that the recording or this session made."""
        return self.recorded | set(self.state.secrets.values())

    def _key_would_get_another(self, request: Request, recorded: Response) -> bool:
        """Whether a made key is refused now where it was answered, or the other way round."""
        key, status = request["key"], recorded.get("status", 0)
        if status == 401 or not self.state.is_good(key):
            return self.state.is_good(key) == (status == 401)
        row = self.state.keys[key]
        if status in (402, 403):
            return self._would_be_answered(request, row)
        cost, left = _cost(recorded), left_of(row)
        return cost > 0 and left is not None and left < cost

    def _would_be_answered(self, request: Request, row: dict[str, Any]) -> bool:
        """Ask a stand-in of its own, in which the key has spent as much."""
        trial = State()
        trial.adopt_key({**row, "usage": 0})
        trial.charge(row["hash"], spent_of(row))
        return answer(request, trial)["status"] < 400

    def _tells_of_others(self, path: str, body: Any) -> bool:
        """Whether one key or a page of a list differs from the keys that there are now."""
        data = body.get("data") if isinstance(body, dict) else None
        rows = data if isinstance(data, list) else [data] if isinstance(data, dict) else []
        known = self._known()
        told = {row["hash"]: self._compared(row) for row in rows if row.get("hash") in known}
        now = {digest: self._compared(row) for digest, row in self.state.own_keys.items()}
        if any(now.get(digest) != fields for digest, fields in told.items()):
            return True
        query = dict(parse_qsl(path.partition("?")[2]))
        shown = now if "include_disabled" in query else {d for d in now if not self.state.keys[d]["disabled"]}
        is_whole = isinstance(data, list) and len(data) < PAGE and query.get("offset", "0") == "0"
        return is_whole and not set(shown) <= told.keys()

    def _compared(self, row: Mapping[str, Any]) -> list[Any]:
        """What must be the same. The service's figures lag, so they count only where the stand-in was recorded."""
        return [*(row.get(name) for name in SET), round(row["usage"], 9) if self.exact else None]

    def follow(self, request: Request, recorded: Response) -> Response:
        """A recorded answer, after which the stand-in knows what it did to keys. One that made a key gets a key in place of
        the real one, which no recording holds."""
        row = made_key(recorded)
        if row:
            return recorded | {"body": recorded["body"] | {"key": self._adopt(row)}}
        if _exchanged_code(request, recorded):
            return recorded | {"body": recorded["body"] | {"key": self._follow_oauth(request, recorded, replayed=True)}}
        digest = request["path"].removeprefix(f"{KEYS}/")
        if digest in self.state.keys and request["method"] == "DELETE":
            self.state.forget_key(digest)
        elif digest in self.state.keys and request["method"] == "PATCH" and recorded.get("status") == 200:
            self.state.keys[digest] |= {name: recorded["body"]["data"][name] for name in SET}
            self.state.refresh(digest)
        elif request.get("key") in self.state.keys:
            self.state.charge(request["key"], _cost(recorded))
        return recorded

    def _adopt(self, row: dict[str, Any]) -> str:
        """Know a replayed key. Where the same one was made and deleted before, because a cell ran twice, what was handed out
        then stays refused: the new one is another text."""
        before = [secret for secret, digest in self.state.secrets.items() if digest == row["hash"]]
        for secret in before:
            self.state.secrets[secret] = f"deleted {row['hash']}"
        self.remade += len(before)
        again = f"sk-or-v1-standin-{row['hash'][:8]}-{self.remade}" if before else ""
        return self.state.adopt_key(row, again)

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


def _cost(response: Response) -> float:
    """US dollars that an answer was charged; what a stream costs is not counted."""
    body = response.get("body")
    return ((body.get("usage") or {}).get("cost") or 0) if isinstance(body, dict) else 0


def made_key(response: Response) -> dict[str, Any] | None:
    """What an answer to POST /keys says of the new key; None for every other answer."""
    body = response.get("body")
    if response.get("status") != 201 or not isinstance(body, dict) or not isinstance(body.get("key"), str):
        return None
    row = body.get("data")
    return dict(row) if isinstance(row, dict) and isinstance(row.get("hash"), str) else None


def _exchanged_code(request: Request, response: Response) -> str | None:
    """The code of a request to POST /auth/keys that was answered with a key; None for every other exchange."""
    asked, said = request.get("body"), response.get("body")
    if (request["method"], request["path"], response.get("status")) != ("POST", OAUTH, 200):
        return None
    told = isinstance(asked, dict) and isinstance(said, dict) and isinstance(said.get("key"), str)
    return str(asked.get("code")) if told else None
