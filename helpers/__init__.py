"""What a lesson may call. Helpers show and check; they never stand between you and the OpenAI SDK."""

from importlib import import_module

from .recording import NotRecorded, RecordingError
from .session import BudgetSpent, start, stop, weather
from .settings import SettingError
from .show import calls, plan, receipt, route, scatter, sent, spent, table, timeline, waterfall

__all__ = [
    "BudgetSpent",
    "NotRecorded",
    "RecordingError",
    "SettingError",
    "calls",
    "check",
    "plan",
    "receipt",
    "route",
    "scatter",
    "sent",
    "spent",
    "start",
    "stop",
    "table",
    "timeline",
    "waterfall",
    "weather",
    "widgets",
]


def __getattr__(name: str):
    """`helpers.check` and `helpers.widgets` are loaded when a lesson first asks for them."""
    if name == "check":
        from . import checks

        return checks
    if name == "widgets":
        return import_module(".widgets", __name__)  # `from . import` would ask this function again
    raise AttributeError(f"helpers has no {name!r}; it has: {', '.join(__all__)}")
