"""Links of the notebooks and docs, made to work on the site."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection

from reading.notebook import split
from reading.slugs import github_slug, lab_slug, plain

LINK = re.compile(r"(?<=\]\()(?!https?:|mailto:|#)([^)\s#]+)(#[^)\s]*)?(?=\))")
BADGE = re.compile(r"\[!\[([^\]]*)\]\(https?://[^)]*\)\]")
"""A picture of another host inside a link."""
OWN = re.compile(r"(?<=\]\()()(#[^)\s]*)(?=\))")


def rewrite(text: str, page: str, pages: Collection[str], source: Callable[[str], str], blob: str) -> str:
    """The Markdown of `page` with links that the site can follow.

    A link to a page of the site stays; its anchor becomes the site's own. A link to another file of the repository leads to
    `blob`, its address at GitHub. `source`: the Markdown behind a path.
    """

    def one(match: re.Match[str]) -> str:
        path, anchor = match[1], match[2] or ""
        target = posixpath.normpath(posixpath.join(posixpath.dirname(page), path)) if path else page
        if target not in pages:
            return f"{blob}/{target}{anchor}"
        if anchor and target.endswith(".md"):
            anchor = "#" + site_anchor(anchor[1:], source(target))
        return path + anchor

    return outside_code(text, lambda part: OWN.sub(one, LINK.sub(one, part)))


def without_badges(text: str) -> str:
    """The text with the words of each badge instead of its picture: the site asks no other host for anything."""
    return BADGE.sub(r"[\1]", text)


def site_anchor(anchor: str, markdown: str) -> str:
    """The site's anchor for GitHub's; as it is where no heading has it."""
    headings = [plain(heading.lstrip("# ")) for heading, _ in split(markdown) if heading]
    return next((lab_slug(x) for x in headings if github_slug(x) == anchor), anchor)


def outside_code(text: str, change: Callable[[str], str]) -> str:
    """The text with everything changed but what stands in fences: `[f](x)` in a program is no link."""
    parts = re.split(r"(?ms)(^```.*?^```$)", text)
    return "".join(part if part.startswith("```") else change(part) for part in parts)
