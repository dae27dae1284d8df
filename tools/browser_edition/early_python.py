"""Puts web/lite/python.mjs in the place of Pyodide, and lets it begin before JupyterLite asks for it.

JupyterLab and Python take about 6 s each; one after the other, every start took 14 s.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from .places import SOURCE, CannotBuild

KERNEL = "extensions/@jupyterlite/pyodide-kernel-extension/static/comlink.worker.*.js"
SETTINGS, PLUGIN = "jupyter-lite.json", "@jupyterlite/pyodide-kernel-extension:kernel"


def write(site: Path) -> None:
    """Change the built site. Raises `CannotBuild` unless the kernel has exactly one worker of this kind."""
    workers = list(site.glob(KERNEL))
    if len(workers) != 1:
        raise CannotBuild(
            f"{len(workers)} files of JupyterLite's build fit {KERNEL} (1 expected): Python has no worker."
        )
    beside = site / "static" / "pyodide"
    shutil.copy(SOURCE / "python.mjs", beside)
    starter = (SOURCE / "python-worker.mjs").read_text("utf-8")
    address = f"../../{workers[0].relative_to(site).as_posix()}"
    (beside / "python-worker.mjs").write_text(starter.replace("KERNEL_WORKER", address), "utf-8")
    _name_it(site / SETTINGS)


def _name_it(path: Path) -> None:
    """The build of JupyterLite has written Pyodide's own module there, whatever its settings said."""
    settings = json.loads(path.read_text("utf-8"))
    settings["jupyter-config-data"]["litePluginSettings"][PLUGIN]["pyodideUrl"] = "./static/pyodide/python.mjs"
    path.write_text(json.dumps(settings), "utf-8")
