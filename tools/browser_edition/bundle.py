"""Puts the packages of the lessons into one file, which web/lite/python.mjs unpacks: 57 wheels took 3 s more of each start."""

from __future__ import annotations

import gzip
import json
import zipfile
from pathlib import Path

from .package_lock import Wheel
from .places import versions

BUNDLE = "packages.gz"


def replace(wheels: list[Wheel], folder: Path) -> None:
    """Write the files of these wheels into the bundle of this folder, and delete the wheels.

    The bundle is compressed as a whole: the length of a list in 4 bytes, little-endian; the list, JSON, of `[path, size]`;
    the files one after another.
    """
    packages = f"/lib/python{versions()['pyodide']['python']}/site-packages/"
    index, content = [], bytearray()
    for wheel in wheels:
        for name, data in _files(wheel.path):
            index.append([packages + name, len(data)])
            content += data
        wheel.path.unlink()
    head = json.dumps(index).encode()
    whole = len(head).to_bytes(4, "little") + head + content
    (folder / BUNDLE).write_bytes(gzip.compress(whole, 9, mtime=0))


def _files(wheel: Path) -> list[tuple[str, bytes]]:
    """The files that Python reads; `.data` holds pages of a manual and scripts for a Jupyter server."""
    with zipfile.ZipFile(wheel) as packed:
        names = [name for name in packed.namelist() if not name.endswith("/")]
        names = [name for name in names if not name.split("/")[0].endswith(".data")]
        return [(name, packed.read(name)) for name in names]
