"""Sealed blocks: what stands where a provider's signature or encrypted reasoning would be, and whether it came back unchanged."""

from __future__ import annotations

import base64
import binascii
import re

from ..ids import hash_of

LABEL = "stand-in, nothing is encrypted: "
SKIPPED = "skip_thought_signature_validator"
"""What Google takes in place of a signature (its guide to thought signatures, 2026)."""
OURS = re.compile(r"(?:signature|reasoning) ([0-9a-f]{12})([0-9a-f]{4})")
SHORTEST = 96
"""Bytes that a real signature has at least; the shortest in recorded answers has many more."""


def sealed(what: str, digest: str) -> str:
    """A block that looks encrypted; read as base64 it says what it is. `what`: "signature" or "reasoning"."""
    return base64.b64encode(f"{LABEL}{what} {digest[:12]}{hash_of(digest[:12])[:4]}".encode()).decode()


def is_intact(block: object) -> bool:
    """Whether a block can be what a provider made: one of ours, unchanged, or bytes that no one can read."""
    if not isinstance(block, str):
        return False
    if block == SKIPPED:
        return True
    try:
        content = base64.b64decode(block, validate=True)
    except (ValueError, binascii.Error):
        return False
    if _is_ours(content):
        return True
    readable = sum(32 <= byte < 127 for byte in content)
    return len(content) >= SHORTEST and readable < 0.6 * len(content)


def _is_ours(content: bytes) -> bool:
    text = content.decode("ascii", "replace")
    found = OURS.fullmatch(text.removeprefix(LABEL)) if text.startswith(LABEL) else None
    return found is not None and hash_of(found[1])[:4] == found[2]
