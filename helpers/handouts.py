"""Keys on their way to the participants of a class: a file for each, and a page to print. Nothing of them is ever shown.

A key is seen once, when it is made. So it is written at once, whole or not at all, and a file says which key it holds.
"""

from __future__ import annotations

import html
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from .replay.layout import UNFINISHED, file_name, write_whole
from .settings import KEY

NAME, HASH = "OPENROUTER_KEY_NAME", "OPENROUTER_KEY_HASH"
MINE_ALONE = 0o600
PAGE, IGNORED = "print.html", ".gitignore"
STYLE = """
  body { font: 11pt/1.4 system-ui, sans-serif; margin: 1cm }
  main { display: grid; grid-template-columns: 1fr 1fr }
  section { border: 1px dashed #888; padding: .5cm; break-inside: avoid }
  h2 { margin: 0 0 .2cm; font-size: 14pt }
  svg { float: right; margin-left: .4cm }
  code { overflow-wrap: anywhere }
"""


class Handout:
    """One participant's key. `hash`: what OpenRouter calls the key from then on. `key` is no field: no table shows it."""

    def __init__(self, name: str, digest: str, key: str, path: Path) -> None:
        self.name, self.hash, self.path = name, digest, path
        self._key = key

    @property
    def key(self) -> str:
        """The key itself."""
        return self._key

    def __repr__(self) -> str:
        return f"Handout({self.name!r}, hash={self.hash!r})"


class Handouts:
    """The files of a class in one folder that Git passes over and other users cannot read. It is made by the first `put`."""

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)

    def __repr__(self) -> str:
        return f"{len(list(self))} handouts in {self.folder.name}"

    def __iter__(self) -> Iterator[Handout]:
        """The handouts, by name. A file that is no handout is passed over."""
        read = (_read(path) for path in self.folder.glob("*.env"))
        yield from sorted((handout for handout in read if handout), key=lambda handout: handout.name)

    def __getitem__(self, name: str) -> Handout:
        """Raises `KeyError` with one sentence for a name without a handout."""
        for handout in self:
            if handout.name == name:
                return handout
        raise KeyError(f"There is no handout for {name!r} in {self.folder.name}.")

    def put(self, name: str, made: Mapping[str, Any]) -> None:
        """Write one file. `name`: the participant's. `made`: the whole answer to `POST /keys`."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder.joinpath(IGNORED).write_text("*\n", "utf-8")
        lines = {NAME: name, HASH: made["data"]["hash"], KEY: made["key"]}
        text = "".join(f"{key}={json.dumps(value, ensure_ascii=False)}\n" for key, value in lines.items())
        write_whole(self._path(name), text, MINE_ALONE)

    def drop(self, name: str) -> None:
        """Delete the file of a key that does not work any more. Without one, nothing happens."""
        for handout in self:
            if handout.name == name:
                handout.path.unlink()

    def print_page(self, title: str, rules: str) -> Path:
        """Write a page with a card for each participant, to print and cut: the key as a QR code and as text. Delete it when
        it is printed. `title`, `rules`: what every card says. Returns its path."""
        cards = "".join(_card(handout, rules) for handout in self)
        page = self.folder / PAGE
        text = (
            f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{html.escape(title)}</title>'
            f"<style>{STYLE}</style><h1>{html.escape(title)}</h1><main>{cards}</main></html>\n"
        )
        write_whole(page, text, MINE_ALONE)
        return page

    def clear(self) -> None:
        """Delete every handout, the page to print, what a killed `put` left, and the folder; say what else lies in it."""
        for path in [*(handout.path for handout in self), self.folder / PAGE, *self.folder.glob(f"*{UNFINISHED}")]:
            path.unlink(missing_ok=True)
        rest = [path.name for path in self.folder.glob("*") if path.name != IGNORED]
        if rest:
            print(f"Still in {self.folder.name}: {', '.join(sorted(rest))}.")
        elif self.folder.exists():
            self.folder.joinpath(IGNORED).unlink(missing_ok=True)
            self.folder.rmdir()

    def _path(self, name: str) -> Path:
        """A file name without signs; of two names that would share it, the second gets a number."""
        plain = file_name(name) or "participant"
        number = 1
        while True:
            path = self.folder / (f"{plain}.env" if number == 1 else f"{plain}-{number}.env")
            there = _read(path)
            if there is None or there.name == name:
                return path
            number += 1


def _read(path: Path) -> Handout | None:
    from dotenv import dotenv_values

    values = dotenv_values(path, interpolate=False) if path.exists() else {}
    name, digest, key = values.get(NAME), values.get(HASH), values.get(KEY)
    return Handout(name, digest, key, path) if name and digest and key else None


def _card(handout: Handout, rules: str) -> str:
    import segno

    picture = segno.make(handout.key, error="m").svg_inline(scale=3, border=2)
    return (
        f"<section>{picture}<h2>{html.escape(handout.name)}</h2><p>{html.escape(rules)}</p>"
        f"<p>Write into the file <code>.env</code>, or scan:</p><p><code>{KEY}={html.escape(handout.key)}</code></p></section>"
    )
