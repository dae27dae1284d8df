"""Builds the site: `make lite`."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from pathlib import Path

from packaging.utils import canonicalize_name

from compare import clean_environment
from outside import environment

from . import built_js, bundle, bytecode, copies, course_wheel, early_python, fetch, package_lock, pages
from .package_lock import Wheel
from .places import SITE, WORK, CannotBuild, versions

APPS = ("lab", "notebooks", "tree")
KERNEL_WHEELS = "share/jupyter/labextensions/@jupyterlite/pyodide-kernel-extension/static/pypi"
USELESS = ("console", "csvviewer", "launcher", "logconsole", "lsp", "mermaid", "pdf", "terminal", "vega5", "workspaces")
"""Parts of JupyterLab that no lesson uses, or that need a server: half a second of each start."""


def build() -> None:
    """Download, build, repair. Raises `CannotBuild` with one sentence when something is missing; the site of an earlier
    build stays until the new one is complete."""
    begun = time.monotonic()
    python = _jupyter_lites_python()
    shutil.rmtree(WORK, ignore_errors=True)
    source, made = WORK / "source", WORK / "site"
    pyodide = source / "static" / "pyodide"
    pyodide.mkdir(parents=True)
    fetch.pyodide(pyodide)
    lock = pyodide / "pyodide-lock.json"
    package_lock.write(lock, _wheels(python, pyodide))
    compiled = bytecode.replace(pyodide)
    at_start, later = _when_loaded([package_lock.read(path) for path in sorted(pyodide.glob("*.whl"))])
    names = [wheel.name for wheel in at_start]
    bundle.replace(at_start, pyodide)
    package_lock.write(lock, later, bundled=names)
    (source / "jupyter-lite.json").write_text(json.dumps(settings(names)), "utf-8")
    copies.write(source / "contents")
    _jupyter_lite(python, source, made)
    built_js.go_on_after_announced_errors(made)
    early_python.write(made)
    pages.write(made)
    shutil.rmtree(SITE, ignore_errors=True)
    made.rename(SITE)
    size = sum(path.stat().st_size for path in SITE.rglob("*") if path.is_file())
    print(
        f"build/lite: {size / 1e6:.0f} MB, {compiled} modules compiled, made in {time.monotonic() - begun:.0f} s. `make lite-serve` shows it."
    )


def _jupyter_lites_python() -> Path:
    """The Python that JupyterLite is installed for; installed at the first call."""
    try:
        return environment("lite")
    except subprocess.CalledProcessError:
        raise CannotBuild(
            "pip could not install JupyterLite (is there a network?): what it said stands above."
        ) from None


def _wheels(python: Path, folder: Path) -> list[Wheel]:
    """Copy every wheel into this folder: those of PyPI, the kernel's own, the course's, and the empty ones."""
    kernel = [path for path in (python.parent.parent / KERNEL_WHEELS).glob("*.whl") if "-3.6.999-" not in path.name]
    found = [*fetch.wheels(), *kernel, course_wheel.build()]
    copied = [Path(shutil.copy(path, folder)) for path in found]
    copied += [package_lock.empty_wheel(name, folder) for name in versions()["wheels"]["emptied"]]
    return [package_lock.read(path) for path in copied]


def _when_loaded(wheels: list[Wheel]) -> tuple[list[Wheel], list[Wheel]]:
    """The wheels that Python has from the start, and those that it loads when a cell imports them.

    Loading all by a cell's imports, as Pyodide would, fails: the set-up cell asks for `helpers` without importing it, and
    `opentelemetry` is one name in several wheels.
    """
    late = {canonicalize_name(name) for name in versions()["wheels"]["on_import"]}
    return [wheel for wheel in wheels if wheel.name not in late], [wheel for wheel in wheels if wheel.name in late]


def settings(bundled: list[str]) -> dict:
    """JupyterLite's settings. `bundled`: the packages that Python has from the start; the kernel installs them otherwise."""
    kernel = {
        "disablePyPIFallback": True,
        "loadPyodideOptions": {"packages": bundled},
    }
    page = {
        "appName": "OpenRouter cookbook",
        "defaultKernelName": "python",
        "exposeAppInBrowser": True,  # our script asks it how far the start is
        "disabledExtensions": [f"@jupyterlab/{name}-extension" for name in USELESS],
        "litePluginSettings": {early_python.PLUGIN: kernel},
    }
    return {"jupyter-lite-schema-version": 0, "jupyter-config-data": page}


def _jupyter_lite(python: Path, source: Path, made: Path) -> None:
    """Let JupyterLite build from what was prepared."""
    command = [str(python), "-m", "jupyterlite_core", "build", "--lite-dir", str(source)]
    command += ["--contents", str(source / "contents"), "--output-dir", str(made)]
    command += ["--no-sourcemaps", "--no-unused-shared-packages"]
    command += [part for app in APPS for part in ("--apps", app)]
    done = subprocess.run(command, cwd=source, env=clean_environment(), capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotBuild(f"JupyterLite could not build the site:\n{done.stdout[-1500:]}{done.stderr[-1500:]}")
