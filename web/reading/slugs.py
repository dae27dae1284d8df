"""How a heading becomes the anchor of a link: JupyterLab's rule, which the lessons follow, and GitHub's, which the docs follow."""

from __future__ import annotations

import re


def lab_slug(title: str) -> str:
    """JupyterLab's anchor. The whole site uses it, so that the links in the lessons work unchanged."""
    return title.replace(" ", "-")


def github_slug(title: str) -> str:
    """GitHub's anchor: small letters, no punctuation."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def plain(heading: str) -> str:
    """A heading without its Markdown marks, as lessons.toml writes it."""
    return re.sub(r"[`*]", "", heading).strip()
