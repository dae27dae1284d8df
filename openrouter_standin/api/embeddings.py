"""POST /embeddings: vectors in which texts that share words are near each other. No model makes them."""

from __future__ import annotations

import base64
import struct
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from .. import catalogue
from ..errors import Response, bad_request, not_json, ok, refusal
from ..http_request import HttpRequest
from ..ids import digest_of, generation_id
from ..output.similarity import shortened, vector
from ..state import State
from ..tokens import count_of
from .credit_check import pay

MOST = 2048
"""Texts in one request at most, as at OpenAI (API reference, embeddings)."""


def create_embeddings(http: HttpRequest, state: State) -> Response:
    """Answer one request."""
    faults = state.meet(http.faults)
    body = http.body
    if not isinstance(body, Mapping):
        raise not_json(user=False)
    _check(body)
    row, given, form = (
        catalogue.embedding_models()[body["model"]],
        body["input"],
        body.get("encoding_format") or "float",
    )
    texts = _texts(given)
    tokens = sum(count_of(text) for text in texts)
    cost = float(tokens * Decimal(row["price"]))
    usage, provider = _usage(tokens, cost), row["providers"][0]
    pay(http, state, faults, row["id"], provider, usage)
    vectors = [
        {
            "object": "embedding",
            "embedding": _written(_vector(text, row["dimensions"], body.get("dimensions")), form),
            "index": n,
        }
        for n, text in enumerate(texts)
    ]
    made = {"object": "list", "data": vectors, "model": row.get("answers_as", row["id"]), "usage": usage}
    return ok({**made, "provider": provider, "id": generation_id(state.now, digest_of(repr(texts)), "emb-")}, 180)


def _check(body: Mapping[str, Any]) -> None:
    """Raise `ApiError` for a request of a wrong form."""
    model, given = body.get("model"), body.get("input")
    row = catalogue.embedding_models().get(model) if isinstance(model, str) else None
    if row is None:
        raise refusal(400, f"Model {model} does not exist", user=False)
    most, size = row["dimensions"], body.get("dimensions") or row["dimensions"]
    if (body.get("encoding_format") or "float") not in ("float", "base64"):
        raise bad_request("encoding_format takes float or base64")
    texts = _texts(given)
    if not texts or not all(isinstance(t, str) for t in texts):
        raise bad_request("input takes a text, a list of texts, or lists of token numbers")
    if len(texts) > MOST:
        raise bad_request(f"input takes at most {MOST} texts")
    longest = max(map(count_of, texts))
    if longest > row["context_length"]:
        text = f"a text of about {longest} tokens is longer than the model's {row['context_length']}"
        raise bad_request(f"input: {text}")
    if not isinstance(size, int) or isinstance(size, bool) or not 1 <= size <= most:
        raise bad_request(f"dimensions takes a whole number from 1 to {most}")


def _texts(given: Any) -> list[Any]:
    """The inputs, each as a text; token numbers count as words."""
    if not isinstance(given, list):
        return [given]
    if given and all(_is_token(v) for v in given):
        return [" ".join(map(str, given))]
    lists = [v for v in given if isinstance(v, list) and v and all(_is_token(n) for n in v)]
    return [" ".join(map(str, v)) for v in lists] if lists and len(lists) == len(given) else given


def _is_token(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**7


def _usage(tokens: int, cost: float) -> dict[str, Any]:
    detail = {
        "upstream_inference_cost": cost,
        "upstream_inference_prompt_cost": cost,
        "upstream_inference_completions_cost": 0,
    }
    return {"prompt_tokens": tokens, "total_tokens": tokens, "cost": cost, "is_byok": False, "cost_details": detail}


def _written(vector: list[float], form: str) -> list[float] | str:
    """The numbers, or base64 of them as 32-bit floats, little end first (what the OpenAI SDK asks for by default)."""
    return vector if form == "float" else base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()


def _vector(text: str, size: int, wanted: int | None) -> list[float]:
    whole = vector(text, size)
    return whole if wanted in (None, size) else shortened(whole, wanted)
