"""Writes the text of lesson 20: 300 paragraphs of Python's FAQ, from the reStructuredText of Python's documentation.

    python tools/faq_text.py /usr/share/doc/python3.11/html/_sources/faq 3.11.2

Code blocks, lists of links and marks of the format are left out; no word is changed.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

PAGES = ("general", "design", "programming", "library", "extending")
MOST, SHORTEST = 300, 90
"""Paragraphs in all; characters below which a paragraph says too little alone."""
TARGET = Path(__file__).parents[1] / "helpers/lesson_files/20-search-your-documents/python-faq.md"
HEAD = """# Paragraphs from the Python FAQ

From the documentation of Python {version}, https://docs.python.org/3/faq/. Copyright (c) 2001-2023 Python Software Foundation;
all rights reserved. Licensed under the PSF License Agreement (https://docs.python.org/3/license.html). Changes: code blocks and
marks of the format are left out, and {most} paragraphs are kept.
"""


def main(folder: Path, version: str) -> None:
    """Write the file; raises `SystemExit` where there are too few paragraphs."""
    taken: list[tuple[str, str]] = []
    for page in PAGES:
        taken += entries((folder / f"{page}.rst.txt").read_text("utf-8"))
    if len(taken) < MOST:
        sys.exit(f"{len(taken)} paragraphs are too few")
    written, last = [HEAD.format(version=version, most=MOST)], ""
    for heading, paragraph in taken[:MOST]:
        written += [f"## {heading}\n"] if heading != last else []
        written.append(paragraph + "\n")
        last = heading
    TARGET.write_text("\n".join(written), "utf-8")


def entries(page: str) -> Iterator[tuple[str, str]]:
    """Each paragraph of prose with the question above it."""
    heading = ""
    for block in re.split(r"\n\s*\n", page):
        lines = block.strip("\n").splitlines()
        if len(lines) >= 2 and re.fullmatch(r"[-=^]{4,}", lines[1].strip()):
            heading, lines = plain(lines[0]), lines[2:]
        if not lines or lines[0].startswith((" ", "..", "=", "*", "#", "-", "+", "|", ">>>")):
            continue
        text = plain(" ".join(line.strip() for line in lines))
        if heading.endswith("?") and len(text) >= SHORTEST and "http" not in text:
            yield heading, text.removesuffix(":") + (":" if text.endswith(":") else "")


def plain(text: str) -> str:
    """The text without roles, links and doubled marks of reStructuredText."""
    text = re.sub(r":[\w:+-]+:`([^`]*)`", lambda role: role[1].partition(" <")[0].lstrip("~!"), text)
    text = re.sub(r"`([^`<]*?)\s*<[^`>]*>`__?", r"\1", text)
    text = text.replace("``", "`").replace("::", ":").replace("\\", "")
    return re.sub(r"\s+", " ", re.sub(r"\*([^*]+)\*", r"\1", text)).strip()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
