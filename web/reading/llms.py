"""llms.txt: what the site holds, one line a file, for programs that read it (https://llmstxt.org)."""

from __future__ import annotations

from course import chapters, lessons_of
from reading import checked


def llms_txt(readme: str, docs: dict[str, str]) -> str:
    """`readme`: the text of README.md. `docs`: titles of the pages under docs/, by their path on the site."""
    title, intro = readme.split("\n\n")[:2]
    parts = [title, f"> {intro}", str(checked.of_course()), "The links below are relative to the address of this file."]
    for chapter, name in chapters().items():
        lines = [f"- [{x.number} {x.title}](lessons/{x.name}.txt): {x.learn}" for x in lessons_of(chapter)]
        if lines:
            parts.append(f"## {name}\n\n" + "\n".join(lines))
    skill = "- [A skill folder](skill/SKILL.md): one reference file for each task, with code to copy"
    listed = "\n".join(f"- [{title}]({path})" for path, title in docs.items())
    return "\n\n".join([*parts, f"## Tasks\n\n{skill}", f"## Optional\n\n{listed}"]) + "\n"
