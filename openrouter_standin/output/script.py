"""The script: what is said to which prompt. Whoever uses the stand-in writes it; no model does."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatch, fnmatchcase
from pathlib import Path
from typing import Any

from ..tokens import last_user_text
from .scripted_sound import HeardLine, heard_line, sound_path
from .web_search import Page

UNSCRIPTED = (
    "No model wrote this.\n"
    "The offline stand-in answers with fixed words, because its script has none for this prompt. "
    "Everything around them (provider, tokens, cost, errors) follows the documented service."
)


@dataclass(frozen=True)
class Line:
    """What is said to one prompt.

    `prompt`: the last user message, word for word, or with `pattern` as a pattern such as "Order *: where is it?".
    `model`: a pattern such as "anthropic/*"; `provider`: one for the tag of the endpoint, such as "deepinfra*". `reasoning`:
    shown by models that reason. `after_tools`: said once a tool has answered `tool_said`, word for word; without
    `tool_said`, whatever it answered, and `{said}` in it is that. `tool`, `arguments`: the tool that is called first, where
    it is offered, and its arguments as JSON text; "none": no tool is called. `broken`: said also where JSON is asked for and
    this is none, as models do that cannot be held to a schema. `searches`: how often the model searches the web where it
    may; `not_found`: said instead when a page that `text` cites, as {https://…}, is not found. `sound`: the WAV file that it
    is spoken with; without `text` the prompt is what is said in it. `after_answer`: said only where the messages hold an
    answer of the model already.
    """

    prompt: str
    text: str
    model: str = "*"
    provider: str = "*"
    reasoning: str = ""
    after_tools: str = ""
    tool_said: str = ""
    tool: str = ""
    arguments: str = "{}"
    broken: bool = False
    pattern: bool = False
    searches: int = 1
    not_found: str = ""
    sound: Path | None = None
    after_answer: bool = False

    def fits(self, model: str, provider: str, asked: str) -> bool:
        """Whether this model says it to this prompt, served by the endpoint with this tag."""
        same = fnmatchcase(asked, self.prompt.strip()) if self.pattern else self.prompt.strip() == asked
        same = same and (self.provider == "*" or fnmatch(provider, self.provider))
        return same and fnmatch(model.removesuffix(":batch"), self.model)  # a batch gets the words of its model


class Script:
    """Lines in the order in which they are tried; the first that fits is said, else `unscripted`. `web`: the pages that a web
    search may find. `heard`: what is said in sounds that are sent."""

    def __init__(
        self,
        lines: Iterable[Line] = (),
        unscripted: str = UNSCRIPTED,
        web: Iterable[Page] = (),
        heard: Iterable[HeardLine] = (),
    ) -> None:
        self.lines = list(lines)
        self.unscripted = unscripted
        self.web = list(web)
        self.heard = list(heard)

    @classmethod
    def of(cls, words: Script | Mapping[str, str] | Path | str | None, unscripted: str = UNSCRIPTED) -> Script:
        """From a mapping of prompt to text, from a TOML file, or from a script, which stays as it is."""
        if isinstance(words, Script):
            return words
        if isinstance(words, Path | str):
            return cls.load(Path(words), unscripted)
        for prompt, text in (words or {}).items():
            if not (isinstance(prompt, str) and isinstance(text, str)):
                raise ValueError(f"a script maps texts to texts, not {prompt!r} to {text!r}")
        return cls([Line(prompt, text) for prompt, text in (words or {}).items()], unscripted)

    @classmethod
    def load(cls, path: Path, unscripted: str = UNSCRIPTED) -> Script:
        """From a TOML file with one `[[say]]` table for each line, and one `[[page]]` for each page of a small web, and one
        `[[hear]]` for each known sound. Raises `ValueError` with one sentence."""
        try:
            tables = tomllib.loads(path.read_text("utf-8"))
            pages = [Page(**{name: text.strip() for name, text in entry.items()}) for entry in tables.get("page", [])]
            heard = [heard_line(entry, path.parent) for entry in tables.get("hear", [])]
            return cls([_line(entry, path.parent) for entry in tables.get("say", [])], unscripted, pages, heard)
        except (ValueError, TypeError, AttributeError, KeyError) as problem:  # ValueError: no TOML, no text, no sound
            raise ValueError(f"{path} is not a script: {problem}") from None

    def __setitem__(self, prompt: str, text: str) -> None:
        """From now on this is said to this prompt, by every model."""
        self.lines.insert(0, Line(prompt, text))

    def line_for(self, model: str, messages: Sequence[Mapping[str, Any]], provider: str = "") -> Line:
        """The line for the last user message; where there is none, one with the unscripted answer. `provider`: the tag of
        the endpoint that serves."""
        return self._found(model, messages, provider) or Line(last_user_text(messages), self.unscripted)

    def has_line_for(self, model: str, messages: Sequence[Mapping[str, Any]], provider: str = "") -> bool:
        """Whether there is a line for the last user message."""
        return self._found(model, messages, provider) is not None

    def _found(self, model: str, messages: Sequence[Mapping[str, Any]], provider: str) -> Line | None:
        asked = last_user_text(messages)
        answered = any(message.get("role") == "assistant" for message in messages)
        fitting = (line for line in self.lines if line.fits(model, provider, asked))
        return next((line for line in fitting if answered or not line.after_answer), None)

    def sound_for(self, model: str, text: str) -> Path | None:
        """The file that this text is spoken with, or None."""
        return next((line.sound for line in self.lines if line.sound and line.fits(model, "", text.strip())), None)

    @property
    def notice(self) -> str:
        """The first line of the unscripted answer: that no model wrote it."""
        return self.unscripted.partition("\n")[0]


def _line(entry: Mapping[str, Any], folder: Path) -> Line:
    """One `[[say]]` table, without the line breaks around its texts. `folder`: where the script is."""
    if "sound" in entry:
        path = sound_path(entry["sound"], folder)
        rest = {name: value for name, value in entry.items() if name != "sound"}
        return replace(_line({"text": entry["prompt"], **rest}, folder), sound=path)
    plain = ("prompt", "broken", "pattern", "searches", "after_answer")
    texts = {name: text for name, text in entry.items() if name not in plain}
    others = {name: entry[name] for name in plain if name in entry}
    return Line(**others, **{name: text.strip() for name, text in texts.items()})
