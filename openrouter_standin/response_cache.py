"""The response cache: the same request again gets the same answer, for nothing, when its headers ask for that.

Source: OpenRouter docs, features/response-caching, 2026-08.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .http_request import HttpRequest
from .ids import hash_of_json
from .recent import Recent
from .validation import whole


@dataclass(frozen=True)
class CacheOptions:
    """What the headers X-OpenRouter-Cache, -TTL and -Clear say. `ttl`: seconds, 1 to 86400.

    `same`: what must be equal for an answer to be repeated: the key, the path and the body.
    """

    on: bool
    ttl: int
    clear: bool
    same: str

    @classmethod
    def of(cls, http: HttpRequest) -> CacheOptions:
        on = http.headers.get("x-openrouter-cache") == "true"
        return cls(
            on=on,
            ttl=min(max(whole(http.headers.get("x-openrouter-cache-ttl", ""), 300), 1), 86_400),
            clear=http.headers.get("x-openrouter-cache-clear") == "true",
            same=hash_of_json([http.key, http.path, http.body]) if on else "",
        )


class ResponseCache:
    """The kept answers of one `State`."""

    def __init__(self) -> None:
        self._kept: Recent[str, tuple[int, int, Any]] = Recent(100)

    def find(self, options: CacheOptions, now_ms: int) -> tuple[int, Any] | None:
        """`(age in seconds, the kept answer)`, if it is still kept."""
        kept = self._kept.get(options.same) if options.on and not options.clear else None
        if kept is None or now_ms > kept[1]:
            return None
        return (now_ms - kept[0]) // 1000, kept[2]

    def keep(self, options: CacheOptions, answer: Any, now_ms: int) -> None:
        """Keep an answer for as long as this request's ttl says."""
        self._kept[options.same] = (now_ms, now_ms + options.ttl * 1000, answer)
