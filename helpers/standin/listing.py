"""GET /models with its query parameters, and the lists beside it.

Source: OpenRouter's OpenAPI, 2026-08-22. What the dated catalogue does not hold (benchmarks, popularity, tool success)
cannot narrow or sort it: such a parameter leaves the list as it is.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from . import catalogue
from .errors import Response, ok
from .fields import whole
from .world import EPOCH

Row = Mapping[str, Any]
MODALITIES = ("text", "image", "file", "audio", "video", "embeddings", "rerank", "speech", "transcription", "decisions")
CATEGORIES = ("programming", "roleplay", "marketing", "marketing/seo", "technology", "science", "translation", "legal",
              "finance", "health", "trivia", "academia")  # fmt: skip
LARGEST, PAGE = 1000, 500


def _price(row: Row, kind: str) -> Decimal:
    """Dollars per million tokens; what depends on the model chosen (-1) sorts last."""
    price = Decimal(row["pricing"][kind])
    return price * 1_000_000 if price >= 0 else Decimal("Infinity")


SORTS: dict[str, Callable[[Row], Any]] = {
    "newest": lambda r: -r["created"],
    "pricing-low-to-high": lambda r: _price(r, "prompt"),
    "pricing-high-to-low": lambda r: -_price(r, "prompt") if _price(r, "prompt").is_finite() else Decimal("Infinity"),
    "context-high-to-low": lambda r: -(r["context_length"] or 0),
    "throughput-high-to-low": lambda r: 0,
    "latency-low-to-high": lambda r: 0,
    "most-popular": lambda r: 0,
    "top-weekly": lambda r: 0,
    "intelligence-high-to-low": lambda r: 0,
    "coding-high-to-low": lambda r: 0,
    "agentic-high-to-low": lambda r: 0,
    "design-arena-elo-high-to-low": lambda r: 0,
}
FILTERS: dict[str, Callable[[Row, str], bool]] = {
    "q": lambda r, v: v.lower() in (r["id"] + r["name"]).lower(),
    "supported_parameters": lambda r, v: all(p in r["supported_parameters"] for p in _listed(v)),
    "input_modalities": lambda r, v: all(m in r["architecture"]["input_modalities"] for m in _listed(v)),
    "output_modalities": lambda r, v: v == "all" or all(m in r["architecture"]["output_modalities"] for m in _listed(v)),
    "context": lambda r, v: (r["context_length"] or 0) >= float(v),
    "min_price": lambda r, v: _price(r, "prompt") >= Decimal(v),
    "max_price": lambda r, v: _price(r, "prompt") <= Decimal(v),
    "min_output_price": lambda r, v: _price(r, "completion") >= Decimal(v),
    "max_output_price": lambda r, v: _price(r, "completion") <= Decimal(v),
    "arch": lambda r, v: r["architecture"]["tokenizer"].lower() in [a.lower() for a in _listed(v)],
    "model_authors": lambda r, v: r["id"].lstrip("~").split("/")[0] in _listed(v),
    "providers": lambda r, v: any(e["tag"].split("/")[0] in _listed(v) or e["provider_name"] in _listed(v)
                                  for e in catalogue.endpoints(r["id"])),
    "min_age_days": lambda r, v: EPOCH - r["created"] >= float(v) * 86_400,
    "max_age_days": lambda r, v: r["created"] > 0 and EPOCH - r["created"] <= float(v) * 86_400,
}  # fmt: skip
NUMBERS = ("context", "min_price", "max_price", "min_output_price", "max_output_price", "min_age_days", "max_age_days")


def models(query: Mapping[str, str]) -> Response:
    """The list, narrowed, sorted and cut into pages as the query says. A value it cannot read: 400 in Zod's form."""
    wrong = _wrong(query)
    if wrong:
        return wrong
    rows = [r for r in catalogue.models() if all(FILTERS[k](r, v) for k, v in query.items() if k in FILTERS and v)]
    if query.get("sort"):
        rows = sorted(rows, key=SORTS[query["sort"]])
    body: dict[str, Any] = {"data": rows, "total_count": len(rows), "links": {"next": None}}
    if "limit" in query or "offset" in query:
        start, size = int(query.get("offset") or 0), int(query.get("limit") or PAGE)
        body["data"] = rows[start : start + size]
        if start + size < len(rows):
            body["links"] = {"next": "/api/v1/models?" + urlencode({**query, "offset": start + size})}
    return ok(body, 240)


def count(query: Mapping[str, str]) -> Response:
    """How many models the same query lists."""
    listed = models(query)
    return listed if listed["status"] != 200 else ok({"data": {"count": listed["body"]["total_count"]}})


def embedding_models() -> Response:
    """The embedding models the stand-in knows."""
    template = catalogue.models()[0]
    rows = [
        {
            **template,
            "id": model,
            "canonical_slug": model,
            "name": model,
            "hugging_face_id": None,
            "context_length": 8192,
            "architecture": {"input_modalities": ["text"], "output_modalities": ["embeddings"],
                             "modality": "text->embeddings", "tokenizer": "GPT", "instruct_type": None},
            "pricing": {"prompt": price, "completion": "0"},
            "supported_parameters": [],
        }
        for model, price in catalogue.EMBEDDING_MODELS.items()
    ]  # fmt: skip
    listed = [{k: v for k, v in r.items() if k not in ("reasoning", "alias_target")} for r in rows]
    return ok({"data": listed, "total_count": len(listed), "links": {"next": None}})


def _listed(value: str) -> list[str]:
    return [v.strip() for v in value.split(",") if v.strip()]


def _wrong(query: Mapping[str, str]) -> Response | None:
    for name in NUMBERS:
        if query.get(name) and not _is_number(query[name]):
            return _zod(name, "Invalid input: expected number")
    for name, least, most in (("limit", 1, LARGEST), ("offset", 0, 10**9)):
        value = query.get(name)
        if value is not None and not least <= whole(value, -1) <= most:
            return _zod(name, f"Invalid input: expected a number from {least} to {most}")
    if query.get("sort") and query["sort"] not in SORTS:
        return _zod("sort", "Invalid option: expected one of " + "|".join(SORTS))
    if query.get("category") and query["category"] not in CATEGORIES:
        return _zod("category", "Invalid option: expected one of " + "|".join(CATEGORIES))
    for name in ("input_modalities", "output_modalities"):
        for value in _listed(query.get(name, "")):
            if value not in (*MODALITIES, "all"):
                return _zod(name, "Invalid option: expected one of " + "|".join(MODALITIES))
    return None


def _is_number(value: str) -> bool:
    try:
        return abs(float(value)) < 1e12
    except ValueError:
        return False


def _zod(name: str, message: str) -> Response:
    """The form that some routes use for a bad parameter (observed 2026-10)."""
    text = json.dumps([{"path": [name], "message": message}])
    body = {"success": False, "error": {"name": "ZodError", "message": text}}
    return {"status": 400, "headers": {"content-type": "application/json"}, "ms": 60, "body": body}
