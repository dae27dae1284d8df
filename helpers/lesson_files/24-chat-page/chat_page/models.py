"""The models that users may choose from: an allow-list, with names and prices out of OpenRouter's catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openai import AsyncOpenAI


@dataclass(frozen=True)
class Model:
    """`prompt`, `completion`: US dollars a token. `context`: tokens."""

    id: str
    name: str
    prompt: float
    completion: float
    context: int

    def costs_at_most(self, prompt_tokens: int, answer_tokens: int) -> float:
        """US dollars for an answer that becomes as long as it may."""
        return self.prompt * prompt_tokens + self.completion * answer_tokens

    def shown(self) -> dict[str, str]:
        """What the page's list says; prices for a million tokens."""
        return {"id": self.id, "label": f"{self.name}: ${self.prompt * 1e6:.2f} in, ${self.completion * 1e6:.2f} out"}


async def allowed_models(client: AsyncOpenAI, ids: Sequence[str]) -> dict[str, Model]:
    """The models of the list that the catalogue has, in the order of the list. The catalogue needs no key."""
    catalogue = {row.id: row for row in (await client.models.list()).data}
    return {id_: _model(catalogue[id_]) for id_ in ids if id_ in catalogue}


def _model(row: object) -> Model:
    """The SDK keeps OpenRouter's own fields (name, pricing, context_length) as extra attributes."""
    prices = row.pricing  # strings, so that no digit is lost
    return Model(row.id, row.name, float(prices["prompt"]), float(prices["completion"]), row.context_length or 8192)
