"""Where the browser edition reads and writes, and which versions it is made of."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Any

from course import ROOT

SOURCE = ROOT / "web" / "lite"
WHEELS_FILE = SOURCE / "wheels.txt"
CACHE = ROOT / ".matrix" / "lite-downloads"
"""What was downloaded; it may be deleted at any time."""
WORK = ROOT / "build" / "lite-work"
"""What JupyterLite builds from."""
SITE = ROOT / "build" / "lite"
"""The finished site."""


@cache
def versions() -> dict[str, Any]:
    """web/lite/versions.toml."""
    return tomllib.loads((SOURCE / "versions.toml").read_text("utf-8"))


class CannotBuild(SystemExit):
    """The build stops with one sentence that says what is missing."""
