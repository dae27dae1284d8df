"""Write constraints.txt: the exact versions of this environment, for make, Binder and CI to install against."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HEAD = "# The exact versions that CI ran with. Written by `make lock`; make, Binder and CI install against it.\n"

frozen = subprocess.run(
    [sys.executable, "-m", "pip", "freeze", "--exclude-editable"], capture_output=True, text=True, check=True
).stdout
lines = [line for line in frozen.splitlines() if "==" in line and not line.startswith(("pip==", "setuptools=="))]
Path(__file__).resolve().parent.parent.joinpath("constraints.txt").write_text(HEAD + "\n".join(lines) + "\n")
print(len(lines), "versions written")
