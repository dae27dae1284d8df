"""How near two texts are by their words, for embeddings and rerank. No model reads them.

Words are compared by their stems, so that "copies" is near "copy"; words such as "the" hardly count. What means the same in
other words is not seen: that is what a real embedding model is for.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise

COMMON = frozenset(
    """
a about all also am an and any are as at be because been being both but by can could did do does doing for from
get had has have having he her here him his how i if in into is it its just like made make many may me might
more most much must my no nor not now of off on one only or other our out over own same she should so some such
than that the their them then there these they thing this those through to too under up us use used using very
was way we were what when where which while who whom why will with would you your s t re ve ll d m
""".split()  # noqa: SIM905
)
"""Words that say little alone."""
ENDINGS = ("ations", "ation", "ingly", "ments", "ment", "ness", "ions", "ion", "ings", "ing", "ers", "ies", "ied", "able", "ible",
           "edly", "est", "er", "ed", "es", "ly", "y", "s", "e")  # fmt: skip
"""What a stem is cut by, the longest first."""
COMMON_WEIGHT, PAIR_WEIGHT, PART_WEIGHT = 0.12, 0.5, 0.25
"""What a common word, two words in a row and three letters of a word count as beside a word's 1."""
PLACES = 12
"""Numbers of the vector that one word sets."""
ASKED, LEAD = 1000, 90
"""Features of a query that are looked at, and characters that a first line has at most."""
LEAD_WEIGHT, REPEATS = 0.5, 1.5
"""What the first line counts beside the whole text, and what a word counts at most."""


def stems(text: str) -> list[str]:
    """The words of a text, small and without their endings, in order."""
    return [_stem(word) for word in re.findall(r"[^\W_]+", text.lower())]


def _stem(word: str) -> str:
    if word in COMMON:
        return word
    ending = next((e for e in ENDINGS if word.endswith(e) and len(word) - len(e) >= 3), "")
    return word.removesuffix(ending)


def vector(text: str, size: int) -> list[float]:
    """`size` numbers of length 1: every word, pair and part of a word adds to a few places that its hash names."""
    values = [0.0] * size
    for feature, weight in _features(text).items():
        digest = hashlib.blake2b(feature.encode(), digest_size=3 * PLACES).digest()
        for n in range(0, 3 * PLACES, 3):
            values[int.from_bytes(digest[n : n + 2], "big") % size] += weight if digest[n + 2] % 2 else -weight
    return _of_length_one(values)


def shortened(values: Sequence[float], size: int) -> list[float]:
    """The first `size` numbers, of length 1 again, as models do that are trained for it (OpenAI, embeddings guide, 2024)."""
    return _of_length_one(values[:size])


def _features(text: str) -> dict[str, float]:
    words = stems(text)
    counted = Counter(words)
    found = {w: (COMMON_WEIGHT if w in COMMON else 1.0) * (1 + math.log(n)) for w, n in counted.items()}
    telling = [w for w in words if w not in COMMON]
    for first, second in pairwise(telling):
        found[f"{first} {second}"] = PAIR_WEIGHT
    for word in set(telling):
        for n in range(len(word) - 2) if len(word) > 4 else ():
            found[f"_{word[n : n + 3]}"] = found.get(f"_{word[n : n + 3]}", 0.0) + PART_WEIGHT
    return found


def _of_length_one(values: Sequence[float]) -> list[float]:
    length = math.sqrt(sum(v * v for v in values)) or 1.0
    return [round(v / length, 6) for v in values]


def relevance(query: str, texts: Sequence[str]) -> list[float]:
    """For each text a number from 0 to 1: how much of the query is in it, and once more in its first line."""
    asked = dict(list(_features(query).items())[:ASKED])
    return [round(score / (1 + score), 6) for score in (_shared(asked, text) for text in texts)]


def _shared(asked: Mapping[str, float], text: str) -> float:
    lead = text[:LEAD].partition("\n")[0]
    return _overlap(asked, _features(text)) + LEAD_WEIGHT * _overlap(asked, _features(lead))


def _overlap(asked: Mapping[str, float], found: Mapping[str, float]) -> float:
    """What both have, a repeat counted little; a long text is held back, as it has more of everything."""
    both = sum(weight * min(REPEATS, found[feature]) for feature, weight in asked.items() if feature in found)
    return both / math.sqrt(math.sqrt(sum(v * v for v in found.values()))) if both else 0.0
