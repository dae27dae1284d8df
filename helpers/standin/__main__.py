"""`python -m helpers.standin --port 8080`: the offline OpenRouter over HTTP on this machine."""

from __future__ import annotations

import argparse

from .server import LOOPBACK, Server


def main() -> None:
    """Read the options and serve until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m helpers.standin", description=__doc__)
    parser.add_argument("--port", type=int, default=8080, help="0 picks a free one")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--speed", type=float, default=1.0, help="1: nominal pace, 2: twice as fast, 0: no waiting")
    parser.add_argument("--anywhere", action="store_true", help="allow a --host beyond this machine")
    options = parser.parse_args()
    if options.host not in LOOPBACK and not options.anywhere:
        parser.error(f"--host {options.host} can be reached from other machines; add --anywhere if you mean it")
    with Server(options.port, options.host, options.speed) as server:
        print(f"stand-in of OpenRouter, no model behind it: {server.url}", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print("stopped")


if __name__ == "__main__":
    main()
