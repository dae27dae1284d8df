"""A repair of JupyterLite's own JavaScript: "Run All" goes on after an error that a lesson announces.

Jupyter's protocol lets a cell say `stop_on_error: false` (the tag `raises-exception` becomes that). JupyterLite's client
empties its queue after every error and does not look at it, so "Run All" would end at the first error that is part of a
lesson. The change came with https://github.com/jupyterlite/jupyterlite/pull/1671.
"""

from __future__ import annotations

from pathlib import Path

from .places import CannotBuild

# Two places of one built file: a request comes, an answer goes. The short names are those of the pinned version
# (constraints-lite.txt). The flag belongs to the request, not to the kernel: widgets send messages in between.
ASKED = "await r.ready,await r.handleMessage(s)"
REMEMBERED = (
    "await r.ready,s.content&&s.content.stop_on_error===!1&&(r._goesOn=r._goesOn||new Set).add(s.header.msg_id),"
    "await r.handleMessage(s)"
)
FAILED = '"execute_reply"===e.header.msg_type&&"error"===e.content.status&&'
FAILED_AND_STOPS = FAILED + "!(g._goesOn&&g._goesOn.has(e.parent_header.msg_id))&&"


def go_on_after_announced_errors(site: Path) -> None:
    """Change the built site. Raises `CannotBuild` unless exactly one file has both places."""
    found = [path for path in site.joinpath("build").glob("*.js") if _fits(path.read_text("utf-8"))]
    if len(found) != 1:
        raise CannotBuild(
            f"{len(found)} files of JupyterLite's build have the two places that tools/browser_edition/built_js.py changes "
            "(1 expected): compare the version in constraints-lite.txt, and read there what the change is for."
        )
    text = found[0].read_text("utf-8")
    found[0].write_text(text.replace(ASKED, REMEMBERED).replace(FAILED, FAILED_AND_STOPS), "utf-8")


def _fits(text: str) -> bool:
    return text.count(ASKED) == 1 and text.count(FAILED) == 1
