"""Run a snippet as a plain script against a lesson's recording: `python run_snippet.py LESSON FILE`.

The replay is started from outside, so the file is exactly what a reader would paste.
"""

import contextlib
import os
import runpy
import sys
from pathlib import Path

import helpers

if "COOKBOOK_GUARD_LOG" in os.environ:
    assert sys.modules["sitecustomize"].LOG, "the socket guard is not loaded"

helpers.start(sys.argv[1])
with contextlib.suppress(FileNotFoundError):
    os.chdir(helpers.files())  # a reader has a picture of their own there, or the program that the snippet imports
    sys.path.insert(0, str(Path.cwd()))
sys.argv = sys.argv[2:]
runpy.run_path(sys.argv[0], run_name="__main__")
helpers.stop()
