"""A cell of a lesson as a file that plain Python runs."""

from __future__ import annotations

SAID = "# in a script: "
"""A cell that awaits says in the line above what to write instead."""


def as_script(source: str) -> str:
    """The cell as a file: what a notebook awaits becomes what the comment above it says."""
    made: list[str] = []
    lines = iter(source.splitlines())
    for line in lines:
        indent, said, code = line.partition(SAID)
        if not said or indent.strip():
            made.append(line)
            continue
        awaited = next(lines)
        while awaited.count("(") > awaited.count(")"):  # a call over several lines
            awaited += next(lines)
        assert "await " in awaited
        made.append(indent + code)
    return "\n".join(made) + "\n"
