"""Puts everything for a room side by side: the course, the wheels, both sites, slides, workbooks, and a page that leads there."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from course import ROOT

from .wheelhouse import download

BUILD = ROOT / "build"
ROOM = BUILD / "room"
PARTS = {"lite": "make lite", "site": "make site", "slides": "make slides", "workbook": "make workbook"}
"""What must have been built, and how."""
PAGE = ROOT / "web" / "room" / "index.html"


def make() -> None:
    """Write build/room and build/room.zip. Raises `SystemExit` with one sentence when a part is not built."""
    missing = [command for name, command in PARTS.items() if not (BUILD / name).is_dir()]
    if missing:
        raise SystemExit(f"First build what goes into it: {', then '.join(missing)}.")
    shutil.rmtree(ROOM, ignore_errors=True)
    ROOM.mkdir(parents=True)
    for name in PARTS:
        shutil.copytree(BUILD / name, ROOM / name, ignore=shutil.ignore_patterns("lite") if name == "site" else None)
    subprocess.run(["git", "archive", "--format=zip", "-o", str(ROOM / "course.zip"), "HEAD"], cwd=ROOT, check=True)
    shutil.copy(PAGE, ROOM / "index.html")
    download(ROOM / "wheels")
    packed = Path(shutil.make_archive(str(ROOM), "zip", ROOM))
    for part in sorted(ROOM.iterdir()):
        print(f"{part.name:12} {_size(part) / 1e6:6.0f} MB")
    print(f"build/room: {_size(ROOM) / 1e6:.0f} MB; build/room.zip: {packed.stat().st_size / 1e6:.0f} MB")


def _size(path: Path) -> int:
    return sum(p.stat().st_size for p in path.rglob("*") if p.is_file()) if path.is_dir() else path.stat().st_size
