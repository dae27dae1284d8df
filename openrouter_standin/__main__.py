"""`openrouter-standin --port 8080`: the offline OpenRouter over HTTP on this machine."""

from __future__ import annotations

import argparse
import contextlib
import json
import math
import sys
from functools import partial
from pathlib import Path

from . import FACTS_DATE
from .names import LOOPBACK
from .output.script import Script
from .server import Server
from .state import State
from .words.local_model import LocalModel


def main() -> None:
    """Read the options and serve until interrupted. What cannot be done ends in one sentence and status 2."""
    about = f"An unofficial offline OpenRouter: no model behind it, facts gathered up to {FACTS_DATE}."
    parser = argparse.ArgumentParser(prog="openrouter-standin", description=about)
    parser.add_argument("--port", type=_port, default=8080, help="0 picks a free one")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument(
        "--speed",
        type=partial(_number, takes="0 (no waiting) or a positive number"),
        default=1.0,
        help="1: nominal pace, 2: twice as fast, 0: no waiting",
    )
    parser.add_argument(
        "--latency",
        type=partial(_number, takes="seconds, 0 or more"),
        help="seconds until each whole answer, in place of its own pace",
    )
    parser.add_argument("--script", type=Path, help="a TOML file: what is said to which prompt")
    parser.add_argument(
        "--history", type=Path, help="a JSON file: a list of earlier usage, for /activity and /analytics"
    )
    parser.add_argument("--words", help="a server on this machine whose model writes what the script has no line for")
    parser.add_argument("--words-model", default="", help="which of its models; else the first")
    parser.add_argument("--anywhere", action="store_true", help="allow a --host beyond this machine")
    options = parser.parse_args()
    if options.host not in LOOPBACK and not options.anywhere:
        parser.error(f"--host {options.host} can be reached from other machines; add --anywhere if you mean it")
    try:
        script = Script.of(options.script)
        history = json.loads(options.history.read_text("utf-8")) if options.history else ()
        local = LocalModel(options.words, options.words_model) if options.words else None
        state = State(script=script, history=history, local_model=local)
        server = Server(options.port, options.host, options.speed, latency=options.latency, state=state, log=_print)
    except FileNotFoundError as missing:
        option = "history" if missing.filename == str(options.history) else "script"
        parser.error(f"--{option}: there is no file {getattr(options, option)}")
    except ValueError as problem:
        parser.error(str(problem))
    except OSError as problem:
        parser.error(f"cannot listen on {options.host} port {options.port}: {problem.strerror or problem}")
    with server:
        behind = f"words by a model at {local.url}" if local else "no model behind it"
        _print(f"Unofficial stand-in of OpenRouter, {behind}: {server.url}")
        try:
            server.serve_forever(0.1)
        except KeyboardInterrupt:
            _print("stopped")


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"takes a whole number from 0 to 65535, not {text!r}")
    return int(text)


def _number(text: str, takes: str) -> float:
    """A number of 0 or more. `takes`: what the option takes, in words."""
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not (math.isfinite(number) and number >= 0):
        raise argparse.ArgumentTypeError(f"takes {takes}, not {text!r}")
    return number


def _print(line: str) -> None:
    with contextlib.suppress(OSError, ValueError):  # nobody reads it any more
        print(line.encode(sys.stdout.encoding or "ascii", "replace").decode(sys.stdout.encoding or "ascii"), flush=True)


if __name__ == "__main__":
    main()
