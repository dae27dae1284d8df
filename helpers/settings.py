"""Settings and keys: from the environment, then .env, then Colab's secrets. A bad one is one clear sentence."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from urllib.parse import urlsplit

from openrouter_standin.names import MANAGEMENT
from openrouter_standin.words.local_model import LocalModel

from .replay.scrub import FAKE_KEY, Scrubber

KEY = "OPENROUTER_API_KEY"
WORDS = "COOKBOOK_WORDS"
MANAGEMENT_KEY = "OPENROUTER_MANAGEMENT_KEY"
MODES = ("replay", "live", "record", "ci")
OFFLINE = {"LANGSMITH_TRACING_V2": "false", MANAGEMENT_KEY: f"{MANAGEMENT}-course"}
"""Set while nothing may leave this machine: LangChain sends its traces past the SDK's HTTP client, where no replay sees them;
and a lesson on reports needs a management key."""


class SettingError(ValueError):
    """A setting that the course does not understand: one sentence that names it and the way on."""


def check_packages(lesson: str, needs: Sequence[str]) -> None:
    """Raise `SettingError` with the command to run when a package that this lesson needs is not installed."""
    missing = []
    for package in needs:
        try:
            version(package)
        except PackageNotFoundError:
            missing.append(package)
    if missing:
        raise SettingError(
            f"Lesson {lesson} needs {' and '.join(missing)}: run `pip install {' '.join(missing)} -c constraints.txt` in the"
            f" course's folder (on Colab or Binder, in a cell: `%pip install {' '.join(missing)}`), then restart the kernel."
        )


def read_dotenv() -> Mapping[str, str | None]:
    """The nearest .env from the working folder upwards; empty without one."""
    from dotenv import dotenv_values, find_dotenv

    try:
        path = find_dotenv(usecwd=True)
        return dotenv_values(path)
    except UnicodeDecodeError:
        raise SettingError(
            f"{path} is not UTF-8: save it as UTF-8, without accents in its comments if need be."
        ) from None
    except OSError:  # the working folder is gone
        return {}


def others_of(dotenv: Mapping[str, str | None]) -> dict[str, str]:
    """What a live lesson takes over from .env: everything but the course's own settings and what is already set."""
    ours = (KEY, "COOKBOOK_")
    return {k: v for k, v in dotenv.items() if v is not None and k not in os.environ and not k.startswith(ours)}


class Variables:
    """Environment variables of a running lesson. They are set at once, and put back when it ends. Raises `SettingError`."""

    def __init__(self, values: Mapping[str, str]) -> None:
        for name, value in values.items():
            if not name or "=" in name or "\0" in name + value:
                raise SettingError(
                    f"{_shown(name)} in .env cannot be a variable: its name or value holds = or a null byte."
                )
        self._values, self._before = dict(values), {name: os.environ.get(name) for name in values}
        os.environ.update(values)
        _forget()

    def put_back(self) -> None:
        """As before; a variable that somebody else changed meanwhile is theirs."""
        for name, before in self._before.items():
            if os.environ.get(name) != self._values[name]:
                continue
            if before is None:
                del os.environ[name]
            else:
                os.environ[name] = before
        _forget()


def _forget() -> None:
    """LangSmith's client remembers what it once read of the environment: make it read again."""
    utils = sys.modules.get("langsmith.utils")
    if utils is not None and hasattr(utils.get_env_var, "cache_clear"):
        utils.get_env_var.cache_clear()


def setting(name: str, dotenv: Mapping[str, str | None]) -> str:
    """A setting's text: the environment wins over .env; empty where neither has it."""
    return (os.environ.get(name) or dotenv.get(name) or "").strip()


PLACEHOLDER = re.compile(
    r"(?i)[<>…]|\.\.\.|\s|^.{0,15}$|your|x{3}|change.?me|replace|place.?holder|example|insert|paste|dummy|todo|fixme|api.?key|\bkey.?here"
)
"""What stands where a key should: words of templates, and anything shorter than a key."""


def real_key(dotenv: Mapping[str, str | None], needed: bool = True) -> str | None:
    """From the environment, then .env, then Colab's secrets. The fake key counts as none.

    `needed`: whether a placeholder is refused; else it counts as none. Raises `SettingError` with one sentence that says
    where it stands.
    """
    from dotenv import find_dotenv

    environment, where = setting(KEY, {}), "the environment"
    found = "" if environment == FAKE_KEY else environment
    if not found:
        found, where = (dotenv.get(KEY) or "").strip(), ".env"
    if not found:
        found, where = _colab_secret(), "Colab's secrets"
    found = found.strip("\"' ")
    if not found or found in (FAKE_KEY, "None", "null"):
        return None
    if not found.isascii() or PLACEHOLDER.search(found):
        if not needed:
            return None
        where = find_dotenv(usecwd=True) if where == ".env" else where
        raise SettingError(
            f"{KEY} is set in {where}, but not to a key: put the whole key there, or take the line away to replay."
        )
    return found


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
        raise SettingError(f"COOKBOOK_MODE takes {', '.join(MODES)}, not {_shown(value)}.")
    return value


def number_of(name: str, dotenv: Mapping[str, str | None], default: float) -> float:
    """A setting that is a number from 0 to a million. Raises `SettingError`."""
    text = setting(name, dotenv)
    try:
        value = float(text) if text else default
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1e6 or 0 < value < 1e-6:
        raise SettingError(f"{name} takes a number from 0 to 1,000,000, not {_shown(text)}.")
    return value


def starts_systems(dotenv: Mapping[str, str | None]) -> bool:
    """Whether a system that is installed in an environment of its own is started (COOKBOOK_SYSTEMS=start, the default), or
    what was recorded of it is replayed. Raises `SettingError`."""
    value = setting("COOKBOOK_SYSTEMS", dotenv) or "start"
    if value not in ("start", "replay"):
        raise SettingError(f"COOKBOOK_SYSTEMS takes start or replay, not {_shown(value)}.")
    return value == "start"


def local_model(dotenv: Mapping[str, str | None]) -> LocalModel | None:
    """The model on this machine that writes what was not recorded: COOKBOOK_WORDS is its server's address,
    COOKBOOK_WORDS_MODEL one of its models. Raises `SettingError`."""
    url = setting(WORDS, dotenv)
    try:
        return LocalModel(url, setting("COOKBOOK_WORDS_MODEL", dotenv)) if url else None
    except ValueError as problem:
        raise SettingError(f"{WORDS} is {_shown(url)}, but {problem}.") from None


def origin_of(value: str) -> str:
    """Where a recording comes from: `openrouter`, `standin`, or an http(s) address. Raises `SettingError`."""
    try:
        parts = urlsplit(value)
        if value in ("openrouter", "standin") or (
            parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        ):
            return value
    except ValueError:  # a port that is no number
        pass
    raise SettingError(f"COOKBOOK_RECORD_FROM takes openrouter, standin or an http address, not {_shown(value)}.")


def _shown(value: str) -> str:
    """A setting's value in a message; a key pasted into the wrong variable is not repeated."""
    return repr(Scrubber().text(value))
