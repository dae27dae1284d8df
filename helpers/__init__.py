"""What a lesson may call. Helpers show and check; they never stand between you and the OpenAI SDK."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

if find_spec("openai") is None:
    raise ModuleNotFoundError(
        "openai is missing in this Python: `python helpers/doctor.py`, in the course's folder, says what is and how to mend it."
    )

from .browser import prepare

prepare()  # in a browser first of all: what follows imports the SDK

from .budget import BudgetSpent
from .exercises import certificate, forget_progress, progress, save_progress
from .keys import save_key
from .replay.matching import NotRecorded
from .replay.recording import RecordingError
from .session import faults, files, start, stop
from .settings import SettingError
from .show import (
    attempts,
    calls,
    chart,
    picture,
    plan,
    receipt,
    scatter,
    sent,
    spent,
    table,
    timeline,
    waterfall,
    way_of_a_request,
)

LOADED_LATE = ("checks", "doctor", "systems", "widgets")
"""Packages that are loaded when a lesson first asks for them."""

__all__ = [
    "BudgetSpent",
    "NotRecorded",
    "RecordingError",
    "SettingError",
    "attempts",
    "calls",
    "certificate",
    "chart",
    "checks",
    "doctor",
    "faults",
    "files",
    "forget_progress",
    "picture",
    "plan",
    "progress",
    "receipt",
    "save_key",
    "save_progress",
    "scatter",
    "sent",
    "spent",
    "start",
    "stop",
    "systems",
    "table",
    "timeline",
    "waterfall",
    "way_of_a_request",
    "widgets",
]


def __getattr__(name: str) -> Any:
    if name in LOADED_LATE:
        return import_module(f".{name}", __name__)  # `from . import` would ask this function again
    raise AttributeError(f"helpers has no {name!r}; it has: {', '.join(__all__)}")
