"""POST /rerank: documents in the order in which their words fit the query. No model reads them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from ..errors import Response, bad_request, not_json, ok, refusal
from ..http_request import HttpRequest
from ..ids import digest_of, generation_id
from ..output.similarity import relevance
from ..state import State
from ..tokens import count_of
from .credit_check import pay

MODELS = {"voyageai/rerank-2.5-lite": ("VoyageAI by MongoDB", "0.00000002")}
"""Provider and dollars per token, as a recorded answer of 2026-08 was billed."""


def rerank_documents(http: HttpRequest, state: State) -> Response:
    """Answer one request, in the shape of a recorded answer of 2026-08."""
    faults = state.meet(http.faults)
    body = http.body
    if not isinstance(body, Mapping):
        raise not_json(user=False)
    model, query, documents = body.get("model"), body.get("query"), body.get("documents")
    if model not in list(MODELS):
        raise refusal(400, f"Model {model} does not exist", user=False)
    texts = [d.get("text") if isinstance(d, Mapping) else d for d in documents] if isinstance(documents, list) else []
    if not isinstance(query, str) or not texts or not all(isinstance(t, str) for t in texts):
        raise bad_request("rerank takes a query and a list of documents")
    provider, price = MODELS[model]
    scored = sorted((-score, n) for n, score in enumerate(relevance(query, texts)))
    top = body.get("top_n", len(texts))
    if not isinstance(top, int) or isinstance(top, bool) or top < 1:
        raise bad_request("top_n takes a whole number of at least 1")
    results = [{"index": n, "relevance_score": -score, "document": {"text": texts[n]}} for score, n in scored[:top]]
    tokens = sum(count_of(t) for t in [query, *texts])
    cost = float(tokens * Decimal(price))
    usage = {"total_tokens": tokens, "cost": cost}
    pay(http, state, faults, model, provider, usage)
    identity = generation_id(state.now, digest_of(repr([query, texts])), "rerank-")
    return ok(
        {"model": model.split("/")[1], "results": results, "usage": usage, "provider": provider, "id": identity}, 140
    )
