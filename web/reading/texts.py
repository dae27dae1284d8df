"""Every file of the site that is no page: plain texts, llms.txt, the skill folder, the feed."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from course import ROOT, lessons
from reading import checked, feed, llms, plain_text, skill
from reading.tasks import tasks


def files(address: str) -> dict[str, str]:
    """Every file, by its path on the site."""
    docs = {f"docs/{path.stem}.html": title(path) for path in sorted(ROOT.glob("docs/*.md"))}
    readme, changelog = (ROOT.joinpath(name).read_text("utf-8") for name in ("README.md", "CHANGELOG.md"))
    return {
        "llms.txt": llms.llms_txt(readme, docs),
        "changes.xml": feed.atom(changelog, checked.of_course().date, address),
        **{f"lessons/{lesson.name}.txt": plain_text.edition(lesson, address) for lesson in lessons()},
        **{f"skill/{path}": text for path, text in skill.files(tasks(), address).items()},
    }


def title(path: Path) -> str:
    return path.read_text("utf-8").partition("\n")[0].lstrip("# ")


def write(site: Path, address: str) -> None:
    """Write them below the folder of the site, and the skill folder as a zip file too, under the name that SKILL.md gives."""
    made = files(address)
    for path, text in made.items():
        target = site / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")
    with ZipFile(site / "skill.zip", "w", ZIP_DEFLATED) as packed:
        for path, text in made.items():
            if path.startswith("skill/"):
                packed.writestr(path.replace("skill/", f"{skill.NAME}/", 1), text)
