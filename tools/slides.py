"""Slides from the lessons' own cells: `make slides` writes build/slides, one HTML file a lesson that needs no network.

A heading begins a slide; below it each piece of text gets a slide with the code that follows it, and with its output where
both fit. The set-up cell, solutions and hints are left out: the room types, and the checkers answer.
"""

from __future__ import annotations

import re
import shutil
import sys
import tarfile

import nbformat
from nbconvert import SlidesExporter

from browser_edition.fetch import npm_archive
from course import ROOT, Lesson, chosen

SLIDES, SOURCE = ROOT / "build" / "slides", ROOT / "web" / "slides"
REVEAL = (
    "reveal.js",
    "5.2.1",
    "sha512-r7//6mIM5p34hFiDMvYfXgyjXqGRta+/psd9YtytsgRlrpRzFv4RbH76TXd2qD+7ZPZEbpBDhdRhJaFgfQ7zNQ==",
)
"""From npm: name, version, integrity. 5.2.1 is the last that is one plain script (November 2026: 6.0.2 is modules)."""
FOR_READERS = re.compile(r"(?m)^(Open this lesson in|\*\*Before:\*\*|\[The map\]|\*\*Next:\*\*).*$\n?")
LEFT_OUT = {"setup", "solution"}
LINES = 16
"""So many lines of code and output fit under a sentence; with more the output is a slide of its own."""


def arranged(lesson: Lesson) -> nbformat.NotebookNode:
    """The notebook with the kind of slide that each cell begins; the stored one stays as it is."""
    notebook = nbformat.read(lesson.notebook, as_version=4)
    cells = []
    for cell in notebook.cells:
        if LEFT_OUT & set(cell.metadata.get("tags", [])) or cell.source.startswith("<details"):
            continue
        cells += _code(cell) if cell.cell_type == "code" else _text(cell)
    notebook.cells = cells
    return notebook


def _part(cell: nbformat.NotebookNode, kind: str, number: int = 0, **changes: object) -> nbformat.NotebookNode:
    """A copy of the cell, or of a part of it, that begins a slide of this kind."""
    part = {**cell, "id": f"{cell.id[:60]}-{number}", "metadata": {"slideshow": {"slide_type": kind}}, **changes}
    return nbformat.from_dict(part)


def _code(cell: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    """Code stays on the slide of the text above it; an output that does not fit there gets its own."""
    if not cell.outputs or _lines(cell) <= LINES:
        return [_part(cell, "-")]
    return [_part(cell, "-", outputs=[]), _part(cell, "subslide", 1, source="# it shows:")]


def _text(cell: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    """A heading begins a slide also in the middle of a cell; the lines that lead to other lessons are for readers."""
    source = FOR_READERS.sub("", cell.source)
    texts = [text for text in re.split(r"\n(?=##? )", source) if text.strip()]
    kinds = ["slide" if re.match(r"##? ", text) else "subslide" for text in texts]
    return [_part(cell, kind, n, source=text) for n, (kind, text) in enumerate(zip(kinds, texts, strict=True))]


def _lines(cell: nbformat.NotebookNode) -> int:
    """How tall a cell is, in lines; a table or a drawing counts as twelve."""
    shown = sum(
        output.text.count("\n") + 1 if output.output_type == "stream" else 12 if "data" in output else 4
        for output in cell.outputs
    )
    return cell.source.count("\n") + 1 + shown


def page(lesson: Lesson, reveal: dict[str, str]) -> str:
    """The slides as one HTML page. `reveal`: files of reveal.js by name. Raises `ValueError` when one has no place."""
    exporter = SlidesExporter(template_name="slides", extra_template_basedirs=[str(ROOT / "web")])
    notebook = arranged(lesson)
    text, _ = exporter.from_notebook_node(notebook, {"metadata": {"name": lesson.title, "path": ""}})
    # nbconvert names both in links to another host
    text = re.sub(r"<link [^>]*dist/reveal\.css[^>]*>", "<style>/* reveal.css */</style>", text)
    text = re.sub(r"<link [^>]*dist/theme/[^>]*>", "<style>/* white.css */</style>", text)
    theme = re.sub(r"(?m)^@import .*$", "", reveal["dist/theme/white.css"])  # its fonts would be loaded from elsewhere
    style, script = ((SOURCE / name).read_text("utf-8") for name in ("slides.css", "slides.js"))
    for place, content in (
        ("<style>/* reveal.css */", f"<style>{reveal['dist/reveal.css']}"),
        ("<style>/* white.css */", f"<style>{theme}{style}"),
        ("<script>/* reveal.js */", f"<script>{reveal['dist/reveal.js']}"),
        ("<script>/* the course's own */", f"<script>{script}"),
    ):
        head, found, rest = text.partition(place)
        if not found:
            raise ValueError(
                f"nbconvert's template has no place for {place} any more: compare web/slides/index.html.j2"
            )
        text = head + content + rest
    return text


def reveal_files() -> dict[str, str]:
    """What the slides need of reveal.js."""
    names = ("dist/reveal.css", "dist/reveal.js", "dist/theme/white.css")
    with tarfile.open(npm_archive(*REVEAL)) as tar:
        return {name: tar.extractfile(f"package/{name}").read().decode("utf-8") for name in names}


def main(numbers: list[str]) -> None:
    """Write the slides of these lessons, of all without a number."""
    if not numbers:
        shutil.rmtree(SLIDES, ignore_errors=True)
    SLIDES.mkdir(parents=True, exist_ok=True)
    reveal = reveal_files()
    picked = chosen(numbers)
    for lesson in picked:
        (SLIDES / f"{lesson.name}.html").write_text(page(lesson, reveal), encoding="utf-8", newline="\n")
    print(f"{SLIDES.relative_to(ROOT)}: {len(picked)} files")


if __name__ == "__main__":
    main(sys.argv[1:])
