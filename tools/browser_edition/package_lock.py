"""Says to Pyodide what is in each wheel: version, hash, names to import, dependencies. Pyodide's own list points to a CDN."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Collection
from dataclasses import dataclass
from email.message import Message
from email.parser import HeaderParser
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from .places import CannotBuild, versions


@dataclass(frozen=True)
class Wheel:
    """One wheel with what its metadata says."""

    path: Path
    version: str
    imports: list[str]
    requires: list[Requirement]

    @property
    def name(self) -> str:
        return canonicalize_name(self.path.name.split("-")[0])


def read(path: Path) -> Wheel:
    """A wheel from its file."""
    with zipfile.ZipFile(path) as packed:
        names = packed.namelist()
        text = packed.read(next(n for n in names if n.endswith(".dist-info/METADATA"))).decode("utf-8")
    about: Message = HeaderParser().parsestr(text)
    requires = [Requirement(line) for line in about.get_all("Requires-Dist") or []]
    return Wheel(path, path.name.split("-")[1], _imports(names), requires)


def _imports(names: list[str]) -> list[str]:
    """The modules and packages at the top of a wheel."""
    tops = {name.split("/")[0] for name in names}
    return sorted({top.removesuffix(".py") for top in tops if not top.endswith((".dist-info", ".data"))})


def dependencies(wheel: Wheel) -> set[str]:
    """What a wheel needs in a browser, without what the browser edition leaves out."""
    python = versions()["pyodide"]["python"]
    browser = {
        "extra": "",
        "implementation_name": "cpython",
        "os_name": "posix",
        "platform_machine": "wasm32",
        "platform_python_implementation": "CPython",
        "platform_system": "Emscripten",
        "python_full_version": f"{python}.0",
        "python_version": python,
        "sys_platform": "emscripten",
    }
    needed = {canonicalize_name(r.name) for r in wheel.requires if not r.marker or r.marker.evaluate(browser)}
    return needed - set(versions()["wheels"]["left_out"])


def packages(wheels: list[Wheel], bundled: Collection[str] = ()) -> dict[str, Any]:
    """The packages of the lock. `bundled`: names that Python has already. Raises `CannotBuild` with the name of a dependency
    that no wheel fulfils."""
    there = {wheel.name: wheel for wheel in wheels}
    made = {}
    for name, wheel in sorted(there.items()):
        needed = dependencies(wheel) - set(bundled)
        if missing := sorted(needed - set(there)):
            raise CannotBuild(
                f"{name} needs {', '.join(missing)}, of which there is no wheel: run `python tools/lite.py lock`."
            )
        made[name] = {
            "name": name,
            "version": wheel.version,
            "file_name": wheel.path.name,
            "install_dir": "site",
            "sha256": hashlib.sha256(wheel.path.read_bytes()).hexdigest(),
            "package_type": "package",
            "imports": wheel.imports,
            "depends": sorted(needed),
            "unvendored_tests": False,
        }
    return made


def write(lock: Path, wheels: list[Wheel], bundled: Collection[str] = ()) -> None:
    """Write these packages into Pyodide's lock in place of the 357 of the CDN."""
    content = json.loads(lock.read_text("utf-8"))
    lock.write_text(json.dumps({**content, "packages": packages(wheels, bundled)}), "utf-8")


def empty_wheel(name: str, folder: Path) -> Path:
    """A wheel of this name whose import fails: the package is installed, and whoever can do without it does."""
    path = folder / f"{name}-0.0.0-py3-none-any.whl"
    about = f"{name}-0.0.0.dist-info"
    files = {
        f"{name}.py": "raise ImportError('left out of the browser edition')\n",
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 0.0.0\n",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nGenerator: browser edition\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{about}/RECORD": "",
    }
    with zipfile.ZipFile(path, "w") as packed:
        for inside, text in files.items():
            packed.writestr(zipfile.ZipInfo(inside), text)  # a fixed date: the same bytes in every build
    return path
