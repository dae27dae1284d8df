"""What every notebook keeps to: set-up, tags, outputs, links, no secrets, no machine's paths, and how much is compared."""

from __future__ import annotations

import ast
import importlib.util
import re
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

import lessons as lessons_tool
from course import lessons_of
from helpers.notebook import NOTICE
from helpers.replay.recording import FOLDER, Recording
from helpers.replay.scrub import KEY_SHAPED, Scrubber
from helpers.session import UNSCRIPTED
from notebooks import CODE, EVERY, PATHS, ROOT, Cell, cells, lessons, load
from outside import ENVIRONMENTS

# Every cell whose output nbval does not compare, with the reason. Empty: all are compared.
NOT_COMPARED: dict[str, str] = {}
BASE = {
    "pydantic": "pydantic",
    "pydantic_core": "pydantic",
    "openai": "openai",
    "opentelemetry": "opentelemetry-sdk",
    "openinference": "openinference-instrumentation-openai",
    "dotenv": "python-dotenv",
    "ipywidgets": "ipywidgets",
    "IPython": "ipywidgets",
}
"""Import names of the packages that every lesson may use."""
KNOWN_TAGS = {"quiz", "setup", "snippet", "exercise", "solution", "raises-exception", "live-only"}
SKIPPING = {"nbval-ignore-output", "nbval-skip"}


def test_every_lesson_is_declared_and_has_its_five_files() -> None:
    declared = [lesson.name for lesson in lessons()]
    assert declared == sorted(p.stem for p in ROOT.joinpath("notebooks").glob("*.ipynb"))
    helpers = ROOT / "helpers"
    assert declared == sorted(p.stem for p in helpers.joinpath("scripts").glob("*.toml"))
    assert declared == sorted(p.stem for p in FOLDER.glob("*.json"))
    for lesson in lessons():
        assert helpers.joinpath("checks", f"{lesson.module}.py").exists()
        assert ROOT.joinpath("tests", "lessons", "answers", f"{lesson.module}.py").exists()


def test_a_lesson_says_what_it_is_declared_to_be() -> None:
    for lesson in lessons():
        listed = cells(lesson.notebook)
        assert listed[0].source.splitlines()[0] == f"# {lesson.title}"
        start = next(c.source for c in listed if f'helpers.start("{lesson.name}"' in c.source)
        assert re.findall(r'"([\w-]+)"', start.partition("needs=")[2]) == list(lesson.needs), lesson.name


def test_share_of_compared_outputs(record_property: Callable[[str, str], None]) -> None:
    shown = [c for c in CODE if c.outputs]
    skipped = [c for c in shown if c.tags & SKIPPING or "NBVAL_" in c.source]
    assert {c.name for c in skipped} == set(NOT_COMPARED)
    share = 1 - len(skipped) / len(shown)
    record_property("summary", f"output cells compared: {len(shown) - len(skipped)} of {len(shown)} ({share:.0%})")
    assert share >= 0.95


@pytest.mark.parametrize("path", PATHS[1:], ids=lambda p: p.stem)
def test_most_cells_show_something(path: Path, record_property: Callable[[str, str], None]) -> None:
    code = [c for c in cells(path) if c.kind == "code"]
    telling = [c for c in code if c.outputs and not re.fullmatch(r"\s*('?[\w.]+'?|ok)\s*", c.output_text(), re.I)]
    record_property(
        "summary", f"{path.stem}: {len(telling)} of {len(code)} code cells show output ({len(telling) / len(code):.0%})"
    )
    assert len(telling) / len(code) >= 0.6


@pytest.mark.parametrize("path", PATHS, ids=lambda p: p.stem)
def test_form(path: Path) -> None:
    notebook = load(path)
    assert set(notebook["metadata"]) == {"kernelspec", "language_info"}
    assert notebook["metadata"]["kernelspec"] == {
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "name": "python3",
    }
    listed = cells(path)
    ids = [c.raw.get("id") for c in listed]
    assert all(ids) and len(set(ids)) == len(ids)
    assert listed[0].source.startswith("# ")
    assert sum("exercise" in c.tags for c in listed) >= 2
    assert sum("exercise" in c.tags for c in listed) == sum("solution" in c.tags for c in listed)
    assert path.read_text("utf-8").endswith("}\n")
    counts = [c.raw["execution_count"] for c in listed if c.kind == "code"]
    assert counts == list(range(1, len(counts) + 1))
    assert f'helpers.start("{path.stem}"' in "".join(c.source for c in listed)
    assert all(c.tags <= KNOWN_TAGS | SKIPPING for c in listed)


def test_what_follows_from_lessons_toml_is_up_to_date() -> None:
    assert lessons_tool.main(check=True) == 0
    assert sum("setup" in c.tags for c in EVERY) == len(PATHS)
    for path in PATHS:
        assert f"/notebooks/{path.name})" in cells(path)[0].source
        assert sum("**Next:**" in c.source for c in cells(path)) == 2, f"{path.stem}: at its head and at its end"


def test_no_error_is_stored_without_its_tag() -> None:
    for cell in CODE:
        errors = [o for o in cell.outputs if o["output_type"] == "error"]
        assert bool(errors) == ("raises-exception" in cell.tags), cell.name
        assert all(len(e["traceback"]) == 1 for e in errors), f"{cell.name}: a long traceback"


def test_outputs_hold_no_secret_no_path_no_widget_and_no_unrecorded_answer() -> None:
    for cell in EVERY:
        text = cell.output_text() + cell.source
        assert Scrubber().text(text) == text, cell.name
        assert not re.search(r"/(home|root|Users|work|tmp)/|[A-Z]:\\", cell.output_text()), cell.name
        assert "application/vnd.jupyter.widget" not in str(cell.outputs), cell.name
        assert NOTICE.split(":")[0] + ":" not in cell.output_text(), cell.name
        assert UNSCRIPTED.splitlines()[0] not in cell.output_text(), cell.name


def test_outputs_are_short() -> None:
    for cell in CODE:
        for output in cell.outputs:
            text = "".join(output.get("text", []))
            assert len(text.splitlines()) <= 15, cell.name


def test_recordings_belong_to_lessons_and_hold_no_secret() -> None:
    for path in FOLDER.glob("*.json"):
        made = Recording.load(path)
        assert made.lesson == path.stem
        assert made.exchanges
        text = path.read_text("utf-8")
        assert not KEY_SHAPED.search(text), path.name
        assert UNSCRIPTED.splitlines()[0] not in text, f"{path.name}: a prompt has no words in its script"


def imports(cell: Cell) -> set[str]:
    """Top-level names of the packages that a cell imports, without IPython's own lines."""
    code = "\n".join(line for line in cell.source.splitlines() if not line.lstrip().startswith("%"))
    if "setup" in cell.tags:
        return {"importlib", "sys"}
    tree = compile(code, cell.name, "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    found = {
        alias.name.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
    }
    return found | {
        node.module.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module
    }


def test_what_lessons_import_is_in_the_lists_and_nothing_imports_httpx() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = {name: " ".join(lines) for name, lines in project["optional-dependencies"].items()}
    base = " ".join(project["dependencies"])
    for lesson in lessons():
        names = set().union(*(imports(c) for c in cells(lesson.notebook) if c.kind == "code" and not c.outside))
        assert "httpx" not in names
        own = {path.stem for path in (ROOT / "helpers/lesson_files" / lesson.name).glob("*")}
        for name in names - set(sys.stdlib_module_names) - {"helpers", "openrouter_standin"} - own:
            owner = lesson.imports.get(name) or BASE[name]
            listed = extras[lesson.extra] if name in lesson.imports else base
            assert owner in listed, f"{lesson.name} imports {name}: {owner} is in no list"
            assert importlib.util.find_spec(name)


def test_cells_that_run_outside_name_an_environment() -> None:
    outside = [c for c in CODE if c.source.startswith("%%")]
    assert {c.outside for c in outside} <= set(ENVIRONMENTS)
    assert not [c.name for c in outside if re.search(r"(?m)^\w*Error: ", c.output_text())], "a program failed"


def test_the_versions_that_a_lesson_names_are_the_pinned_ones() -> None:
    pins = dict(line.split("==") for line in (ROOT / "constraints.txt").read_text().splitlines() if "==" in line)
    page = (ROOT / "docs" / "frameworks.md").read_text("utf-8")
    for lesson in lessons_of("ecosystem"):
        source = "".join(c.source for c in cells(lesson.notebook))
        for name in lesson.needs:
            assert re.search(rf"{name}`? {re.escape(pins[name])}\b", source), f"{lesson.name}: {name} is {pins[name]}"
            assert f"{name} {pins[name]}" in page, f"docs/frameworks.md: {name} is {pins[name]}"


def test_pictures_have_alt_text_and_links_between_lessons_work() -> None:
    for cell in EVERY:
        for alt, target in re.findall(r"!\[([^\]]*)\]\(([^)]*)\)", cell.source):
            assert alt.strip() and not re.search(r"\.(png|svg|jpe?g|gif)$", alt), f"{cell.name}: {target}"
        for target in re.findall(r"\]\(([^)#:]+\.(?:ipynb|md))[#)]", cell.source):
            assert (ROOT / "notebooks" / target).resolve().exists(), f"{cell.name}: {target}"


def test_anchors_name_headings() -> None:
    pages = [ROOT / "README.md", *ROOT.joinpath("docs").glob("*.md")]
    texts = {c.name: c.source for c in EVERY}
    texts |= {p.name: re.sub(r"\((\.\./)?notebooks/", "(", p.read_text("utf-8")) for p in pages}
    for name, text in texts.items():
        for target, anchor in re.findall(r"\]\((\d\d-[\w-]+\.ipynb)#([^)]+)\)", text):
            source = "\n".join(c.source for c in cells(ROOT / "notebooks" / target) if c.kind == "markdown")
            headings = {h.replace("`", "").replace(" ", "-") for h in re.findall(r"^#+ (.+)$", source, re.M)}
            assert anchor in headings, f"{name}: {target}#{anchor}"


def test_no_dollar_signs_make_a_formula() -> None:
    for cell in EVERY:
        if cell.kind == "markdown":
            for paragraph in re.sub(r"`[^`]*`", "", cell.source).split("\n\n"):
                assert paragraph.count("$") < 2, f"{cell.name}: {paragraph[:80]}"


def test_solutions_are_out_of_sight_and_set_up_cells_folded() -> None:
    """A solution stands in <details>, which JupyterLab, GitHub, Colab and print keep shut. It has no output to give it away."""
    for cell in EVERY:
        if "solution" in cell.tags:
            assert cell.kind == "markdown" and cell.source.startswith("<details><summary>"), cell.name
            assert "solution" in cell.solution and "helpers.checks." in cell.solution, cell.name
        folded = bool(cell.raw["metadata"].get("jupyter", {}).get("source_hidden"))
        assert folded == ("setup" in cell.tags), cell.name


def test_the_lists_of_dependencies_agree() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

    def pins(name: str) -> dict[str, str]:
        return dict(line.lower().split("==") for line in (ROOT / name).read_text().splitlines() if "==" in line)

    apart = {extra: pins(f"constraints-{extra}.txt") for extra in ENVIRONMENTS}
    pinned = pins("constraints.txt")
    extras = {"": project["dependencies"], **project["optional-dependencies"]}
    for extra, line in ((extra, line) for extra, lines in extras.items() for line in lines):
        name = re.match(r"[\w.-]+", line)[0].lower()
        if name == project["name"]:
            continue
        assert name in apart.get(extra, pinned), f"{name} is pinned nowhere: run `make lock`"
        assert "<" in line or "==" in line, f"{line} has no upper bound"
    explained = (ROOT / "requirements.txt").read_text()
    for line in [
        *project["dependencies"],
        *project["optional-dependencies"]["lab"],
        *project["optional-dependencies"]["recipes"],
    ]:
        assert re.match(r"[\w.-]+", line)[0] in explained
    assert "-e .[lab,recipes]" in explained and "-c constraints.txt" in explained
    assert "-r requirements.txt" in (ROOT / "environment.yml").read_text()
