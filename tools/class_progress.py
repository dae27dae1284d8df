"""Who is where: `make class-progress FOLDER=…` draws exercise × participant from the files that participants sent.

The folder holds progress files (`helpers.save_progress()` writes one), notebooks, or both; each folder in it is one
participant, a file in the folder itself too. Nothing is asked of anybody and nothing is sent. (nbgrader 0.9 and otter-grader
were weighed: both bring checks of their own beside those of the lessons, a data base or containers, and run a notebook with
your network and your home.)
"""

from __future__ import annotations

import argparse
import html
import json
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from classroom.submissions import DidNotRun, solved_by
from course import ROOT, Lesson, lessons
from helpers.exercises import every_exercise, exercises_of

PAGE = ROOT / "build" / "class-progress.html"
LARGEST = 1_000_000
"""Bytes of a progress file; one has a few thousand."""
TYPES = (".json", ".ipynb")
STYLE = """
  body { font: 15px/1.4 system-ui, sans-serif; margin: 1.5rem; color-scheme: light dark }
  table { border-collapse: collapse } th, td { border: 1px solid #8886; padding: .2rem .5rem; text-align: center }
  th:first-child { text-align: left } thead th { vertical-align: bottom } .name { writing-mode: vertical-rl }
  .solved { background: rgb(46 125 50 / .25) } .wrong { background: rgb(178 106 0 / .3) }
"""


@dataclass
class Participant:
    """What is known of one. `wrong`: different mistakes for each exercise, the answer that stands in the cell at first is one."""

    name: str
    solved: set[str] = field(default_factory=set)
    wrong: dict[str, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def add(self, solved: Any, wrong: Any) -> None:
        """Add what one file says, as far as it is about exercises of this course."""
        known = {name for lesson in every_exercise() for name in exercises_of(lesson)}
        self.solved |= known.intersection(name for name in solved if isinstance(name, str))
        for name in known.intersection(wrong):
            count = len(wrong[name]) if isinstance(wrong[name], list) else wrong[name]
            if isinstance(count, int) and 0 <= count < 1000:
                self.wrong[name] = max(count, self.wrong.get(name, 0))


def read(folder: Path) -> list[Participant]:
    """Everybody who sent a file, by name. A file that cannot be read or run is a sentence at its participant."""
    found: dict[str, Participant] = {}
    for path in sorted(path for path in folder.rglob("*") if path.suffix in TYPES and path.is_file()):
        if any(part.startswith(".") for part in path.relative_to(folder).parts):
            continue
        who = path.stem if path.parent == folder else path.relative_to(folder).parts[0]
        one = found.setdefault(who, Participant(who))
        try:
            (_add_file if path.suffix == ".json" else _add_notebook)(one, path)
        except DidNotRun as problem:
            one.problems.append(f"{path.name}: {problem}.")
    return sorted(found.values(), key=lambda one: one.name.lower())


def _add_file(one: Participant, path: Path) -> None:
    """Add a progress file: one that was sent, or the reader's own."""
    if path.stat().st_size > LARGEST:
        raise DidNotRun("it is too large for a progress file")
    try:
        about = json.loads(path.read_text("utf-8"))
        one.add(list(about["solved"]), dict(about.get("wrong", {})))
    except (ValueError, TypeError, KeyError, RecursionError, AttributeError):
        raise DidNotRun("it is no progress file") from None
    name = about.get("name")
    if isinstance(name, str) and name.strip():
        one.name = name.strip()[:80]


def _add_notebook(one: Participant, path: Path) -> None:
    print(f"running {path.name} of {one.name} …", file=sys.stderr)
    kept: Any = solved_by(path)
    one.add(list(kept.get("solved", {})), dict(kept.get("wrong", {})))


def shown(participants: list[Participant]) -> list[Lesson]:
    """The lessons in which somebody has tried an exercise."""
    tried = {name for one in participants for name in one.solved | one.wrong.keys()}
    return [lesson for lesson in lessons() if tried.intersection(exercises_of(lesson.name))]


def cell(one: Participant, exercise: str) -> tuple[str, str]:
    """What stands in one place of the table, and its style: solved, the number of different mistakes, or a dot."""
    wrong = one.wrong.get(exercise, 0)
    if exercise in one.solved:
        return "✓" + (f" ({wrong})" if wrong else ""), "solved"
    return (str(wrong), "wrong") if wrong else ("·", "")


def page(participants: list[Participant]) -> str:
    """The table as a page of its own."""
    names = [(lesson, name) for lesson in shown(participants) for name in exercises_of(lesson.name)]
    head = "".join(
        f'<th scope="col"><span class="name">{lesson.name[:2]} {name.split(".")[1]}</span></th>'
        for lesson, name in names
    )
    body = "".join(_row(one, [name for _, name in names]) for one in participants)
    sums = "".join(
        f"<td>{sum(name in one.solved for one in participants)} of {len(participants)}</td>" for _, name in names
    )
    problems = "".join(
        f"<li>{html.escape(one.name)}: {html.escape(text)}</li>" for one in participants for text in one.problems
    )
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Who is where</title><style>{STYLE}</style>'
        "<h1>Who is where</h1><p>✓ solved · a number: different answers that were not right yet, the one that stands in the cell "
        "at first among them · a dot: not tried</p>"
        f'<table><thead><tr><th scope="col">participant</th>{head}</tr></thead><tbody>{body}</tbody>'
        f'<tfoot><tr><th scope="row">solved by</th>{sums}</tr></tfoot></table>'
        + (f"<h2>Could not be read</h2><ul>{problems}</ul>" if problems else "")
        + "</html>\n"
    )


def _row(one: Participant, names: list[str]) -> str:
    cells = "".join('<td class="{1}">{0}</td>'.format(*cell(one, name)) for name in names)
    return f'<tr><th scope="row">{html.escape(one.name)}</th>{cells}</tr>'


def summary(participants: list[Participant]) -> str:
    """A line for each exercise that somebody tried: who solved it, who is at it, and how many mistakes there were."""
    lines = [f"{len(participants)} participants"]
    for lesson in shown(participants):
        for name in exercises_of(lesson.name):
            solved = sum(name in one.solved for one in participants)
            stuck = [one.name for one in participants if one.wrong.get(name) and name not in one.solved]
            wrong = sum(one.wrong.get(name, 0) for one in participants)
            lines.append(
                f"{lesson.name[:2]} {name.split('.')[1]}: solved by {solved}, {wrong} mistakes"
                + (f", not yet: {', '.join(stuck[:5])}{' …' if len(stuck) > 5 else ''}" if stuck else "")
            )
    lines += [f"could not be read: {one.name}: {text}" for one in participants for text in one.problems]
    return "\n".join(lines)


def main() -> None:
    """Read the folder, print the summary, write the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    if not folder.is_dir():
        raise SystemExit(f"{folder} is no folder: FOLDER=… names the one with the files that participants sent.")
    participants = read(folder)
    if not participants:
        raise SystemExit(f"{folder} holds no progress file and no notebook.")
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(participants), "utf-8")
    print(summary(participants))
    print(f"The table is in {PAGE.relative_to(ROOT)}.")


if __name__ == "__main__":
    main()
