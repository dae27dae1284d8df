"""Open the course in JupyterLab: `make lab`. `--prepare` only does what can be done before (Binder, Codespaces).

Before it opens: the course's notebooks are trusted, so that no chart is missing before a cell has run, and JupyterLab's
question about its news is answered. The server opens the whole course, so that README and .env are in reach.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from course import ROOT, lessons

FIRST = "notebooks/00-start-here.ipynb"
SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyterlab/filebrowser-extension:browser": {"showLastModifiedColumn": False},  # names need the room
}
"""What JupyterLab starts with; a reader's own settings win."""


def trust() -> None:
    """Sign the course's notebooks, as `jupyter trust` does."""
    import nbformat
    from nbformat.sign import NotebookNotary

    notary = NotebookNotary()
    for lesson in lessons():
        notary.sign(nbformat.read(lesson.notebook, as_version=4))
    notary.store.close()


def settle() -> None:
    """Write the settings into this environment. Others that stand there stay."""
    path = Path(sys.prefix, "share", "jupyter", "lab", "settings", "overrides.json")
    try:
        before = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        before = {}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({**SETTINGS, **before}, indent=1) + "\n", encoding="utf-8")


def command(options: list[str]) -> list[str]:
    """What starts JupyterLab on the first lesson. `options`: passed on."""
    return [
        *(sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={ROOT}"),
        f"--LabApp.default_url=/lab/tree/{FIRST}",
        "--ServerApp.contents_manager_class=lab_contents.Contents",
        *options,
    ]


def main(options: list[str]) -> None:
    """Prepare, and unless only that was asked for, become JupyterLab."""
    trust()
    settle()
    if "--prepare" in options:
        return
    path = os.pathsep.join(filter(None, [str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")]))
    os.environ["PYTHONPATH"] = path
    os.execv(sys.executable, command(options))


if __name__ == "__main__":
    main(sys.argv[1:])
