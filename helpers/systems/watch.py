"""Run a command, and end it when whoever started this process is gone: `python watch.py COMMAND …`, with a pipe as stdin.

A kernel may be killed, and what it started would run on. The pipe closes in any case.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading


def main(command: list[str]) -> int:
    """The exit status of the command."""
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL)

    def end_with_the_pipe() -> None:
        while os.read(0, 4096):  # not sys.stdin: its lock would be held when this process ends by itself
            pass
        child.terminate()
        try:
            child.wait(10)
        except subprocess.TimeoutExpired:
            child.kill()

    threading.Thread(target=end_with_the_pipe, daemon=True).start()
    return child.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
