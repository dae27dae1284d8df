"""Writes web/lite/wheels.txt: the exact wheels with their hashes, from the names in versions.toml."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path

from packaging.utils import canonicalize_name

from course import ROOT

from .fetch import download
from .package_lock import Wheel, dependencies, read
from .places import WHEELS_FILE, versions

HEAD = "# The exact wheels of the browser edition. Written by `python tools/lite.py lock`.\n"


def course_pins() -> list[str]:
    """The course's exact versions, without those of which there is no wheel for browsers."""
    other = versions()["wheels"]["other_versions"]
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    return [line for line in lines if "==" in line and canonicalize_name(line.partition("==")[0]) not in other]


def needed(there: dict[str, Wheel], roots: list[str]) -> list[str]:
    """The packages that these roots need in a browser: pip chose as for Linux, which is more."""
    emptied = versions()["wheels"]["emptied"]
    found: set[str] = set()
    waiting = [*roots, *emptied]
    while waiting:
        name = waiting.pop()
        if name not in found and name not in emptied:
            found.add(name)
            waiting += dependencies(there[name])
    return sorted(found)


def main() -> None:
    """Resolve anew and write the file."""
    names = versions()["wheels"]
    roots = [*names["wanted"], *names["on_import"]]
    with tempfile.TemporaryDirectory() as temporary:
        pins = Path(temporary) / "pins.txt"
        pins.write_text("\n".join(course_pins()), "utf-8")
        download(Path(temporary), ["-c", str(pins), *roots])
        there = {wheel.name: wheel for wheel in map(read, Path(temporary).glob("*.whl"))}
        lines = []
        for name in needed(there, roots):
            digest = hashlib.sha256(there[name].path.read_bytes()).hexdigest()
            lines.append(f"{name}=={there[name].version} --hash=sha256:{digest}")
    WHEELS_FILE.write_text(HEAD + "\n".join(lines) + "\n", "utf-8")
    print(f"{WHEELS_FILE.name}: {len(lines)} wheels")
