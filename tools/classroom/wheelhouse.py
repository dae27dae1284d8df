"""Every wheel that [lab] installs, for Windows, macOS and Linux and each supported Python, from the versions of constraints.txt.

pip evaluates the conditions of dependencies ("only on Windows") for the machine that it runs on. So the list is walked here,
once for each target, and pip only downloads files.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from course import ROOT

PYTHONS = ("3.11", "3.12", "3.13", "3.14")
PATCH = 5
"""Some packages want 3.11.5 of 3.11."""
LINUX = ("manylinux_2_28_x86_64", "manylinux_2_27_x86_64", "manylinux_2_26_x86_64", "manylinux_2_24_x86_64", "manylinux2014_x86_64",
         "manylinux_2_17_x86_64", "manylinux_2_12_x86_64", "manylinux2010_x86_64", "manylinux1_x86_64")  # fmt: skip
BUILDS = ("setuptools", "wheel")
"""What pip wants before it installs the course itself."""


@dataclass(frozen=True)
class Target:
    """One kind of machine. `tags`: the platforms of its wheels, as pip calls them; `marker`: what it answers to conditions."""

    name: str
    tags: tuple[str, ...]
    marker: dict[str, str]


TARGETS = (
    Target("Windows", ("win_amd64",), {"sys_platform": "win32", "os_name": "nt", "platform_system": "Windows", "platform_machine": "AMD64"}),
    Target("macOS, Apple silicon", ("macosx_14_0_arm64",), {"sys_platform": "darwin", "os_name": "posix", "platform_system": "Darwin", "platform_machine": "arm64"}),
    Target("macOS, Intel", ("macosx_13_0_x86_64",), {"sys_platform": "darwin", "os_name": "posix", "platform_system": "Darwin", "platform_machine": "x86_64"}),
    Target("Linux", LINUX, {"sys_platform": "linux", "os_name": "posix", "platform_system": "Linux", "platform_machine": "x86_64"}),
)  # fmt: skip


def needed(target: Target, python: str) -> set[str]:
    """The packages that `openrouter-cookbook[lab]` needs there. A package that is not installed here counts as without needs."""
    answers = {**target.marker, "python_version": python, "python_full_version": f"{python}.{PATCH}",
               "implementation_name": "cpython", "platform_python_implementation": "CPython"}  # fmt: skip
    found: set[tuple[str, tuple[str, ...]]] = set()
    to_do = [("openrouter-cookbook", ("lab",))]
    while to_do:
        name, extras = to_do.pop()
        if (name, extras) in found:
            continue
        found.add((name, extras))
        to_do += [(canonicalize_name(r.name), tuple(sorted(r.extras))) for r in _requirements(name, extras, answers)]
    return {name for name, _ in found} - {"openrouter-cookbook"} | set(BUILDS)


def _requirements(name: str, extras: Iterable[str], answers: dict[str, str]) -> list[Requirement]:
    try:
        lines = requires(name) or []
    except PackageNotFoundError:
        return []
    all_of_them = [Requirement(line) for line in lines]
    return [
        r for r in all_of_them if not r.marker or any(r.marker.evaluate({**answers, "extra": e}) for e in ("", *extras))
    ]


def download(folder: Path) -> None:
    """Download the wheels of every target and Python into this folder. Raises `SystemExit` with what pip said."""
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pins = {canonicalize_name(line.partition("==")[0]): line for line in lines if "==" in line}
    for target in TARGETS:
        for python in PYTHONS:
            wanted = {name: pins.get(name, name) for name in sorted(needed(target, python))}
            others = _download(folder, target, python, wanted)
            note = f", no wheel of the course's version, so another: {', '.join(others)}" if others else ""
            print(f"{target.name}, Python {python}: {len(wanted)} packages{note}", flush=True)


def _download(folder: Path, target: Target, python: str, wanted: dict[str, str]) -> list[str]:
    """Download these: name, requirement. The names of which another version was taken, because that one has no wheel."""
    others: list[str] = []
    while problem := _pip(folder, target, python, list(wanted.values())):
        found = re.search(r"No matching distribution found for ([\w.-]+)==", problem)
        name = canonicalize_name(found[1]) if found else ""
        if name not in wanted or name in others:
            raise SystemExit(f"{target.name}, Python {python}: {problem}")
        wanted[name] = name
        others.append(name)
    return others


def _pip(folder: Path, target: Target, python: str, requirements: list[str]) -> str:
    """Download with pip; what it said last when it could not, else nothing."""
    number = python.replace(".", "")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command += [
        "--only-binary=:all:",
        "--implementation",
        "cp",
        "--python-version",
        f"{python}.{PATCH}",
        "-d",
        str(folder),
    ]
    command += [part for tag in target.tags for part in ("--platform", tag)]
    command += [part for abi in (f"cp{number}", "abi3", "none") for part in ("--abi", abi)]
    done = subprocess.run([*command, *requirements], capture_output=True, text=True, check=False)
    said = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or ["pip said nothing"]
    return said[-1] if done.returncode else ""
