"""What we add to JupyterLite's pages: the first page of the site, a script that says what a reader waits for, and Python
started beside JupyterLite."""

from __future__ import annotations

import shutil
from pathlib import Path

from .places import SOURCE, CannotBuild

SCRIPTS = {"start-python.js": "", "start-banner.js": "defer"}
"""Our scripts, and when a page runs each; the first at once, before JupyterLite makes a worker."""
HEAD = "</head>"


def write(site: Path) -> None:
    """Write the first page, and name the scripts in the page of each app. Raises `CannotBuild` for a page without a head."""
    shutil.copy(SOURCE / "index.html", site / "index.html")
    for name in SCRIPTS:
        shutil.copy(SOURCE / name, site / name)
    ours = "".join(f'<script {when} src="../{name}"></script>' for name, when in SCRIPTS.items())
    for page in sorted(site.glob("*/index.html")):
        text = page.read_text("utf-8")
        if HEAD not in text:
            raise CannotBuild(
                f"{page.relative_to(site)} of JupyterLite's build has no {HEAD}: our scripts have no place."
            )
        page.write_text(text.replace(HEAD, ours + HEAD, 1), "utf-8")
