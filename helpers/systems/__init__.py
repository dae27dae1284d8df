"""Systems that a lesson starts beside itself, most in an environment of their own; without it, what was recorded is replayed."""

from pathlib import Path

from ..session import current
from .arize_phoenix import Phoenix, phoenix
from .letta_code import Letta, letta
from .otlp import Collector, collector
from .process import NotRunning, Served


def serve(file: Path) -> Served:
    """Run a Python file as a server of the running lesson; it gets a free port as its argument. Raises `NotRunning`."""
    return current().server(str(file), lambda: Served(file))


__all__ = ["Collector", "Letta", "NotRunning", "Phoenix", "Served", "collector", "letta", "phoenix", "serve"]
