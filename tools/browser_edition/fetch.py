"""Downloads Pyodide (npm) and the wheels (PyPI) into a cache, and compares each with its hash."""

from __future__ import annotations

import base64
import hashlib
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

from course import ROOT

from .places import CACHE, WHEELS_FILE, CannotBuild, versions

PYODIDE_FILES = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json")
PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet")


def pyodide(target: Path) -> None:
    """Put Pyodide's files into this folder. Raises `CannotBuild` without npm, without a network, or for another file."""
    wanted = versions()["pyodide"]
    with tarfile.open(npm_archive("pyodide", wanted["version"], wanted["integrity"])) as tar:
        for name in PYODIDE_FILES:
            packed = tar.extractfile(f"package/{name}")
            (target / name).write_bytes(packed.read())


def npm_archive(package: str, version: str, integrity: str) -> Path:
    """A package of npm as its archive, from the cache or downloaded. `integrity`: what npm says of it, "sha512-…".

    Raises `CannotBuild` without npm, without a network, or for another file.
    """
    archive = CACHE / f"{package}-{version}.tgz"
    if not archive.exists():
        _npm_pack(f"{package}@{version}")
    digest = "sha512-" + base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if digest != integrity:
        archive.unlink()
        raise CannotBuild(f"{archive.name} is not the file that the course names; it was deleted. Try again.")
    return archive


def _npm_pack(package: str) -> None:
    """Download a package of npm into the cache as npm keeps it."""
    npm = shutil.which("npm")
    if npm is None:
        raise CannotBuild(f"npm is needed once, to download {package}: install Node.js, then try again.")
    CACHE.mkdir(parents=True, exist_ok=True)
    run([npm, "pack", "--loglevel=error", package], f"npm could not download {package}", cwd=CACHE)


def wheels() -> list[Path]:
    """Every wheel of web/lite/wheels.txt, from the cache or from PyPI; pip compares the hashes."""
    folder = CACHE / hashlib.sha256(WHEELS_FILE.read_bytes()).hexdigest()[:12]
    if not (folder / "complete").exists():
        download(folder, ["--no-deps", "--require-hashes", "-r", str(WHEELS_FILE)])
        (folder / "complete").touch()
    return sorted(folder.glob("*.whl"))


def download(folder: Path, what: list[str]) -> None:
    """Download wheels for Pyodide's Python. `what`: requirements and options of `pip download`."""
    wanted = versions()["pyodide"]
    python = wanted["python"].replace(".", "")
    fits = ["--platform", wanted["platform"], "--python-version", wanted["python"]]
    fits += ["--implementation", "cp", "--abi", f"cp{python}", "--abi", "none"]
    command = [*PIP, "download", "--only-binary=:all:", *fits, "-d", str(folder), *what]
    run(command, "pip could not download the wheels of the browser edition", cwd=ROOT)


def run(command: list[str], problem: str, cwd: Path) -> None:
    """Run a command; `problem` begins the sentence that is said if it fails."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if "error" in line.lower()] or done.stderr.splitlines()
        raise CannotBuild(f"{problem} (is there a network?): {said[-1].strip() if said else 'it said nothing'}")
