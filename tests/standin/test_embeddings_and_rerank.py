"""Embeddings and reranking."""

from __future__ import annotations

import pytest

from openrouter_standin import State, answer


def test_rerank_puts_the_document_that_shares_words_first() -> None:
    body = {
        "model": "voyageai/rerank-2.5-lite",
        "query": "what is ruby",
        "documents": ["Paris is a city", "Ruby is a language"],
    }
    found = answer({"method": "POST", "path": "/api/v1/rerank", "body": body}, State())["body"]
    assert [r["index"] for r in found["results"]] == [1, 0] and found["id"].startswith("gen-rerank-")


# --- faults ----------------------------------------------------------------------------------------------------------


def test_embeddings_put_texts_that_share_words_near_each_other() -> None:
    def vectors(*texts: str) -> list[list[float]]:
        body = {"model": "openai/text-embedding-3-small", "input": list(texts), "dimensions": 256}
        return [
            row["embedding"]
            for row in answer({"method": "POST", "path": "/api/v1/embeddings", "body": body}, State())["body"]["data"]
        ]

    near, other, base = vectors("the late parcel", "a haiku about rain", "my parcel is late")
    dot = lambda a, b: sum(x * y for x, y in zip(a, b, strict=True))  # noqa: E731
    assert dot(base, near) > dot(base, other) + 0.2
    assert abs(dot(base, base) - 1) < 1e-3
    bad = answer({"method": "POST", "path": "/api/v1/embeddings", "body": {"model": "no/such", "input": "x"}}, State())
    assert bad["body"]["error"]["message"] == "Model no/such does not exist"


@pytest.mark.parametrize(
    "body",
    [
        {"input": 5},
        {"input": []},
        {"input": "x", "dimensions": -1},
        {"input": "x", "dimensions": "x"},
        {"input": [1, "2"]},
        {"input": [1, -2]},
        {"input": [[1], []]},
        {"input": "word " * 9000},
    ],
)
def test_odd_embedding_requests_are_refused(body: dict) -> None:
    request = {
        "method": "POST",
        "path": "/api/v1/embeddings",
        "body": {"model": "openai/text-embedding-3-small", **body},
    }
    assert answer(request, State())["status"] == 400
    assert answer({**request, "body": "no object"}, State())["status"] == 400
