"""What a request may cost at most, before it is sent: by its length, the tokens that it allows, and the dated catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from .. import catalogue

CHARACTERS_A_TOKEN = 2
"""Fewer than in nearly all texts, so that the prompt is estimated too long rather than too short."""
LIMITS = ("max_tokens", "max_completion_tokens", "max_output_tokens")


def worst_case(body: Any) -> float:
    """US dollars, at the dearest of its models. Without a limit the answer may be as long as the model can make it, as in
    OpenRouter's own credit check (docs, limits, 2026-08). 0 for a model that is not listed."""
    if not isinstance(body, Mapping):
        return 0.0
    if isinstance(body.get("requests"), list):
        return sum(worst_case(_line(line, body.get("model"))) for line in body["requests"])
    models = [body.get("model"), *(body.get("models") if isinstance(body.get("models"), list) else [])]
    rows = [row for model in models if isinstance(model, str) and (row := catalogue.find(model))]
    return max((_price(row, body) for row in rows), default=0.0)


def _line(line: Any, model: Any) -> Any:
    """A line of a batch, with its model. The price of the `:batch` entry may be lower: this is the most."""
    own = line.get("body") if isinstance(line, Mapping) else None
    return {"model": model, **own} if isinstance(own, Mapping) else None


def _price(row: Mapping[str, Any], body: Mapping[str, Any]) -> float:
    limit = next((body[name] for name in LIMITS if isinstance(body.get(name), int)), None)
    longest = limit or row["top_provider"]["max_completion_tokens"] or 4096
    prices = [max(Decimal(row["pricing"].get(kind) or 0), Decimal(0)) for kind in ("prompt", "completion", "request")]
    choices = body["n"] if isinstance(body.get("n"), int) and body["n"] > 1 else 1
    return float(prices[0] * (len(str(body)) // CHARACTERS_A_TOKEN) + prices[1] * longest * choices + prices[2])
