"""POST /rerank: documents in the order of the words they share with the query. No model reads them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from .account import unread
from .envelope import base62
from .errors import Response, error, ok
from .keys import charge
from .words import pieces
from .world import World

MODELS = {"voyageai/rerank-2.5-lite": ("VoyageAI by MongoDB", "0.00000002")}
"""Provider and dollars per token, as a recorded answer of 2026-08 was billed."""


def rerank(request: Mapping[str, Any], world: World) -> Response:
    """Answer one request, in the shape of a recorded answer of 2026-08."""
    body = request.get("body")
    refused = unread(body, world)
    if refused:
        return refused
    model, query, documents = body.get("model"), body.get("query"), body.get("documents")
    if model not in list(MODELS):
        return error(400, f"Model {model} does not exist", user=False)
    texts = [d.get("text") if isinstance(d, Mapping) else d for d in documents] if isinstance(documents, list) else []
    if not isinstance(query, str) or not texts or not all(isinstance(t, str) for t in texts):
        return error(400, "Invalid request: rerank takes a query and a list of documents", user=False)
    provider, price = MODELS[model]
    scored = sorted(((-_shared(query, text), n) for n, text in enumerate(texts)))
    top = body.get("top_n") if isinstance(body.get("top_n"), int) else len(texts)
    results = [{"index": n, "relevance_score": -score, "document": {"text": texts[n]}} for score, n in scored[:top]]
    tokens = sum(len(pieces(t)) for t in [query, *texts])
    cost = float(tokens * Decimal(price))
    charge(request.get("key", ""), cost, world)
    digest = hashlib.sha256(repr([query, texts]).encode()).digest()
    usage = {"total_tokens": tokens, "cost": cost}
    identity = f"gen-rerank-{world.now}-{base62(digest, 20)}"
    return ok(
        {"model": model.split("/")[1], "results": results, "usage": usage, "provider": provider, "id": identity}, 140
    )


def _shared(query: str, text: str) -> float:
    """The share of the query's words that the text has."""
    asked, has = (set(re.findall(r"\w+", t.lower())) for t in (query, text))
    return round(len(asked & has) / len(asked), 6) if asked else 0.0
