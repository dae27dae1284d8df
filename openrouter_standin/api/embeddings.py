"""POST /embeddings: vectors in which texts that share words are near each other, made by hashing words, by no model."""

from __future__ import annotations

import base64
import hashlib
import math
import re
import struct
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from .. import catalogue
from ..errors import Response, invalid, not_json, ok, refusal
from ..http_request import HttpRequest
from ..ids import digest_of, generation_id
from ..state import State
from ..tokens import count_of

MOST = 2048
"""Texts in one request at most, as at OpenAI (API reference, embeddings)."""


def create_embeddings(http: HttpRequest, state: State) -> Response:
    """Answer one request."""
    http.faults.for_next_request().refuse()
    body = http.body
    if not isinstance(body, Mapping):
        raise not_json(user=False)
    _check(body)
    row, given, form = (
        catalogue.embedding_models()[body["model"]],
        body["input"],
        body.get("encoding_format") or "float",
    )
    texts = [given] if isinstance(given, str) else given
    tokens = sum(count_of(text) for text in texts)
    cost = float(tokens * Decimal(row["price"]))
    state.charge(http.key, cost)
    vectors = [
        {
            "object": "embedding",
            "embedding": _written(_vector(text, body.get("dimensions") or row["dimensions"]), form),
            "index": n,
        }
        for n, text in enumerate(texts)
    ]
    made = {"object": "list", "data": vectors, "model": row.get("answers_as", row["id"]), "usage": _usage(tokens, cost)}
    return ok(
        {**made, "provider": row["providers"][0], "id": generation_id(state.now, digest_of(repr(texts)), "emb-")}, 180
    )


def _check(body: Mapping[str, Any]) -> None:
    """Raise `ApiError` for a request of a wrong form."""
    model, given = body.get("model"), body.get("input")
    row = catalogue.embedding_models().get(model) if isinstance(model, str) else None
    if row is None:
        raise refusal(400, f"Model {model} does not exist", user=False)
    most, size = row["dimensions"], body.get("dimensions") or row["dimensions"]
    if (body.get("encoding_format") or "float") not in ("float", "base64"):
        raise invalid("encoding_format takes float or base64", user=False)
    texts = [given] if isinstance(given, str) else given
    if not isinstance(texts, list) or not texts or not all(isinstance(t, str) for t in texts):
        raise invalid("input takes a text or a list of texts", user=False)
    if len(texts) > MOST:
        raise invalid(f"input takes at most {MOST} texts", user=False)
    if not isinstance(size, int) or isinstance(size, bool) or not 1 <= size <= most:
        raise invalid(f"dimensions takes a whole number from 1 to {most}", user=False)


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


def _vector(text: str, size: int) -> list[float]:
    values = [0.0] * size
    for word in re.findall(r"\w+", text.lower()):
        digest = hashlib.sha256(word.encode()).digest()
        for n in range(0, 24, 3):
            values[int.from_bytes(digest[n : n + 2], "big") % size] += 1 if digest[n + 2] % 2 else -1
    length = math.sqrt(sum(v * v for v in values)) or 1.0
    return [round(v / length, 6) for v in values]
