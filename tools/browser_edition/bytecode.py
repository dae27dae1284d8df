"""Replaces the sources of what a lesson imports by compiled modules, in Pyodide's library and in the wheels.

Compiling was a third of a start. A traceback shows no lines of these packages then. The sources of the course stay beside
their compiled modules, and those of anyio, which reads its own source.
"""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import zipfile
from pathlib import Path, PurePosixPath

from .places import SOURCE, CannotBuild, versions

LIBRARY = "python_stdlib.zip"
READABLE = ("anyio/", "helpers/", "openrouter_standin/")


def replace(pyodide: Path) -> int:
    """Compile, and write into the archives of this folder; how many modules. Raises `CannotBuild` when Node cannot."""
    python = versions()["pyodide"]["python"]
    packages, library = f"/lib/python{python}/site-packages/", f"/lib/python{python.replace('.', '')}.zip/"
    compiled = {path: base64.b64decode(text) for path, text in _compiled(pyodide).items()}
    of_library, of_packages = (
        {path.removeprefix(folder): code for path, code in compiled.items() if path.startswith(folder)}
        for folder in (library, packages)
    )
    wheels = sorted(pyodide.glob("*.whl"))
    return _rewrite(pyodide / LIBRARY, of_library) + sum(_rewrite(wheel, of_packages) for wheel in wheels)


def _compiled(pyodide: Path) -> dict[str, str]:
    node = shutil.which("node")
    if node is None:
        raise CannotBuild("The browser edition needs Node.js, to compile its Python: install it, then try again.")
    command = [node, "--no-warnings", str(SOURCE / "compile.mjs"), str(pyodide)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotBuild(f"Node could not compile the Python of the browser edition:\n{done.stderr[-1500:]}")
    return json.loads(done.stdout)


def _rewrite(archive: Path, compiled: dict[str, bytes]) -> int:
    """Write the compiled module in the place of each source in `compiled` that this archive holds, or beside it; how many
    it holds."""
    changed, count = archive.with_suffix(".new"), 0
    with zipfile.ZipFile(archive) as old, zipfile.ZipFile(changed, "w") as new:
        for entry in old.infolist():
            name = entry.filename
            if name not in compiled or name.startswith(READABLE):
                new.writestr(entry, old.read(entry), zipfile.ZIP_DEFLATED, 9)
            if name in compiled:
                place = _cached(name) if name.startswith(READABLE) else f"{name}c"
                new.writestr(zipfile.ZipInfo(place, entry.date_time), compiled[name], zipfile.ZIP_DEFLATED, 9)
                count += 1
    changed.replace(archive)
    return count


def _cached(name: str) -> str:
    """Where Python looks for the compiled form of a source that is there: "a/b.py" gives "a/__pycache__/b.cpython-314.pyc"."""
    source, python = PurePosixPath(name), versions()["pyodide"]["python"].replace(".", "")
    return str(source.parent / "__pycache__" / f"{source.stem}.cpython-{python}.pyc")
