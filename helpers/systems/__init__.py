"""Systems that a lesson starts beside itself, each in an environment of its own; without it, what was recorded is replayed."""

from .arize_phoenix import Phoenix, phoenix
from .otlp import Collector, collector
from .process import NotRunning

__all__ = ["Collector", "NotRunning", "Phoenix", "collector", "phoenix"]
