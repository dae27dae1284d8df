"""Record lessons: `python tools/record.py [NN …]`. Three passes: record; replay and store the outputs; nbval twice.

Where the answers come from: COOKBOOK_RECORD_FROM (openrouter by default; `standin` needs no key and no network).
"""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat
from nbclient.exceptions import CellExecutionError

from compare import NO_OTHER_PLUGINS, clean_environment, compare_command
from course import ROOT, Lesson, chosen
from helpers.replay.recording import FOLDER, Recording
from helpers.replay.scrub import FAKE_KEY, Scrubber, secrets_around
from kernels import execute
from outside import environment

KEPT_METADATA = ("kernelspec", "language_info")


def run(path: Path, **settings: str) -> nbformat.NotebookNode:
    """Execute a notebook top to bottom in a fresh kernel with these settings, and stop the lesson at its end."""
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell("import helpers\nhelpers.stop()"))
    before, new = (
        dict(os.environ),
        clean_environment(
            "OPENROUTER_API_KEY", "OPENROUTER_MANAGEMENT_KEY", "COOKBOOK_BUDGET_USD", "COOKBOOK_GUARD_LOG", **settings
        ),
    )
    os.environ.clear()
    os.environ.update(new)
    try:
        execute(notebook, 600, kernel_name="python3", resources={"metadata": {"path": str(path.parent)}})
    except CellExecutionError as failed:
        raise SystemExit(f"{path.name}: a cell failed, and nothing was written.\n{failed}") from None
    finally:
        os.environ.clear()
        os.environ.update(before)
    notebook.cells.pop()
    return notebook


def store(notebook: nbformat.NotebookNode, path: Path) -> None:
    """Write the notebook with its outputs, without what changes from run to run, and never with a key in it."""
    notebook.metadata = nbformat.from_dict({k: v for k, v in notebook.metadata.items() if k in KEPT_METADATA})
    notebook.metadata.language_info = {"name": "python"}
    number = 0
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            number += 1
            cell.execution_count = number
            for output in cell.outputs:
                if "execution_count" in output:
                    output.execution_count = number
                # a widget's view lives in the browser: stored, it would be an error message where its table should be
                output.get("data", {}).pop("application/vnd.jupyter.widget-view+json", None)
                output.metadata = {} if "metadata" in output else output.get("metadata")
                if output.get("metadata") is None:
                    output.pop("metadata", None)
    text = nbformat.writes(notebook) + "\n"
    if Scrubber(secrets_around({})).text(text) != text:
        raise SystemExit(f"{path.name}: an output holds something shaped like a key. Nothing was written.")
    path.write_text(text, encoding="utf-8", newline="\n")


@contextmanager
def local_server(name: str) -> Iterator[dict[str, str]]:
    """The local server that a lesson is recorded from, and the variable that leads to it. `name`: the tool, such as
    "words"; empty: none is needed."""
    if not name:
        yield {}
        return
    with importlib.import_module(name).start() as process:
        try:
            yield {"LOCAL_SERVER": process.stdout.readline().strip().replace("127.0.0.1", "localhost") + "/v1"}
        finally:
            process.kill()


def record(lesson: Lesson) -> None:
    path = lesson.notebook
    print(f"{path.name}: record", flush=True)
    origin = os.environ.get("COOKBOOK_RECORD_FROM") or "openrouter"
    settings = {"COOKBOOK_MODE": "record", "COOKBOOK_RECORD_FROM": origin}
    if origin == "standin":
        settings["COOKBOOK_SPEED"] = "0"
    if lesson.environment:
        environment(lesson.environment)
    with local_server(lesson.server) as address:
        run(path, **settings, **address)
    made = Recording.load(FOLDER / f"{path.stem}.json")
    print(f"{path.name}: {len(made.exchanges)} exchanges from {made.source}; replay", flush=True)
    store(run(path, COOKBOOK_MODE="ci", OPENROUTER_API_KEY=FAKE_KEY), path)
    settings = clean_environment(
        "COOKBOOK_GUARD_LOG", COOKBOOK_MODE="ci", OPENROUTER_API_KEY=FAKE_KEY, **NO_OTHER_PLUGINS
    )
    for turn in ("first", "second"):
        print(f"{path.name}: compare, {turn} time", flush=True)
        subprocess.run(
            compare_command(path),
            env=settings,
            cwd=ROOT,
            check=True,
            stdout=None if turn == "second" else subprocess.DEVNULL,
        )


if __name__ == "__main__":
    for lesson in chosen(sys.argv[1:]):
        record(lesson)
