"""Users bring their own OpenRouter account: OAuth with PKCE, so that no secret of the page's is needed."""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from openai import AsyncOpenAI, Omit


def _random() -> str:
    return secrets.token_urlsafe(48)  # 64 characters: a verifier has 43 to 128 (RFC 7636)


@dataclass(frozen=True)
class Attempt:
    """One try to connect. `state` shows that the answer belongs to this browser's question; `verifier` shows OpenRouter that
    whoever brings the code is who asked for it."""

    state: str = field(default_factory=_random, repr=False)
    verifier: str = field(default_factory=_random, repr=False)

    @property
    def challenge(self) -> str:
        """The verifier's hash, which may be seen: method S256."""
        return base64.urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).rstrip(b"=").decode()

    def address(self, auth_url: str, callback: str) -> str:
        """Where the user says yes or no. OpenRouter has no `state` of its own, so it travels inside the callback's address
        (docs, OAuth PKCE, August 2026)."""
        query = {
            "callback_url": f"{callback}?{urlencode({'state': self.state})}",
            "code_challenge": self.challenge,
            "code_challenge_method": "S256",
        }
        return f"{auth_url}?{urlencode(query)}"

    async def exchange(self, client: AsyncOpenAI, code: str) -> str:
        """The user's key for the code. Raises what the SDK raises: 403 for a code that is wrong, used or too old."""
        body = {"code": code, "code_verifier": self.verifier, "code_challenge_method": "S256"}
        options: Any = {"headers": {"Authorization": Omit()}}  # whoever asks has no key yet
        made: Any = await client.post("/auth/keys", cast_to=object, body=body, options=options)
        return made["key"]
