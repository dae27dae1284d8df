"""Write the repository's address (pyproject.toml) into every launch link and set-up cell. `--check` only compares."""

from __future__ import annotations

import json
import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_SETUP = """\
# Set-up: on Colab this installs the course; elsewhere it only checks that this kernel can see it.
import importlib.util
import sys

if "google.colab" in sys.modules:
    %pip install -q "{course} @ git+{address}"
elif importlib.util.find_spec("helpers") is None:
    raise ModuleNotFoundError("This kernel cannot see the course: run `make lab` in its folder, or pick its .venv.")"""
COLAB = "https://colab.research.google.com/github/{repo}/blob/main/notebooks/{name}"
BINDER = "https://mybinder.org/v2/gh/{repo}/main?urlpath=lab/tree/notebooks/{name}"


def address() -> str:
    """The repository's address, from the one place where it stands."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["urls"]["Repository"]


def setup(name: str) -> str:
    """The set-up cell of a notebook. From 30 on, the ecosystem, a lesson also needs the frameworks."""
    course = "openrouter-cookbook[ecosystem]" if name >= "30" else "openrouter-cookbook"
    return _SETUP.format(course=course, address=address())


def links(text: str, name: str) -> str:
    """The text with its Colab and Binder links pointing at this repository and this notebook."""
    repo = address().removeprefix("https://github.com/")
    text = re.sub(
        r"\(https://colab\.research\.google\.com/github/[^)]*?/notebooks/([^)]*)\)",
        lambda m: f"({COLAB.format(repo=repo, name=name or m[1])})",
        text,
    )
    return re.sub(
        r"\(https://mybinder\.org/v2/gh/[^)]*?/notebooks/([^)]*)\)",
        lambda m: f"({BINDER.format(repo=repo, name=name or m[1])})",
        text,
    )


def notebook(path: Path) -> str:
    """The notebook's text with its links and its set-up cell written anew."""
    content = json.loads(path.read_text("utf-8"))
    for cell in content["cells"]:
        source = "".join(cell["source"])
        if "setup" in cell["metadata"].get("tags", []):
            source = setup(path.name)
        elif cell["cell_type"] == "markdown":
            source = links(source, path.name)
        cell["source"] = source.splitlines(keepends=True)
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def main(check: bool) -> int:
    """Write (or compare) every notebook and the README. Returns the number of files that differ."""
    wanted = {path: notebook(path) for path in sorted((ROOT / "notebooks").glob("*.ipynb"))}
    readme = ROOT / "README.md"
    wanted[readme] = links(readme.read_text("utf-8"), "")
    stale = [path for path, text in wanted.items() if path.read_text("utf-8") != text]
    for path in stale:
        print(path.relative_to(ROOT), "differs" if check else "written")
        if not check:
            path.write_text(wanted[path], encoding="utf-8", newline="\n")
    return len(stale) if check else 0


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv))
