"""The feed of changes (Atom), from CHANGELOG.md: one entry a version."""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.etree import ElementTree as Xml

ATOM = "http://www.w3.org/2005/Atom"


@dataclass(frozen=True)
class Change:
    """One version of CHANGELOG.md. `date`: as in 2026-11-22."""

    title: str
    date: str
    text: str


def changes(changelog: str, today: str) -> list[Change]:
    """Every version, newest first. What is not released yet has the date `today`."""
    found = []
    for part in re.split(r"(?m)^## ", changelog)[1:]:
        title, _, text = part.partition("\n")
        date = re.search(r"\d{4}-\d\d-\d\d", title)
        found.append(Change(title.strip(), date[0] if date else today, text.strip()))
    return found


def atom(changelog: str, today: str, address: str) -> str:
    """The feed as XML. `address`: of the repository; it makes the ids of the entries."""
    Xml.register_namespace("", ATOM)
    feed = Xml.Element(f"{{{ATOM}}}feed")
    listed = changes(changelog, today)
    _add(feed, "title", "OpenRouter cookbook: changes")
    _add(feed, "id", f"{address}/blob/main/CHANGELOG.md")
    _add(feed, "updated", f"{max(change.date for change in listed)}T00:00:00Z")
    _add(_add(feed, "author"), "name", "the contributors of the course")
    for change in listed:
        entry = _add(feed, "entry")
        _add(entry, "title", change.title)
        _add(entry, "id", f"{address}/blob/main/CHANGELOG.md#{change.title.partition(' ')[0].lower()}")
        _add(entry, "updated", f"{change.date}T00:00:00Z")
        _add(entry, "link").set("href", "CHANGELOG.html")
        _add(entry, "content", change.text).set("type", "text")
    return Xml.tostring(feed, encoding="unicode", xml_declaration=True) + "\n"


def _add(parent: Xml.Element, name: str, text: str = "") -> Xml.Element:
    made = Xml.SubElement(parent, f"{{{ATOM}}}{name}")
    made.text = text or None
    return made
