"""What Phoenix and Letta share: a program in an environment of its own that runs, or whose recorded answers are replayed."""

from __future__ import annotations

from ..session import current
from .process import NotRunning, installed


class System:
    """`real`: whether the program runs here. A subclass gives its name, its environment and its size, and starts it."""

    title, environment, size = "", "", ""

    def __init__(self) -> None:
        """Find the program. Raises `NotRunning` where it is needed and is not installed."""
        session = current()
        found = installed(self.environment, self.environment) if session.starts_systems else None
        if found is None and session.mode in ("live", "record"):
            raise NotRunning(f"{self.title} is not installed: {self.make_it}, then run this again.")
        self.real, self.command = found is not None, str(found or "")

    @property
    def make_it(self) -> str:
        """The command that installs it."""
        return f"`make outside NAME={self.environment}` ({self.size})"

    def said(self) -> str:
        """What a reader is told while it runs."""
        raise NotImplementedError

    def __repr__(self) -> str:
        if self.real and current().mode != "record":
            return self.said()
        return (
            f"What {self.title} answered when this lesson was recorded is replayed. To run it yourself: {self.make_it}."
        )
