"""A class without Wi-Fi: `python tools/room.py make` writes build/room, `serve` (with a port, and an address of this machine)
shows it to the room."""

from __future__ import annotations

import sys


def main(arguments: list[str]) -> None:
    """Do what the first argument names. Raises `SystemExit` with one sentence for any other."""
    what, *more = arguments or [""]
    if what == "make":
        from classroom import folder

        folder.make()
    elif what == "serve":
        import static_server
        from classroom.folder import ROOM

        static_server.show(ROOM, more)
    else:
        raise SystemExit("Say what to do: python tools/room.py make, or serve.")


if __name__ == "__main__":
    main(sys.argv[1:])
