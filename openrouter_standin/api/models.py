"""GET /models with its query parameters, one model, its endpoints, and the lists beside them.

Source: OpenRouter's OpenAPI, 2026-08-22. What the dated catalogue does not hold (popularity, tool success) cannot narrow or
sort it: such a parameter leaves the list as it is. Benchmarks are those of data/benchmarks.json.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import unquote, urlencode

from .. import catalogue
from ..errors import Response, ok, refusal, zod, zod_option
from ..http_request import HttpRequest
from ..state import EPOCH, State
from ..validation import whole
from .benchmarks import best_elo, best_first, index_of, with_benchmarks

Row = Mapping[str, Any]
MODALITIES = ("text", "image", "file", "audio", "video", "embeddings", "rerank", "speech", "transcription", "decisions")
CATEGORIES = ("programming", "roleplay", "marketing", "marketing/seo", "technology", "science", "translation", "legal",
              "finance", "health", "trivia", "academia")  # fmt: skip
LARGEST, PAGE = 1000, 500


def _price(row: Row, kind: str) -> Decimal:
    """Dollars per million tokens; what depends on the model chosen (-1) sorts last."""
    price = Decimal(row["pricing"][kind])
    return price * 1_000_000 if price >= 0 else Decimal("Infinity")


INFINITE = float("inf")


def _within(row: Row, name: str, least: float, most: float) -> bool:
    """Whether a model has this index, within these bounds."""
    index = index_of(row, name)
    return index is not None and least <= index <= most


SORTS: dict[str, Callable[[Row], Any]] = {
    "newest": lambda r: -r["created"],
    "pricing-low-to-high": lambda r: _price(r, "prompt"),
    "pricing-high-to-low": lambda r: -_price(r, "prompt") if _price(r, "prompt").is_finite() else Decimal("Infinity"),
    "context-high-to-low": lambda r: -(r["context_length"] or 0),
    "throughput-high-to-low": lambda r: 0,
    "latency-low-to-high": lambda r: 0,
    "most-popular": lambda r: 0,
    "top-weekly": lambda r: 0,
    "intelligence-high-to-low": lambda r: best_first(index_of(r, "intelligence_index")),
    "coding-high-to-low": lambda r: best_first(index_of(r, "coding_index")),
    "agentic-high-to-low": lambda r: best_first(index_of(r, "agentic_index")),
    "design-arena-elo-high-to-low": lambda r: best_first(best_elo(r)),
}
FILTERS: dict[str, Callable[[Row, str], bool]] = {
    "q": lambda r, v: v.lower() in (r["id"] + r["name"]).lower(),
    "supported_parameters": lambda r, v: all(p in r["supported_parameters"] for p in _listed(v)),
    "input_modalities": lambda r, v: all(m in r["architecture"]["input_modalities"] for m in _listed(v)),
    "output_modalities": lambda r, v: v == "all" or all(m in r["architecture"]["output_modalities"] for m in _listed(v)),
    "context": lambda r, v: (r["context_length"] or 0) >= float(v),
    "min_price": lambda r, v: _price(r, "prompt") >= Decimal(str(float(v))),
    "max_price": lambda r, v: _price(r, "prompt") <= Decimal(str(float(v))),
    "min_output_price": lambda r, v: _price(r, "completion") >= Decimal(str(float(v))),
    "max_output_price": lambda r, v: _price(r, "completion") <= Decimal(str(float(v))),
    "arch": lambda r, v: r["architecture"]["tokenizer"].lower() in [a.lower() for a in _listed(v)],
    "model_authors": lambda r, v: r["id"].lstrip("~").split("/")[0] in _listed(v),
    "providers": lambda r, v: any(e["tag"].split("/")[0] in _listed(v) or e["provider_name"] in _listed(v)
                                  for e in catalogue.endpoints(r["id"])),
    "min_age_days": lambda r, v: EPOCH - r["created"] >= float(v) * 86_400,
    "max_age_days": lambda r, v: r["created"] > 0 and EPOCH - r["created"] <= float(v) * 86_400,
    "min_intelligence_index": lambda r, v: _within(r, "intelligence_index", float(v), INFINITE),
    "max_intelligence_index": lambda r, v: _within(r, "intelligence_index", -INFINITE, float(v)),
    "min_coding_index": lambda r, v: _within(r, "coding_index", float(v), INFINITE),
    "max_coding_index": lambda r, v: _within(r, "coding_index", -INFINITE, float(v)),
    "min_agentic_index": lambda r, v: _within(r, "agentic_index", float(v), INFINITE),
    "max_agentic_index": lambda r, v: _within(r, "agentic_index", -INFINITE, float(v)),
}  # fmt: skip
NUMBERS = ("context", "min_price", "max_price", "min_output_price", "max_output_price", "min_age_days", "max_age_days",
           *(name for name in FILTERS if name.endswith("_index")))  # fmt: skip


def list_models(http: HttpRequest, state: State) -> Response:
    """The list, narrowed, sorted and cut into pages as the query says. A value it cannot read: 400 in Zod's form."""
    rows = [with_benchmarks(row) for row in _chosen(http.query)]
    body: dict[str, Any] = {"data": rows, "total_count": len(rows), "links": {"next": None}}
    if "limit" in http.query or "offset" in http.query:
        start, size = int(http.query.get("offset") or 0), int(http.query.get("limit") or PAGE)
        body["data"] = rows[start : start + size]
        if start + size < len(rows):
            body["links"] = {"next": "/api/v1/models?" + urlencode({**http.query, "offset": start + size})}
    return ok(body, 240)


def count_models(http: HttpRequest, state: State) -> Response:
    """How many models the same query lists."""
    return ok({"data": {"count": len(_chosen(http.query))}})


def _chosen(query: Mapping[str, str]) -> list[Row]:
    _check(query)
    asked = _listed(query.get("output_modalities", ""))
    everything = [*catalogue.models(), *(_embedding_rows() if {"embeddings", "all"} & set(asked) else [])]
    everything += catalogue.picture_rows() if {"image", "all"} & set(asked) else []
    everything += catalogue.sound_rows() if {"speech", "transcription", "all"} & set(asked) else []
    rows = [r for r in everything if all(FILTERS[k](r, v) for k, v in query.items() if k in FILTERS and v)]
    return sorted(rows, key=SORTS[query["sort"]]) if query.get("sort") else rows


def list_embedding_models(http: HttpRequest, state: State) -> Response:
    """The embedding models the stand-in knows."""
    listed = _embedding_rows()
    return ok({"data": listed, "total_count": len(listed), "links": {"next": None}})


def _embedding_rows() -> list[Row]:
    """Their rows of the catalogue: what a text model's row has, without reasoning and aliases."""
    template = {k: v for k, v in catalogue.models()[0].items() if k not in ("reasoning", "alias_target")}
    return [
        {
            **template,
            "id": about["id"],
            "canonical_slug": about["id"],
            "name": about["name"],
            "created": 0,
            "hugging_face_id": None,
            "context_length": about["context_length"],
            "architecture": {"input_modalities": ["text"], "output_modalities": ["embeddings"],
                             "modality": "text->embeddings", "tokenizer": about["tokenizer"], "instruct_type": None},
            "pricing": {"prompt": about["price"], "completion": "0"},
            "top_provider": {"context_length": about["context_length"], "is_moderated": False,
                             "max_completion_tokens": None},
            "supported_parameters": [],
            "links": {"details": f"/api/v1/models/{about['id']}/endpoints"},
        }
        for about in catalogue.embedding_models().values()
    ]  # fmt: skip


def list_zdr_endpoints(http: HttpRequest, state: State) -> Response:
    """The endpoints that keep nothing. No dated public source at hand says which real ones do: the marks are invented
    (see data/hosts.json)."""
    ids = dict.fromkeys([*catalogue.known_endpoints(), *(m["id"] for m in catalogue.models())])
    return ok({"data": [e for i in ids for e in catalogue.endpoints(i) if catalogue.keeps_nothing(e["tag"])]}, 200)


def list_providers(http: HttpRequest, state: State) -> Response:
    """Every provider, with the links that the dated source does not give as null."""
    unknown = {"privacy_policy_url": None, "terms_of_service_url": None, "status_page_url": None}
    return ok({"data": [{**row, **unknown} for row in catalogue.load("providers.json")["data"]]})


def get_model(http: HttpRequest, state: State) -> Response:
    """One model, or its endpoints. The OpenAI SDK's `models.retrieve("author/slug")` sends the id as one escaped segment."""
    if http.route.startswith("/models/") and http.route.endswith("/endpoints"):
        return _endpoints(unquote(http.route.removeprefix("/models/").removesuffix("/endpoints")))
    model = unquote(http.route.removeprefix("/models/").removeprefix("/model/"))
    sound = next((row for row in catalogue.sound_rows() if row["id"] == model), None)
    return ok({"data": with_benchmarks(catalogue.find(model) or sound or _missing(model))})


def _endpoints(model: str) -> Response:
    """The endpoints of one model. A catalogue suffix that the model does not have: 200 with an empty list."""
    row = catalogue.find(model) or catalogue.find(model.partition(":")[0]) or _missing(model)
    listed = catalogue.endpoints(model) if catalogue.find(model) else []
    fields = {k: row[k] for k in ("id", "name", "created") if k in row}
    return ok({"data": {**fields, "description": "", "architecture": row["architecture"], "endpoints": listed}})


def _missing(model: str) -> Any:
    raise refusal(404, f"Model {model} not found", user=False)


def _listed(value: str) -> list[str]:
    return [v.strip() for v in value.split(",") if v.strip()]


def _check(query: Mapping[str, str]) -> None:
    """Raise `ApiError` for a value of the query that cannot be read."""
    for name in NUMBERS:
        if query.get(name) and not _is_number(query[name]):
            raise zod(name, "Invalid input: expected number")
    for name, least, most in (("limit", 1, LARGEST), ("offset", 0, 10**9)):
        value = query.get(name)
        if value is not None and not least <= whole(value, -1) <= most:
            raise zod(name, f"Invalid input: expected a number from {least} to {most}")
    for name, known in (("sort", SORTS), ("category", CATEGORIES)):
        if query.get(name) and query[name] not in known:
            raise zod_option(name, known)
    for name in ("input_modalities", "output_modalities"):
        for value in _listed(query.get(name, "")):
            if value not in (*MODALITIES, "all"):
                raise zod_option(name, MODALITIES)


def _is_number(value: str) -> bool:
    try:
        return abs(float(value)) < 1e12
    except ValueError:
        return False
