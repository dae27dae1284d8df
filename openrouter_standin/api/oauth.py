"""OAuth with PKCE: the page /auth on the site's root, POST /auth/keys and POST /auth/keys/code.

Source: OpenRouter's page on OAuth PKCE (2026-10) and its OpenAPI, 2026-08-22. Without a callback_url the code is shown on the
page, and a code_challenge is required. Neither source says what happens after Deny, whether `state` is passed on, what a
missing code_challenge_method means, or whether a wrong code_verifier uses a code up. Here Deny comes back with
`error=access_denied` (RFC 6749, section 4.1.2.1); `state` belongs into the query of the callback URL, which is kept; a missing
method is `plain` (RFC 7636, section 4.3); and a wrong verifier leaves the code as it is. The page reads limit,
usage_limit_type and expires_at as POST /auth/keys/code does; only key_label is documented there.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

from ..billing.spending import INTERVALS
from ..errors import USER, ApiError, Response, bad_request, not_json, ok, refusal
from ..http_request import HttpRequest
from ..ids import base62, digest_of, hash_of, is_time, iso
from ..state import State
from ..user import User
from ..validation import is_number
from .consent_page import code_page, consent_page, page, problem_page
from .keys import make_key

METHODS = ("S256", "plain")
LIFE_MS = 600_000
"""A code lives for ten minutes (docs, OAuth PKCE, 2026-10)."""
LOCAL = ("localhost", "127.0.0.1")
LONGEST_LABEL, LONGEST_URL = 100, 2048
SAFE = ":/?#[]@!$&'()*+,;=%-._~"
"""Characters of a URL that stay as they are."""


@dataclass(frozen=True)
class Asked:
    """What an app asks for. `callback`: where its user goes back to; empty: the code is shown on the page."""

    callback: str
    challenge: str
    method: str
    limit: float | None
    reset: str | None
    expires_at: str | None
    label: str
    workspace: str | None

    @classmethod
    def parse(cls, body: Mapping[str, Any]) -> Asked:
        """Check the form. Raises `ApiError`."""
        callback, challenge = _text(body, "callback_url"), _text(body, "code_challenge")
        if callback:
            _check_callback(callback)
        method = _text(body, "code_challenge_method") or "plain"
        if method not in METHODS:
            raise bad_request("code_challenge_method takes S256 or plain")
        limit = body.get("limit")
        if limit is not None and not (is_number(limit) and limit >= 0):
            raise bad_request("limit takes dollars, 0 or more")
        reset = body.get("usage_limit_type")
        if reset not in (None, *INTERVALS):
            raise bad_request("usage_limit_type takes daily, weekly or monthly")
        until = body.get("expires_at")
        if until is not None and not is_time(until):
            raise bad_request("expires_at takes a time with seconds, such as 2026-12-31T23:59:59Z")
        label = _text(body, "key_label")
        if len(label) > LONGEST_LABEL:
            raise bad_request(f"key_label takes at most {LONGEST_LABEL} characters")
        return cls(callback, challenge, method, limit, reset, until, label, _text(body, "workspace_id") or None)

    @property
    def app(self) -> str:
        """The app's name: host, and port of a callback on this machine (docs, OAuth PKCE, 2026-10)."""
        parts = urlsplit(self.callback)
        host = parts.hostname or ""
        return f"{host}:{parts.port}" if host in LOCAL and parts.port else host


@dataclass
class Code:
    """A code that was given out. `born_ms`: on the stand-in's clock. `owner`: the id of the user who pays."""

    asked: Asked
    owner: str
    born_ms: int
    used: bool = False


# --- the page --------------------------------------------------------------------------------------------------------


def show_consent(http: HttpRequest, state: State) -> Response:
    """GET /auth: who asks, for what, Allow and Deny."""
    try:
        asked = _of_page(http.query)
    except ApiError as error:
        return _refused(error)
    return page(consent_page(asked.app, asked.label, asked.limit, asked.reset, asked.expires_at, dict(http.query)))


def decide(http: HttpRequest, state: State) -> Response:
    """POST /auth: the form of the page. Goes back to the app with a code, or with what Deny means."""
    fields = dict(parse_qsl(http.body)) if isinstance(http.body, str) else {}
    try:
        asked = _of_page(fields)
    except ApiError as error:
        return _refused(error)
    if fields.get("decision") != "allow":
        return _back(asked.callback, "error=access_denied") if asked.callback else page(problem_page("You said no."))
    code = _new_code(asked, state.user, state)
    return _back(asked.callback, f"code={code}") if asked.callback else page(code_page(code))


def _of_page(fields: Mapping[str, str]) -> Asked:
    body: dict[str, Any] = dict(fields)
    if "limit" in body:
        try:
            body["limit"] = float(body["limit"])
        except ValueError:
            raise bad_request("limit takes dollars, 0 or more") from None
    asked = Asked.parse(body)
    if not asked.callback and not asked.challenge:
        raise bad_request("code_challenge is required without a callback_url, because the code is shown on the page")
    return asked


def _refused(error: ApiError) -> Response:
    return page(problem_page(error.response["body"]["error"]["message"]), status=error.status)


def _back(callback: str, more: str) -> Response:
    """A redirect to the app. The query of its URL is kept."""
    start, mark, fragment = callback.partition("#")
    joined = "" if start.endswith(("?", "&")) else "&" if "?" in start else "?"
    url = quote(f"{start}{joined}{more}{mark}{fragment}", safe=SAFE)
    headers = {"location": url, "content-type": "text/plain; charset=utf-8", "referrer-policy": "no-referrer"}
    return {"status": 303, "headers": headers, "ms": 60, "body": b""}


def _text(body: Mapping[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str | None):
        raise bad_request(f"{name} takes a text")
    return value or ""


def _check_callback(url: str) -> None:
    """Raise 400 for what is neither https nor this machine, on any port (OpenAPI, 2026-08-22)."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port, parts = None, None, urlsplit("")
    good = parts.scheme == "https" or (parts.scheme == "http" and host in LOCAL)
    odd = len(url) > LONGEST_URL or parts.username is not None or any(c.isspace() or not c.isprintable() for c in url)
    if not (good and host) or odd or port == 0:
        raise bad_request("callback_url takes an https:// address, or http://localhost or http://127.0.0.1 on any port")


# --- codes and keys --------------------------------------------------------------------------------------------------


def create_code(http: HttpRequest, state: State) -> Response:
    """POST /auth/keys/code: a code for the account of the key that asks, without the page."""
    body = http.body
    if not isinstance(body, Mapping):
        raise not_json(user=False)
    asked = Asked.parse(body)
    if not asked.callback:
        raise bad_request("callback_url is required")
    account = state.account_of(http.key)
    code = _new_code(asked, account if isinstance(account, User) else None, state)
    app = int(hash_of(asked.app)[:6], 16)
    return ok({"data": {"id": code, "app_id": app, "created_at": iso(state.now)}})


def exchange_code(http: HttpRequest, state: State) -> Response:
    """POST /auth/keys: a code and its verifier become a key, once. No key is needed for it."""
    if http.method != "POST":
        raise refusal(405, "Method Not Allowed", user=False)
    body = http.body
    if not isinstance(body, Mapping):
        raise not_json(user=False)
    if not _text(body, "code"):
        raise bad_request("code is required")
    with state.lock:
        code = state.oauth_code(body["code"])
        if not isinstance(code, Code) or code.used:
            raise refusal(403, "Invalid code or code_verifier", user=False)
        _check_verifier(code.asked, _text(body, "code_verifier"), _text(body, "code_challenge_method"))
        if state.clock_ms - code.born_ms >= LIFE_MS:
            raise refusal(403, "Authorization code expired", user=False)
        code.used = True
        asked = code.asked
        _, secret = make_key(
            state,
            asked.label or asked.app or "OAuth app",
            owner=code.owner,
            limit=asked.limit,
            limit_reset=asked.reset,
            expires_at=asked.expires_at,
            workspace_id=asked.workspace,
        )
    return ok({"key": secret, "user_id": code.owner})


def _new_code(asked: Asked, user: User | None, state: State) -> str:
    """`user`: who pays; None: the account of the stand-in itself."""
    return state.keep_oauth_code(
        Code(asked, user.id if user else USER, state.clock_ms),
        lambda number: f"auth_code_{base62(digest_of(f'oauth {number} {asked}'), 20)}",
        user,
    )


def _check_verifier(asked: Asked, verifier: str, method: str) -> None:
    """Raise 400 for another method than the page was asked with, 403 for a verifier that does not fit (docs, OAuth PKCE)."""
    if not asked.challenge:
        return
    if (method or "plain") != asked.method:
        raise refusal(400, "Invalid code_challenge_method", user=False)
    hashed = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode("utf-8", "replace")).digest()).decode()
    made = hashed.rstrip("=") if asked.method == "S256" else verifier
    expected = asked.challenge.rstrip("=") if asked.method == "S256" else asked.challenge
    if not hmac.compare_digest(made.encode("utf-8", "replace"), expected.encode("utf-8", "replace")):
        raise refusal(403, "Invalid code or code_verifier", user=False)
