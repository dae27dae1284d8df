"""One request as it comes through the door: method, path, query, headers, body, whose key, and which faults it meets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from .errors import ApiError, management_only
from .faults import NO_FAULTS, Faults

BASE = "/api/v1"


@dataclass(frozen=True)
class HttpRequest:
    """`route`: the path after `/api/v1`. `headers`: names in lower case. `key`: "session", "management", "other", "malformed",
    "none", or the hash of a key that POST /keys made."""

    method: str
    path: str
    route: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any
    key: str
    faults: Faults

    @classmethod
    def parse(cls, request: Mapping[str, Any], faults: Faults | None = None) -> HttpRequest:
        """From the form that `app.answer` takes."""
        route, _, query = request["path"].partition("?")
        return cls(
            method=request["method"],
            path=request["path"],
            route=route.removeprefix(BASE),
            query=dict(parse_qsl(query)),
            headers={k.lower(): str(v) for k, v in (request.get("headers") or {}).items()},
            body=request.get("body"),
            key=request.get("key", "session"),
            faults=faults or NO_FAULTS,
        )

    def check_management(self, refused: Callable[[], ApiError] = management_only) -> None:
        """Raise what an ordinary key gets, unless the request carries a management key: 403, or what `refused` makes."""
        if self.key != "management":
            raise refused()

    @property
    def wants_metadata(self) -> bool:
        """Whether the request carries X-OpenRouter-Metadata: enabled (or its older name)."""
        names = ("x-openrouter-metadata", "x-openrouter-experimental-metadata")
        return any(self.headers.get(name) == "enabled" for name in names)
