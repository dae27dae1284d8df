"""Numbers that Python's JSON takes and JSON does not have: refused where a text is read."""

from __future__ import annotations

import math
from typing import NoReturn


def refuse_constant(constant: str) -> NoReturn:
    """NaN, Infinity and -Infinity: `json.loads(text, parse_constant=refuse_constant)`."""
    raise ValueError(f"{constant} is not JSON")


def finite(text: str) -> float:
    """A number, unless it is too large for a float: `json.loads(text, parse_float=finite)`."""
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text[:20]} is too large")
    return value
