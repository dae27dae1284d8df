"""Workbooks: nothing of the answers is left in them, and filled in with the solutions they pass every checker."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

import workbook
from course import Lesson, lessons, lessons_of
from notebooks import cells

nbformat = pytest.importorskip("nbformat")
kernels = pytest.importorskip("kernels")


def solutions(lesson: Lesson) -> list[str]:
    return [cell.solution for cell in cells(lesson.notebook) if cell.solution]


def exercises(notebook: dict[str, Any]) -> list[dict[str, Any]]:
    return [cell for cell in notebook["cells"] if "exercise" in cell["metadata"].get("tags", [])]


@pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson.name)
def test_nothing_of_the_answers_is_left(lesson: Lesson) -> None:
    made = workbook.participants(lesson)
    nbformat.validate(nbformat.from_dict(copy.deepcopy(made)))
    assert [cell for cell in made["cells"] if cell.get("outputs") or cell.get("execution_count")] == []
    text = json.dumps(made, ensure_ascii=False)
    assert not [code for code in solutions(lesson) if json.dumps(code, ensure_ascii=False)[1:-1] in text]
    assert len(exercises(made)) == len(solutions(lesson))
    head = made["cells"][0]["source"]
    assert "Open this lesson in" not in head and ("# Type:" in head) == bool(lesson.typed)


@pytest.mark.parametrize("lesson", [x for x in lessons() if x.typed], ids=lambda lesson: lesson.name)
def test_cells_to_be_typed_say_what_and_the_teacher_has_them(lesson: Lesson) -> None:
    there = {cell["id"]: cell for cell in workbook.participants(lesson)["cells"]}
    whole = {cell["id"]: cell for cell in workbook.teachers(lesson)["cells"]}
    for number, text in lesson.typed.items():
        lines = there[number]["source"].splitlines()
        assert there[number]["cell_type"] == "code" and all(line.startswith("# ") for line in lines)
        assert lines[0].startswith("# Type: ") and text.endswith(".")
        assert text in whole[f"note-{number}"]["source"] and "# Type:" not in "".join(whole[number]["source"])


@pytest.mark.parametrize("lesson", lessons_of("path"), ids=lambda lesson: lesson.name)
def test_filled_in_with_the_solutions_it_passes_every_checker(lesson: Lesson, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COOKBOOK_MODE", "replay")
    monkeypatch.setenv("COOKBOOK_SPEED", "0")
    made = workbook.participants(lesson)
    for exercise, solution in zip(exercises(made), solutions(lesson), strict=True):
        exercise["source"] = solution
    written = {cell["id"]: cell["source"] for cell in json.loads(lesson.notebook.read_text("utf-8"))["cells"]}
    for cell in made["cells"]:
        if cell["id"] in lesson.typed:
            cell["source"] = written[cell["id"]]
    notebook = nbformat.reads(json.dumps(made), as_version=4)
    kernels.execute(notebook, 120, allow_errors=True)
    verdicts = [json.dumps(cell.outputs) for cell in notebook.cells if "exercise" in cell.metadata.get("tags", [])]
    assert len(verdicts) >= 1 and all("Right: " in verdict for verdict in verdicts), verdicts
