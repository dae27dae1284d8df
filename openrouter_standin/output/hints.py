"""What a prompt offers for the values of a form."""

from __future__ import annotations

import re


class Hints:
    """What a prompt offers for the values: numbers, quoted words, and names (capitalised words inside a sentence)."""

    def __init__(self, prompt: str = "") -> None:
        self.quoted = re.findall(r"[\"“']([^\"”']{1,60})[\"”']", prompt)
        self.words = frozenset(self.quoted)
        self.names = re.findall(r"(?<=[a-z,\d] )[A-Z][\w-]+(?: [A-Z][\w-]+)*(?:, [A-Z][\w-]+)*", prompt)
        self.named = [name for text in self.names for name in text.split(", ")]
        found = re.findall(r"(?<![\w.-])-?\d{1,12}(?:\.\d{1,6})?(?![\w.]\d|\w)", prompt)
        self.values = [float(n) if "." in n else int(n) for n in found]
        self._texts, self._numbers = iter([*self.quoted, *self.names]), iter(self.values)

    def text(self) -> str | None:
        """The next quoted word or name."""
        return next(self._texts, None)

    def number(self) -> float | None:
        """The next number."""
        return next(self._numbers, None)
