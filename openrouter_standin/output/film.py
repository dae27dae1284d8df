"""What stands for a generated film."""

from __future__ import annotations


def film(prompt: str, ratio: str, seconds: int) -> tuple[str, bytes]:
    """Media type and bytes."""
    return "text/plain; charset=utf-8", b"The stand-in does not make films."
