"""The reading site: `python tools/reading_site.py` builds it into build/site; with `serve` it shows it on loopback.

Not called site.py: Python has a module of that name, and imports it when it starts.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time

import static_server
from compare import clean_environment
from course import ROOT, address, lessons
from outside import environment

WEB = ROOT / "web"
sys.path.insert(0, str(WEB))
from reading import stage, texts  # noqa: E402

SITE, SOURCES, LITE = ROOT / "build" / "site", ROOT / "build" / "site-sources", ROOT / "build" / "lite"


def build() -> None:
    """Build everything anew. Raises `SystemExit` when Sphinx warns: a warning is a link or a page that does not work."""
    began = time.monotonic()
    with_browser_edition = LITE.is_dir()
    stage.stage(SOURCES, address(), with_browser_edition)
    shutil.rmtree(SITE, ignore_errors=True)
    sphinx()
    texts.write(SITE, address())
    for lesson in lessons():
        shutil.copy(lesson.notebook, SITE / "notebooks")
    if with_browser_edition:
        shutil.copytree(LITE, SITE / "lite")
    size = sum(path.stat().st_size for path in SITE.rglob("*") if path.is_file())
    print(f"{SITE.relative_to(ROOT)}: {size / 1e6:.1f} MB in {time.monotonic() - began:.0f} s")


def sphinx() -> None:
    """Let Sphinx write the pages, in an environment of its own."""
    command = [
        str(environment("site")),
        "-m",
        "sphinx",
        "-q",
        "-W",
        "--keep-going",
        "-j",
        str(min(4, os.cpu_count() or 1)),
    ]
    folders = ["-c", str(WEB / "reading"), "-d", str(SOURCES.with_name("site-doctrees")), str(SOURCES), str(SITE)]
    done = subprocess.run([*command, *folders], env=clean_environment(PYTHONPATH=str(WEB)), check=False)
    if done.returncode:
        raise SystemExit("Sphinx warned: mend what the lines above name.")


if __name__ == "__main__":
    what, *more = sys.argv[1:] or ["build"]
    static_server.show(SITE, more) if what == "serve" else build()
