"""What we add to JupyterLite's pages: the first page of the site, and the script that says what a reader waits for."""

from __future__ import annotations

import shutil
from pathlib import Path

from .places import SOURCE, CannotBuild

SCRIPT = "start-banner.js"
HEAD = "</head>"


def write(site: Path) -> None:
    """Write the first page, and name the script in the page of each app. Raises `CannotBuild` for a page without a head."""
    shutil.copy(SOURCE / "index.html", site / "index.html")
    shutil.copy(SOURCE / SCRIPT, site / SCRIPT)
    for page in sorted(site.glob("*/index.html")):
        text = page.read_text("utf-8")
        if HEAD not in text:
            raise CannotBuild(
                f"{page.relative_to(site)} of JupyterLite's build has no {HEAD}: the banner has no place."
            )
        page.write_text(text.replace(HEAD, f'<script defer src="../{SCRIPT}"></script>{HEAD}', 1), "utf-8")
