"""Write constraints.txt and those of the outside environments: the exact versions for make, Binder and CI to install against."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from outside import ENVIRONMENTS, environment, versions_of
from outside import HEAD as OUTSIDE

HEAD = "# The exact versions that CI ran with. Written by `make lock`; make, Binder and CI install against it.\n"
ROOT = Path(__file__).resolve().parent.parent


def lock(python: Path, target: Path, head: str, left_out: tuple[str, ...]) -> None:
    """Write what is installed for this Python. `left_out`: packages that its own tools bring."""
    command = [str(python), "-m", "pip", "freeze", "--all", "--exclude-editable"]
    frozen = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    lines = [line for line in frozen.splitlines() if "==" in line and line.partition("==")[0] not in left_out]
    target.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")
    print(target.name, len(lines), "versions written")


if __name__ == "__main__":
    lock(Path(sys.executable), ROOT / "constraints.txt", HEAD, ("pip",))
    for name in ENVIRONMENTS:
        lock(environment(name), versions_of(name), OUTSIDE.format(name=name), ("pip", "setuptools"))
