"""POST /rerank: documents in the order of the words they share with the query. No model reads them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from ..errors import Response, invalid, not_json, ok, refusal
from ..http_request import HttpRequest
from ..ids import digest_of, generation_id
from ..state import State
from ..tokens import count_of

MODELS = {"voyageai/rerank-2.5-lite": ("VoyageAI by MongoDB", "0.00000002")}
"""Provider and dollars per token, as a recorded answer of 2026-08 was billed."""


def rerank_documents(http: HttpRequest, state: State) -> Response:
    """Answer one request, in the shape of a recorded answer of 2026-08."""
    http.faults.for_next_request().refuse()
    body = http.body
    if not isinstance(body, Mapping):
        raise not_json(user=False)
    model, query, documents = body.get("model"), body.get("query"), body.get("documents")
    if model not in list(MODELS):
        raise refusal(400, f"Model {model} does not exist", user=False)
    texts = [d.get("text") if isinstance(d, Mapping) else d for d in documents] if isinstance(documents, list) else []
    if not isinstance(query, str) or not texts or not all(isinstance(t, str) for t in texts):
        raise invalid("rerank takes a query and a list of documents", user=False)
    provider, price = MODELS[model]
    scored = sorted(((-_shared(query, text), n) for n, text in enumerate(texts)))
    top = body.get("top_n") if isinstance(body.get("top_n"), int) else len(texts)
    results = [{"index": n, "relevance_score": -score, "document": {"text": texts[n]}} for score, n in scored[:top]]
    tokens = sum(count_of(t) for t in [query, *texts])
    cost = float(tokens * Decimal(price))
    state.charge(http.key, cost)
    usage = {"total_tokens": tokens, "cost": cost}
    identity = generation_id(state.now, digest_of(repr([query, texts])), "rerank-")
    return ok(
        {"model": model.split("/")[1], "results": results, "usage": usage, "provider": provider, "id": identity}, 140
    )


def _shared(query: str, text: str) -> float:
    """The share of the query's words that the text has."""
    asked, has = (set(re.findall(r"\w+", t.lower())) for t in (query, text))
    return round(len(asked & has) / len(asked), 6) if asked else 0.0
