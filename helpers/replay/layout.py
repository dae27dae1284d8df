"""How JSON is written to files that people review: one value a line where it is long; and whole or not at all."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any


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


def write_whole(path: Path, text: str) -> None:
    """Write through a temporary file and a rename: whoever reads sees the old file or the new one, never a half.

    Raises `OSError`, and leaves nothing behind.
    """
    write_bytes_whole(path, text.encode("utf-8", "backslashreplace"))


def write_bytes_whole(path: Path, data: bytes) -> None:
    """The same for what is no text."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary: Path | None = None
    try:
        with tempfile.NamedTemporaryFile("wb", dir=path.parent, suffix=".tmp", delete=False) as file:
            temporary = Path(file.name)
            file.write(data)
        temporary.chmod(0o644)
        temporary.replace(path)
    except OSError:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        raise
