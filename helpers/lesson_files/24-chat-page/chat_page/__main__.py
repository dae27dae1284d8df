"""`python -m chat_page [--port 8000] [--users-pay]`: serve the page until Ctrl+C."""

from __future__ import annotations

import argparse
import sys
import threading

from . import PortInUse, serve


def main() -> None:
    """Serve until somebody presses Ctrl+C."""
    parser = argparse.ArgumentParser(prog="chat_page", description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--users-pay", action="store_true", help="users connect their own OpenRouter account")
    options = parser.parse_args()
    try:
        with serve(options.port, users_pay=options.users_pay) as address:
            print(f"The chat is at {address}. Ctrl+C ends it.")
            threading.Event().wait()
    except KeyboardInterrupt:
        print("The chat has ended.")
    except (PortInUse, ValueError) as problem:
        sys.exit(str(problem))


if __name__ == "__main__":
    main()
