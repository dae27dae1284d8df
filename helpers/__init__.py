"""What a lesson may call. Helpers show and check; they never stand between you and the OpenAI SDK."""

from .recording import NotRecorded, RecordingError
from .session import BudgetSpent, start, stop, weather
from .settings import SettingError
from .show import plan, receipt, route, scatter, spent, table, timeline, waterfall

__all__ = [
    "BudgetSpent",
    "NotRecorded",
    "RecordingError",
    "SettingError",
    "check",
    "plan",
    "receipt",
    "route",
    "scatter",
    "spent",
    "start",
    "stop",
    "table",
    "timeline",
    "waterfall",
    "weather",
]


def __getattr__(name: str):
    """`helpers.check` is loaded when a lesson first asks for it."""
    if name == "check":
        from . import checks

        return checks
    raise AttributeError(f"helpers has no {name!r}; it has: {', '.join(__all__)}")
