"""The browser edition: `python tools/lite.py build`, `serve` (with a port), `lock` (the wheels anew)."""

from __future__ import annotations

import sys


def main(arguments: list[str]) -> None:
    """Do what the first argument names. Raises `SystemExit` with one sentence for any other."""
    what, *more = arguments or [""]
    if what == "build":
        from browser_edition import site

        site.build()
    elif what == "serve":
        import static_server
        from browser_edition.places import SITE

        static_server.show(SITE, more)
    elif what == "lock":
        from browser_edition import resolve

        resolve.main()
    else:
        raise SystemExit("Say what to do: python tools/lite.py build, serve or lock.")


if __name__ == "__main__":
    main(sys.argv[1:])
