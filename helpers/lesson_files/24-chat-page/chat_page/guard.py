"""Who may ask: this page and nobody else's, so that another web site cannot spend the money. And what the page may load."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:;"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
}
"""Nothing from another host is loaded, even if an answer talked the page into it; no other page shows this one in a frame."""
LARGEST = 64_000
"""Bytes of a request. A message of 4,000 characters has at most 24,000 in JSON."""


class Guard:
    """Lets a request through if it names this server, and, where it changes something, if it comes from this server's page.

    The Host header keeps out a foreign name that was pointed at this machine (DNS rebinding), the Origin header a foreign
    page that posts here (CSRF). Browsers send Origin with every POST; a program can write what it likes, but has no cookie.
    """

    def __init__(self, app: ASGIApp, origins: Callable[[], tuple[str, ...]]) -> None:
        self._app, self._origins = app, origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        refusal = self._refusal(scope["method"], Headers(scope=scope))
        await (refusal or self._app)(scope, receive, send_with_headers)

    def _refusal(self, method: str, headers: Headers) -> JSONResponse | None:
        origins = self._origins()
        if headers.get("host") not in [urlsplit(origin).netloc for origin in origins]:
            return _no(421, f"This server answers at {origins[0]} only.")
        if method in ("GET", "HEAD"):
            return None
        if headers.get("origin") not in origins:
            return _no(403, "Only the page of this server may send this.")
        if not headers.get("content-type", "").startswith("application/json"):
            return _no(415, "Send JSON.")
        length = headers.get("content-length", "")
        if not length.isdigit() or int(length) > LARGEST:
            return _no(413, f"A request may have {LARGEST:,} bytes. Shorten the message.")
        return None


def _no(status: int, words: str) -> JSONResponse:
    return JSONResponse({"words": words}, status)
