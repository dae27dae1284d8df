"""What a checker gives back: right, or not yet and what to look at next."""

from __future__ import annotations


class Verdict:
    """One sentence about an answer. Truthy when the answer does the job."""

    def __init__(self, right: bool, sentence: str) -> None:
        self.right = right
        self.sentence = sentence

    def __bool__(self) -> bool:
        return self.right

    def __repr__(self) -> str:
        return f"{'Right' if self.right else 'Not yet'}: {self.sentence}"


def right(sentence: str) -> Verdict:
    """The answer does the job."""
    return Verdict(True, sentence)


def not_yet(sentence: str) -> Verdict:
    """The answer does not do the job yet; the sentence says what would happen and where to look."""
    return Verdict(False, sentence)


def is_number(value: object) -> bool:
    """A number that can be compared; `True` is none."""
    return isinstance(value, int | float) and not isinstance(value, bool) and value == value


__all__ = ["Verdict", "is_number", "not_yet", "right"]
