"""The address of a page that a lesson serves, to be clicked. Its port differs on every run, so a stored page does not show it."""

from __future__ import annotations

from ..session import current
from ..show.markup import html_text


class Address:
    """`url`: where the page is."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._told = current().mode not in ("record", "ci")

    def __repr__(self) -> str:
        return f"Open {self.url}" if self._told else "Run this cell, and open the address that stands here."

    def _repr_html_(self) -> str:
        if not self._told:
            return html_text(repr(self))
        return f'<a href="{html_text(self.url)}" target="_blank" rel="noopener">Open {html_text(self.url)}</a>'


def address(url: str) -> Address:
    """Show where a page is served."""
    return Address(url)
