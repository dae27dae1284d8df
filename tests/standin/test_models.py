"""The catalogue: the list, its query parameters, and which model an id means."""

from __future__ import annotations

from typing import Any

import pytest

from asking import MINI, ask, ask_body, glm
from openrouter_standin import State, answer
from openrouter_standin.catalogue import find, models
from support import hello


@pytest.mark.parametrize(("query", "holds"), [
    ("supported_parameters=tools", lambda r: "tools" in r["supported_parameters"]),
    ("input_modalities=image,file", lambda r: {"image", "file"} <= set(r["architecture"]["input_modalities"])),
    ("max_price=0.1", lambda r: 0 <= float(r["pricing"]["prompt"]) <= 0.1e-6),
    ("context=1000000", lambda r: r["context_length"] >= 1_000_000),
    ("model_authors=mistralai", lambda r: r["id"].startswith("mistralai/")),
    ("providers=anthropic", lambda r: "anthropic/" in r["id"]),
    ("q=claude", lambda r: "claude" in (r["id"] + r["name"]).lower()),
])  # fmt: skip
def test_the_list_of_models_can_be_narrowed(query: str, holds: Any) -> None:
    whole = answer({"method": "GET", "path": "/api/v1/models"}, State())["body"]["data"]
    rows = answer({"method": "GET", "path": f"/api/v1/models?{query}"}, State())["body"]["data"]
    assert [r["id"] for r in rows] == [r["id"] for r in whole if holds(r)] != []


def test_the_list_of_models_can_be_sorted_and_paged_and_counted() -> None:
    def get(path: str) -> dict[str, Any]:
        return answer({"method": "GET", "path": "/api/v1" + path}, State())

    cheap = [float(r["pricing"]["prompt"]) for r in get("/models?sort=pricing-low-to-high")["body"]["data"]]
    known = [p for p in cheap if p >= 0]
    assert known == sorted(known) and cheap[-1] == -1
    page = get("/models?limit=100&offset=400")["body"]
    assert (len(page["data"]), page["links"]["next"], page["total_count"]) == (23, None, 423)
    assert "offset=100" in get("/models?limit=100")["body"]["links"]["next"]
    assert get("/models/count?q=claude")["body"]["data"]["count"] == len(get("/models?q=claude")["body"]["data"])
    for bad in ("sort=price", "limit=0", "limit=x", "context=big", "output_modalities=smell", "category=cooking"):
        refused = get(f"/models?{bad}")
        assert (refused["status"], refused["body"]["error"]["name"]) == (400, "ZodError")
    assert all(
        e["tag"].split("/")[0] in ("amazon-bedrock", "azure", "deepinfra", "fireworks")
        for e in get("/endpoints/zdr")["body"]["data"]
    )
    assert get("/embeddings/models")["body"]["data"][0]["id"] == "openai/text-embedding-3-small"


def test_two_former_ids_combined_suffixes_and_a_limit_that_ends() -> None:
    two = ask(model="openrouter/horizon-beta", models=["anthropic/claude-2"])
    assert (two["status"], two["body"]["error"]["message"][:16]) == (404, "The alpha period")
    for model in ("openai/gpt-oss-20b:free:online", MINI + ":nitro:online", "openrouter/auto:online"):
        assert ask(model=model)["status"] == 200
    state = State()
    found = [ask(state, model="openai/gpt-oss-20b:free", max_tokens=1)["status"] for _ in range(26)]
    assert found[20] == 429 and found[-1] == 200


def test_the_other_routes() -> None:
    state = State()
    made = ask_body(glm(user="u1"), state)["body"]
    get = lambda path: answer({"method": "GET", "path": "/api/v1" + path}, state)  # noqa: E731
    assert get(f"/generation?id={made['id']}")["body"]["data"]["total_cost"] == made["usage"]["cost"]
    assert get("/generation?id=gen-none")["status"] == 404
    assert get("/key")["body"]["data"]["usage"] == round(made["usage"]["cost"], 10)
    assert len(get("/models")["body"]["data"]) == 423 == len(models())
    assert (
        get("/models/z-ai/glm-5.3-flash/endpoints")["body"]["data"]["endpoints"][0]["provider_name"] == "OpenInference"
    )
    assert get("/models/openai/gpt-5.5:free/endpoints")["body"]["data"]["endpoints"] == []
    assert get("/models/no/such/endpoints")["status"] == 404
    assert get("/providers")["body"]["data"][0]["slug"] == "ai21"
    assert get("/credits")["body"]["data"]["total_credits"] == 5
    assert get("/nothing")["status"] == 404


def test_find_follows_aliases_and_takes_routing_suffixes_off() -> None:
    assert find("openai/gpt-4o:nitro")["id"] == "openai/gpt-4o"
    assert find("openai/gpt-4o:free") is None
    assert find("anthropic/claude-4.5-sonnet-20250929")["id"] == "anthropic/claude-sonnet-4.5"
    assert hello()
