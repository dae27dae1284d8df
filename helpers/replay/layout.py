"""How JSON is written to files that people review: one value a line where it is long; and how any file is written, whole or
not at all."""

from __future__ import annotations

import json
import os
import re
import tempfile
from pathlib import Path
from typing import Any

UNFINISHED = ".tmp"
LONGEST = 60
"""Letters of a text that a file's name bears."""


def layout(value: Any, depth: int = 0) -> str:
    """JSON that a person can review: one value a line, and whole on one line what is short or lies deep."""
    flat = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict | list) or not value or len(flat) + depth <= 120 or depth >= 6:
        return flat
    inside = " " * (depth + 1)
    if isinstance(value, list):
        rows = [inside + layout(v, depth + 1) for v in value]
        return "[\n" + ",\n".join(rows) + "\n" + " " * depth + "]"
    rows = [f"{inside}{json.dumps(k, ensure_ascii=False)}: {layout(v, depth + 1)}" for k, v in value.items()]
    return "{\n" + ",\n".join(rows) + "\n" + " " * depth + "}"


def file_name(text: str) -> str:
    """What a file is called after a text: without signs, and no longer than any system takes; empty where nothing is left."""
    return re.sub(r"\W+", "-", text.lower())[:LONGEST].strip("-_")


def write_whole(path: Path, text: str, mode: int = 0o644) -> None:
    """Write through a temporary file and a rename: whoever reads sees the old file or the new one, never a half. `mode`: who
    may read it.

    Raises `OSError`, and leaves nothing behind; a process that is killed leaves a file that ends in `UNFINISHED`.
    """
    write_bytes_whole(path, text.encode("utf-8", "backslashreplace"), mode)


def write_bytes_whole(path: Path, data: bytes, mode: int = 0o644) -> None:
    """The same for what is no text."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary: Path | None = None
    try:
        with tempfile.NamedTemporaryFile("wb", dir=path.parent, suffix=UNFINISHED, delete=False) as file:
            temporary = Path(file.name)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(mode)
        temporary.replace(path)
    except OSError:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        raise
