"""Who is where: files that participants send, also odd ones, and notebooks that are run without a network."""

from __future__ import annotations

import json
import os
import socket
from pathlib import Path
from typing import Any

import nbformat
import pytest

import class_progress
from classroom import submissions
from classroom.submissions import DidNotRun, solved_by
from course import ROOT

PRIVATE = 'answer = {"data_collection": "deny", "zdr": True}\nhelpers.checks.routing_options.keep_private(answer)'


def write(folder: Path, to: str, **about: Any) -> None:
    path = folder / to
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"format": 1, "solved": [], "wrong": {}} | about), "utf-8")


def notebook(path: Path, *sources: str) -> Path:
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources]), path)
    return path


def test_a_table_of_everybody(tmp_path: Path) -> None:
    write(
        tmp_path,
        "a.json",
        name="Ada",
        solved=["routing_options.keep_private"],
        wrong={"routing_options.keep_private": 2},
    )
    write(tmp_path, "ben/progress-1.json", wrong={"routing_options.keep_private": ["ab", "cd", "ef"]})
    write(tmp_path, "ben/progress-2.json", wrong={"start_here.nightly_cost": 1})
    write(tmp_path, "own.json", solved={"streaming.survives": "2026-11-28"})
    people = class_progress.read(tmp_path)
    assert [one.name for one in people] == ["Ada", "ben", "own"]
    keep = "routing_options.keep_private"
    assert [class_progress.cell(one, keep) for one in people] == [("✓ (2)", "solved"), ("3", "wrong"), ("·", "")]
    assert [lesson.name[:2] for lesson in class_progress.shown(people)] == ["00", "03", "04"]
    said = class_progress.summary(people)
    assert "03 keep_private: solved by 1, 5 mistakes, not yet: ben" in said
    page = class_progress.page(people)
    assert page.count("<tr>") == 5 and "1 of 3" in page and "Could not be read" not in page


ODD = ["", "[]", "[1, 2]", '{"solved": 5}', '{"solved": null}', '{"wrong": {}}', "{" * 5000, '"text"', "\x00"]


@pytest.mark.parametrize("text", ODD)
def test_an_odd_file_is_a_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / "odd.json").write_text(text, "utf-8")
    (one,) = class_progress.read(tmp_path)
    assert one.problems == ["odd.json: it is no progress file."] and not one.solved
    assert "Could not be read" in class_progress.page([one])


def test_what_a_file_may_not_say(tmp_path: Path) -> None:
    wrong = {"routing_options.keep_private": -5, "streaming.survives": "many", "start_here.nightly_cost": 10**9, "x": 1}
    write(tmp_path, "a.json", name="<script>alert(1)</script>", solved=["no.such", 5, None], wrong=wrong)
    (one,) = class_progress.read(tmp_path)
    assert (one.solved, one.wrong) == (set(), {})
    assert "<script>" not in class_progress.page([one])
    (tmp_path / "a.json").write_text(" " * (class_progress.LARGEST + 1))
    assert "too large" in class_progress.read(tmp_path)[0].problems[0]


def test_a_submitted_notebook_is_run(tmp_path: Path) -> None:
    start = 'import helpers\nhelpers.start("03-routing-options")'
    wrong = "helpers.checks.routing_options.cheap_but_precise({})"
    (tmp_path / "ada").mkdir()
    notebook(tmp_path / "ada" / "03.ipynb", start, PRIVATE, "1 / 0", wrong, wrong)
    (one,) = class_progress.read(tmp_path)
    assert one.problems == [] and one.solved == {"routing_options.keep_private"}
    assert one.wrong == {"routing_options.cheap_but_precise": 1}


LOOK = """
import json, os, socket
seen = {}
try:
    socket.create_connection(("127.0.0.1", PORT), timeout=5).close()
    seen["reached"] = True
except OSError as problem:
    seen["reached"] = False
seen["names"] = sorted(name for name in os.environ if "KEY" in name or "TOKEN" in name)
seen["home"] = os.path.expanduser("~")
with open(os.environ["COOKBOOK_PROGRESS"], "w") as file:
    json.dump({"solved": {}, "wrong": {}, "seen": seen}, file)
"""


def test_it_reaches_nobody_and_sees_no_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENROUTER_API_KEY", "sk-or-v1-of-the-teacher")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        path = notebook(tmp_path / "look.ipynb", LOOK.replace("PORT", str(server.getsockname()[1])))
        seen: Any = solved_by(path)["seen"]
        with pytest.raises(BlockingIOError):
            server.accept()
    assert (seen["reached"], seen["names"]) == (False, []) and Path(seen["home"]) != Path.home()
    assert not Path(seen["home"]).exists()  # thrown away


def test_without_namespaces_pythons_sockets_are_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(submissions, "_without_network", list)
    test_it_reaches_nobody_and_sees_no_key(tmp_path, monkeypatch)


def test_one_that_never_ends_is_ended(tmp_path: Path) -> None:
    path = notebook(tmp_path / "loop.ipynb", "import time\nwhile True:\n    time.sleep(1)")
    with pytest.raises(DidNotRun, match="not done after 8 seconds"):
        solved_by(path, seconds=8)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such limits")
def test_one_that_takes_all_memory_gets_an_error(tmp_path: Path) -> None:
    tell = (
        'import json, os\nopen(os.environ["COOKBOOK_PROGRESS"], "w").write(json.dumps({"solved": {"got": str(got)}}))'
    )
    hog = "try:\n    x = bytearray(4 * 2**30)\n    got = True\nexcept MemoryError:\n    got = False"
    assert solved_by(notebook(tmp_path / "hog.ipynb", f"{hog}\n{tell}"))["solved"] == {"got": "False"}


def test_what_is_no_notebook_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "no.ipynb").write_text("hello")
    with pytest.raises(DidNotRun, match="it is no notebook"):
        solved_by(tmp_path / "no.ipynb")


def test_an_empty_folder_and_a_missing_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder, said in ((tmp_path, "no progress file"), (tmp_path / "none", "is no folder")):
        monkeypatch.setattr("sys.argv", ["class_progress.py", str(folder)])
        with pytest.raises(SystemExit, match=said):
            class_progress.main()
    assert ROOT not in tmp_path.parents
