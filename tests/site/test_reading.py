"""The parts of the reading site that need no Sphinx: sections, tasks, links, the texts, the feed."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree as Xml

import pytest

from course import ROOT, lessons
from reading import checked, feed, lesson_page, links, search, stage, tasks_page, texts
from reading.notebook import Cell, sections, split
from reading.slugs import github_slug, lab_slug, plain
from reading.tasks import section_of, tasks

ADDRESS = "https://example.org/repository"


def test_anchors_follow_jupyterlab_and_github() -> None:
    assert lab_slug("Draw a line: max_price") == "Draw-a-line:-max_price"
    assert github_slug("Words of a model, on your machine") == "words-of-a-model-on-your-machine"
    assert plain("Draw a line: `max_price`") == "Draw a line: max_price"


def test_a_heading_in_a_program_is_no_heading() -> None:
    assert [heading for heading, _ in split("# A\n\n```python\n# not one\n```\n\n## B\ntext")] == ["", "# A", "## B"]


def test_a_section_holds_its_cells_and_those_of_its_parts() -> None:
    listed = [Cell("markdown", "## A\nwords\n\n### B\nmore"), Cell("code", "x = 1"), Cell("markdown", "## C")]
    found = sections(listed)
    assert [cell.source for cell in found["A"].cells] == ["words", "### B", "more", "x = 1"]
    assert [cell.source for cell in found["B"].cells] == ["more", "x = 1"]
    assert found["C"].code() == []


def test_the_code_to_copy_is_the_first_that_runs_alone_or_all() -> None:
    alone = Cell("code", "print(2)", frozenset({"snippet"}))
    exercise = Cell("code", "print(3)", frozenset({"exercise"}))
    assert sections([Cell("markdown", "# A"), exercise, Cell("code", "print(1)"), alone])["A"].code() == [alone]
    assert sections([Cell("markdown", "# A"), exercise, Cell("code", "print(1)")])["A"].code() == [
        Cell("code", "print(1)")
    ]


def test_every_task_has_a_section_a_name_of_its_own_and_code_that_compiles() -> None:
    slugs = [task.slug for task in tasks()]
    assert len(set(slugs)) == len(slugs) and all(slugs)
    for task in tasks():
        if any("snippet" in cell.tags for cell in task.best.cells):
            compile(task.code, task.name, "exec")


def test_a_heading_that_no_lesson_has_is_one_sentence() -> None:
    with pytest.raises(SystemExit, match="lesson 00 has no heading 'Nowhere'"):
        section_of(lessons()[0], "Nowhere")


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("[a](../docs/b.md)", "[a](../docs/b.md)"),
        ("[a](../docs/b.md#two-words)", "[a](../docs/b.md#Two-words)"),
        ("[a](../tools/x.py)", f"[a]({ADDRESS}/tools/x.py)"),
        ("[a](https://example.org/x)", "[a](https://example.org/x)"),
        ("```python\nf[a](x)\n```", "```python\nf[a](x)\n```"),
    ],
)
def test_links_are_made_to_work(written: str, wanted: str) -> None:
    pages = {"notebooks/a.ipynb", "docs/b.md"}
    assert links.rewrite(written, "notebooks/a.ipynb", pages, lambda _: "# B\n\n## Two words", ADDRESS) == wanted


def test_badges_become_words() -> None:
    badge = "[![Open in Colab](https://example.org/badge.svg)](https://example.org/there)"
    assert links.without_badges(badge) == "[Open in Colab](https://example.org/there)"


def test_the_browser_edition_is_linked_only_where_it_is() -> None:
    lesson, written = lessons()[0], "[your browser](https://example.org/lite/x) · [Colab](c)"
    beside = lesson_page.ways_to_open(lesson, written, True)
    assert 'href="../lite/notebooks/index.html?path=00-start-here.ipynb"' in beside and "example.org" not in beside
    assert lesson_page.ways_to_open(lesson, written, False).startswith("Open this lesson in [Colab](c) · download")


def test_a_lesson_page_has_no_set_up_cell_and_names_its_tasks() -> None:
    lesson = lessons()[3]
    page = json.loads(lesson_page.page(lesson, list(tasks()), lambda text: text, False))
    assert not [cell for cell in page["cells"] if "setup" in cell["metadata"].get("tags", [])]
    assert "[cap the price](<#Draw-a-line:-max_price>)" in page["cells"][2]["source"]
    assert "download: <a" in page["cells"][0]["source"]


def test_the_page_of_tasks_has_every_task_once() -> None:
    page = tasks_page.page(stage.source(stage.TASKS), tasks())
    assert sorted(re.findall(r'<div class="task" id="([^"]+)"', page)) == sorted(task.slug for task in tasks())
    assert page.startswith("# Which lesson answers my question?") and "<!-- tasks" not in page


def test_every_lesson_names_its_date_and_versions() -> None:
    for lesson in lessons():
        said = checked.of_lesson(lesson)
        assert re.fullmatch(r"20\d\d-\d\d-\d\d", said.date)
        assert said.versions and all(re.search(r" \d", version) for version in said.versions)
    assert str(checked.of_course()).startswith("Last checked on 20")


def test_a_recording_without_a_head_is_one_sentence(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checked, "RECORDINGS", tmp_path)
    (tmp_path / "07-x.json").write_text("{}")
    with pytest.raises(SystemExit, match=r"07-x\.json does not begin with source, recorded and sdk"):
        checked.recording_head("07-x")


def test_the_texts_link_only_what_there_is() -> None:
    made = texts.files(ADDRESS)
    there = {*made, *(f"docs/{path.stem}.html" for path in ROOT.glob("docs/*.md"))}
    assert set(re.findall(r"(?m)^- \[.*?\]\(([^)]+)\)", made["llms.txt"])) <= there
    references = re.findall(r"\]\((references/[^)]+)\)", made["skill/SKILL.md"])
    assert {f"skill/{path}" for path in references} <= there
    assert len(references) == len(tasks())


def test_the_skill_has_a_front_a_date_and_no_link_into_the_course() -> None:
    made = texts.files(ADDRESS)
    assert re.match(r'---\nname: [a-z0-9-]{1,64}\ndescription: ".{50,1000}"\n---\n', made["skill/SKILL.md"])
    for path, text in made.items():
        if path.startswith("skill/references/"):
            assert "Last checked on 20" in text and "## Key points and traps" in text, path
            assert not re.search(r"\]\((?!https?:)[^)]*\.(ipynb|md)", text), path


def test_the_search_knows_the_subject_of_every_lesson() -> None:
    said = search.scorer()
    assert all(f'"notebooks/{lesson.name}"' in said for lesson in lessons())
    assert "OpenRouter OAuth PKCE" in said


def test_the_feed_has_an_entry_for_each_version() -> None:
    made = Xml.fromstring(
        feed.atom("# C\n\n## Unreleased\n\nnew\n\n## 0.1.0 · 2026-11-22\n\nold\n", "2026-11-28", ADDRESS)
    )
    entries = made.findall(f"{{{feed.ATOM}}}entry")
    assert [entry.find(f"{{{feed.ATOM}}}updated").text[:10] for entry in entries] == ["2026-11-28", "2026-11-22"]
    assert made.find(f"{{{feed.ATOM}}}updated").text.startswith("2026-11-28")
