"""Is this machine ready for the course? `make doctor`, `python helpers/doctor.py`, or in a cell `helpers.doctor.look()`.

One line for each thing, with ✓ or with the one sentence that mends it. `--key` also asks the service about the key, and
`--json` prints JSON. Nothing else is sent, and no key is ever shown. The status is 0 only if all is well.

It needs the standard library alone, and can be read by Python 3.8: it has to say what is wrong where nothing else runs.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from datetime import datetime, timezone
from pathlib import Path
from typing import Callable, List, NamedTuple, Tuple  # Python 3.8 reads this file

COURSE = Path(__file__).resolve().parent.parent
OLDEST = (3, 11)
PORT = 8888
"""Where JupyterLab listens."""
DISK_GB = 1.0
WAIT_S = 5
"""Seconds that the service may take, and twice as many a first replayed answer on a slow machine."""
REPLAYED = """
import os
import helpers
helpers.start("00-start-here")
from openai import OpenAI
client = OpenAI(base_url="https://openrouter.ai/api/v1", api_key=os.environ["OPENROUTER_API_KEY"])
question = [{"role": "user", "content": "Say hello in one sentence."}]
client.chat.completions.create(model="meta-llama/llama-3.1-8b-instruct", messages=question, max_tokens=60)
print("answered", helpers.__file__)
"""
"""The first call of lesson 00, whose answer is recorded."""


class Finding(NamedTuple):
    """What one look found. `text`: what is so, or the sentence that mends it."""

    name: str
    well: bool
    text: str


def python() -> Finding:
    """The version of Python."""
    found = ".".join(map(str, sys.version_info[:3]))
    if tuple(sys.version_info[:2]) < OLDEST:
        return Finding(
            "Python",
            False,
            f"This is Python {found}, and the course needs 3.11 or newer: install one, then `make lab PYTHON=python3.13`.",
        )
    return Finding("Python", True, f"{found}, {sys.executable}")


def packages() -> Finding:
    """The packages of pyproject.toml's base list and JupyterLab, each within its bounds."""
    wanted = _wanted((COURSE / "pyproject.toml").read_text("utf-8")) if (COURSE / "pyproject.toml").exists() else {}
    missing, other = [], []
    for name, bounds in wanted.items():
        try:
            version = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            missing.append(name)
            continue
        if not _within(version, bounds):
            other.append(f"{name} {version} (needs {bounds})")
    if missing:
        return Finding(
            "packages",
            False,
            f"Not installed for this Python: {', '.join(missing)}. Run `make lab`, or choose the course's Python, .venv/bin/python.",
        )
    if other:
        return Finding("packages", False, f"Another version than the course takes: {', '.join(other)}. Run `make lab`.")
    return Finding("packages", True, f"{len(wanted)} in the versions that the course takes")


def _wanted(pyproject: str) -> dict:
    """Name and bounds of the base packages and of JupyterLab. Read with a pattern: Python 3.8 has no reader of TOML."""
    base = re.search(r"(?ms)^dependencies = \[(.*?)^\]", pyproject)
    lab = re.search(r"(?m)^lab = \[(.*)\]", pyproject)
    lines = (base[1] if base else "") + (lab[1] if lab else "")
    return dict(re.findall(r'"([A-Za-z0-9_.-]+?)((?:[<>=!~]=?[^"\]]*)?)"', lines))


def _within(version: str, bounds: str) -> bool:
    """Whether a version such as "3.54.0" keeps bounds such as ">=1.109,<4"; what is no number is not compared."""
    compare = {"<": lambda a, b: a < b, ">=": lambda a, b: a >= b, "==": lambda a, b: a[: len(b)] == b}
    have = _numbers(version)
    found = re.findall(r"(<(?!=)|>=|==)([0-9.]+)", bounds)
    return all(compare[sign](have, _numbers(bound)) for sign, bound in found)


def _numbers(version: str) -> Tuple[int, ...]:
    return tuple(int(part) for part in re.match(r"[0-9.]*", version)[0].split(".") if part)


def kernel() -> Finding:
    """Whether JupyterLab's kernel "python3" is this Python."""
    try:
        from jupyter_client.kernelspec import KernelSpecManager

        command = KernelSpecManager().get_kernel_spec("python3").argv[0]
    except Exception as problem:
        return Finding(
            "kernel", False, f"JupyterLab has no kernel python3 here ({type(problem).__name__}): run `make lab`."
        )
    there = Path(shutil.which(command) or command)
    if Path(command).name == command or there.parent == Path(sys.executable).parent:
        return Finding("kernel", True, "python3 is this Python")
    return Finding(
        "kernel",
        False,
        f"JupyterLab's kernel python3 is another Python, {there}: run `jupyter kernelspec remove python3`, then `make lab`.",
    )


def port() -> Finding:
    """Whether JupyterLab's port is free."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1 if os.name != "nt" else 0)
        try:
            probe.bind(("127.0.0.1", PORT))
        except OSError:
            return Finding(
                "port",
                False,
                f"Port {PORT} is in use, by another JupyterLab perhaps: end it, or open the address that `make lab` prints, with the next free port.",
            )
    return Finding("port", True, f"{PORT} is free")


def trust() -> Finding:
    """Whether the first lesson is trusted, so that its charts are shown before a cell has run."""
    lesson = COURSE / "notebooks" / "00-start-here.ipynb"
    try:
        import nbformat
        from nbformat.sign import NotebookNotary

        notary = NotebookNotary()
        trusted = notary.check_signature(nbformat.read(str(lesson), as_version=4))
        notary.store.close()
    except Exception as problem:
        return Finding(
            "trust",
            False,
            f"Lesson 00 could not be read ({type(problem).__name__}): get the course anew, then run `make lab`.",
        )
    if trusted:
        return Finding("trust", True, "the lessons are trusted")
    return Finding(
        "trust",
        False,
        "The lessons are not trusted, so charts are missing until their cells run: run `jupyter trust notebooks/*.ipynb`, or `make lab`, which does it.",
    )


def folder() -> Finding:
    """Whether the course's folder can be written, and the disk has room."""
    try:
        with tempfile.NamedTemporaryFile(dir=str(COURSE / "notebooks"), prefix=".doctor-"):
            pass
    except OSError as problem:
        return Finding(
            "folder",
            False,
            f"{COURSE / 'notebooks'} cannot be written ({problem.strerror}): copy the course into your home folder.",
        )
    free = shutil.disk_usage(str(COURSE)).free / 1e9
    if free < DISK_GB:
        return Finding(
            "folder", False, f"The disk has {free:.1f} GB left, and the course wants {DISK_GB:.0f}: make room."
        )
    return Finding("folder", True, f"can be written, {free:.0f} GB free")


def proxy() -> Finding:
    """Whether a proxy stands between this machine and itself."""
    names = [
        name
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
        if os.environ.get(name)
    ]
    past = (os.environ.get("no_proxy", "") + "," + os.environ.get("NO_PROXY", "")).split(",")
    if names and not {"*", "localhost", "127.0.0.1"} & {part.strip() for part in past}:
        return Finding(
            "proxy",
            False,
            f"{names[0]} is set, and calls to this machine itself would go there too: set NO_PROXY=localhost,127.0.0.1.",
        )
    return Finding("proxy", True, f"{names[0]}, and not for this machine" if names else "none in the way")


def git() -> Finding:
    """Whether git is there."""
    found = shutil.which("git")
    if not found:
        return Finding(
            "git", False, "git is not installed: get it from https://git-scm.com, or take the course as a zip file."
        )
    return Finding("git", True, found)


def offline() -> Finding:
    """Whether a first call is answered with the network left alone."""
    settings = {k: v for k, v in os.environ.items() if not k.startswith(("COOKBOOK_", "OPENROUTER_", "OPENAI_"))}
    settings["COOKBOOK_MODE"] = "replay"
    try:
        done = subprocess.run(
            [sys.executable, "-c", REPLAYED],
            cwd=str(COURSE / "notebooks"),
            env=settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            universal_newlines=True,
            timeout=2 * WAIT_S,
        )
    except subprocess.TimeoutExpired:
        return Finding(
            "offline",
            False,
            f"A replayed answer took over {2 * WAIT_S} seconds: close other programs, then look again.",
        )
    *_, last_line = ["", *done.stdout.splitlines()]
    if not last_line.startswith("answered "):
        last = (done.stderr.strip().splitlines() or ["no word"])[-1]
        return Finding("offline", False, f"No answer is replayed ({last[:160]}): run `make lab`, then look again.")
    there = last_line.partition(" ")[2]
    if Path(there).resolve().parent.parent != COURSE:
        return Finding("offline", False, f"Another course is imported, from {there}: run `make lab` in this one.")
    return Finding("offline", True, "a first call was answered, without key and network")


def key(ask: bool = False) -> Finding:
    """Whether there is a key; with `ask`, what the service says of it. A key is not needed."""
    found = os.environ.get("OPENROUTER_API_KEY") or _key_of_env_file()
    if not found:
        return Finding("key", True, "none, and none is needed")
    if not ask:
        return Finding("key", True, "there is one; --key asks the service about it")
    base = os.environ.get("OPENROUTER_BASE_URL", "https://openrouter.ai/api/v1")
    request = urllib.request.Request(base + "/key", headers={"Authorization": "Bearer " + found})
    try:
        with urllib.request.urlopen(request, timeout=WAIT_S) as answer:
            about = json.load(answer)["data"]
    except urllib.error.HTTPError as problem:
        if problem.code == 401:
            return Finding(
                "key",
                False,
                "The service refuses the key (401: wrong, disabled or expired): make one at https://openrouter.ai/settings/keys.",
            )
        return Finding(
            "key", False, f"The service answered {problem.code} to the question about the key: try again later."
        )
    except (OSError, ValueError, KeyError):
        return Finding(
            "key",
            False,
            "The service could not be asked about the key: are you online? A firewall may block openrouter.ai.",
        )
    return _about_key(about)


def _about_key(about: dict) -> Finding:
    """The answer of GET /key as a sentence (OpenRouter docs, API reference, 2026-08)."""
    expires, left = about.get("expires_at"), about.get("limit_remaining")
    if expires and datetime.fromisoformat(expires.replace("Z", "+00:00")) <= datetime.now(timezone.utc):
        return Finding(
            "key", False, f"The key expired on {expires[:10]}: make one at https://openrouter.ai/settings/keys."
        )
    if left is not None and left <= 0:
        return Finding(
            "key",
            False,
            "The key's limit is used up: raise it at https://openrouter.ai/settings/keys, or ask who gave it to you.",
        )
    rest = "no limit" if left is None else f"{left:.2f} dollars left"
    return Finding("key", True, f"valid, {rest}, {'until ' + expires[:10] if expires else 'no expiry'}")


def _key_of_env_file() -> str:
    """The key of the course's .env, or nothing."""
    try:
        text = (COURSE / ".env").read_text("utf-8")
    except OSError:
        return ""
    found = re.search(r"(?m)^\s*(?:export\s+)?OPENROUTER_API_KEY\s*=\s*[\"']?([^\s\"'#]+)", text)
    return found[1] if found else ""


MACHINE: List[Callable[[], Finding]] = [port, folder, proxy, git]
COURSE_RUNS: List[Callable[[], Finding]] = [kernel, trust, offline]
"""What needs the packages; without them it would only say so again."""


def findings(ask: bool = False) -> List[Finding]:
    """Every look, in order. `ask`: ask the service about the key. With a Python that is too old nothing else counts."""
    first = python()
    if not first.well:
        return [first]
    second = packages()
    looks = MACHINE + COURSE_RUNS if second.well else MACHINE
    return [first, second, *(look() for look in looks), key(ask)]


def look(ask: bool = False) -> None:
    """For a cell: print every finding, a line each."""
    _print(findings(ask))


def _print(found: List[Finding]) -> None:
    for one in found:
        print(f"{'✓' if one.well else '✗'} {one.name:9} {one.text}")


def main() -> int:
    """Print what was found; 0 if all is well."""
    parser = argparse.ArgumentParser(prog="doctor", description="Is this machine ready for the course?")
    parser.add_argument("--key", action="store_true", help="ask the service about the key")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args()
    found = findings(options.key)
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # a console of Windows may not know the signs
    if options.json:
        print(json.dumps([one._asdict() for one in found], indent=1, ensure_ascii=False))
    else:
        _print(found)
    return 0 if all(one.well for one in found) else 1


if __name__ == "__main__":
    sys.exit(main())
