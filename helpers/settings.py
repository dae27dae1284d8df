"""Settings and keys: from the environment, then .env, then Colab's secrets. A bad one is one clear sentence."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from .scrub import FAKE_KEY

KEY = "OPENROUTER_API_KEY"
MODES = ("replay", "live", "record", "ci")


class SettingError(ValueError):
    """A setting that the course does not understand: one sentence that names it and the way on."""


def read_dotenv() -> Mapping[str, str | None]:
    """The nearest .env from the working folder upwards; empty without one."""
    from dotenv import dotenv_values, find_dotenv

    return dotenv_values(find_dotenv(usecwd=True)) if Path.cwd().exists() else {}


def setting(name: str, dotenv: Mapping[str, str | None]) -> str:
    """A setting's text: the environment wins over .env; empty where neither has it."""
    return (os.environ.get(name) or dotenv.get(name) or "").strip()


def real_key(dotenv: Mapping[str, str | None]) -> str | None:
    """From the environment, then .env, then Colab's secrets. The fake key counts as none."""
    found = setting(KEY, {}) if setting(KEY, {}) != FAKE_KEY else ""
    found = found or (dotenv.get(KEY) or "").strip() or _colab_secret()
    return found if found and found != FAKE_KEY else None


def _colab_secret() -> str:
    if "google.colab" not in sys.modules:
        return ""
    try:
        from google.colab import userdata

        return userdata.get(KEY) or ""
    except Exception:  # no such secret, or no permission to read it: the same as no key
        return ""


def mode_of(value: str) -> str:
    """The mode, checked. Raises `SettingError`."""
    if value not in MODES:
        raise SettingError(f"COOKBOOK_MODE takes {', '.join(MODES)}, not {value!r}.")
    return value


def number_of(name: str, dotenv: Mapping[str, str | None], default: float) -> float:
    """A setting that is a number of at least 0. Raises `SettingError`."""
    text = setting(name, dotenv)
    try:
        value = float(text) if text else default
    except ValueError:
        value = -1.0
    if value < 0 or value != value:
        raise SettingError(f"{name} takes a number of at least 0, not {text!r}.")
    return value
