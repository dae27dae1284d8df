"""The first page: README.md, with the doors of the site, and the table of contents that orders all pages."""

from __future__ import annotations

from course import chapters, lessons_of

DOORS = """
<div class="doors">

* [**Begin with lesson 00**](notebooks/00-start-here.ipynb)
{browser}* [**Copy the code for a task**](docs/tasks.md)
* <a href="search.html"><strong>Search</strong></a>
* For coding agents: <a href="llms.txt">llms.txt</a>, <a href="skill/SKILL.md">a skill folder</a> (<a href="skill.zip" download>zip</a>)
* What changed: [the changelog](CHANGELOG.md), <a href="changes.xml">a feed</a>

</div>
"""
BROWSER = '* <a href="lite/notebooks/index.html?path=00-start-here.ipynb"><strong>Run it in your browser</strong></a>, nothing to install\n'
PAGES = {
    "Look something up": ("docs/tasks", "docs/frameworks", "docs/openai-3", "docs/glossary"),
    "Teach it": ("docs/teaching",),
    "Behind the course": ("docs/standin", "docs/replay", "docs/under-fire"),
    "Contribute": ("CONTRIBUTING", "docs/architecture", "docs/decisions", "CHANGELOG"),
}
"""The pages that are no lessons, under their captions."""


def page(readme: str, docs: list[str], with_browser_edition: bool) -> str:
    """`readme`: README.md with links that the site can follow. `docs`: the names of all pages that are no lessons."""
    title, intro, rest = readme.split("\n\n", 2)
    doors = DOORS.format(browser=BROWSER if with_browser_edition else "")
    return "\n\n".join([title, intro, doors, rest, *trees(docs)])


def trees(docs: list[str]) -> list[str]:
    """The tables of contents. A page under docs/ that PAGES does not know comes last, so that none is forgotten."""
    first, *others = PAGES.items()
    named = {page for _, pages in PAGES.items() for page in pages}
    rest = sorted(set(docs) - named)
    made = [tree(*first)]
    for chapter, title in chapters().items():
        entries = [f"{x.number} · {x.title} <notebooks/{x.name}>" for x in lessons_of(chapter)]
        made += [tree(title, entries)] if entries else []
    made += [tree(caption, [p for p in pages if p in docs]) for caption, pages in others]
    return [*made, tree("More", rest)] if rest else made


def tree(caption: str, entries: list[str] | tuple[str, ...]) -> str:
    return "\n".join(["```{toctree}", ":hidden:", f":caption: {caption}", "", *entries, "```"])
