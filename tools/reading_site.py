"""The reading site: `python tools/reading_site.py` builds it into build/site; with `serve` it shows it on loopback.

Not called site.py: Python has a module of that name, and imports it when it starts.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import tomllib
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

from compare import clean_environment
from course import ROOT, lessons
from outside import environment

WEB = ROOT / "web"
sys.path.insert(0, str(WEB))
from reading import stage, texts  # noqa: E402

SITE, SOURCES, LITE = ROOT / "build" / "site", ROOT / "build" / "site-sources", ROOT / "build" / "lite"
PORT = 8123


def address() -> str:
    """The repository's address, from the one place where it stands."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["urls"]["Repository"]


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


def serve(port: int = PORT) -> None:
    """Show the built site until it is interrupted."""
    if not SITE.is_dir():
        raise SystemExit("There is no site yet: run `make site`.")
    with ThreadingHTTPServer(("127.0.0.1", port), partial(SimpleHTTPRequestHandler, directory=SITE)) as server:
        print(f"http://127.0.0.1:{port}/ (stop with Ctrl+C)", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()


if __name__ == "__main__":
    serve() if "serve" in sys.argv[1:] else build()
