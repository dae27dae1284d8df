"""GET /benchmarks, and what GET /models does with benchmarks: the dated figures of data/benchmarks.json, and no others.

Source: OpenRouter's OpenAPI, 2026-08-22. Figures of OpenRouter's own benchmarks (GPQA, tau-bench, web search) are public
nowhere that this data comes from, so these lists are empty. Neither documented nor seen: the order of the rows (here the best
first), which Design Arena categories belong to a task type (here by their names), and the citation for other sources than
Artificial Analysis (here by analogy). The day of the figures is not known, so `as_of` is the first of their month.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .. import catalogue
from ..errors import Response, bad_request, ok
from ..http_request import HttpRequest
from ..state import State
from ..validation import whole

Row = Mapping[str, Any]
CHOICES = {
    "source": ("artificial-analysis", "design-arena", "openrouter"),
    "task_type": ("coding", "intelligence", "agentic", "search"),
    "benchmark_type": ("gpqa_diamond", "tau_bench_verified_airline", "search_browsecomp", "search_hle", "search_dsqa",
                       "search_widesearch"),
    "include_run_config": ("true", "false"),
    "search_surface": ("server-tool", "plugin"),
    "arena": ("models", "builders", "agents"),
}  # fmt: skip
SITES = {
    "artificial-analysis": ("Artificial Analysis (artificialanalysis.ai)", "https://artificialanalysis.ai"),
    "design-arena": ("Design Arena (designarena.ai)", "https://www.designarena.ai"),
    "openrouter": ("OpenRouter (openrouter.ai)", "https://openrouter.ai/rankings"),
}
INDICES = ("intelligence_index", "coding_index", "agentic_index")
UNKNOWN_PLACES = dict.fromkeys(("first_place", "second_place", "third_place", "fourth_place", "total"))
PER_MINUTE, PER_DAY = 30, 500
"""Requests of a key and of an account (OpenAPI, 2026-08-22)."""


def get_benchmarks(http: HttpRequest, state: State) -> Response:
    """The figures that the query chooses."""
    query = {name: value for name, value in http.query.items() if value}
    _check(query)
    state.count_benchmark_request(http.key, PER_MINUTE, PER_DAY)
    source, task = query.get("source"), query.get("task_type")
    searched = task == "search" or query.get("benchmark_type", "").startswith("search_")
    rows: list[dict[str, Any]] = []
    if not searched and source in (None, "artificial-analysis"):
        rows += _indices(task)
    if not searched and source in (None, "design-arena"):
        rows += _rankings(task, query.get("arena", "models" if source else ""), query.get("category"))
    rows = rows[: int(query.get("max_results") or len(rows))]
    site = SITES.get(source or "")
    meta = {
        "as_of": f"{_file()['taken']}-01T00:00:00Z",
        "version": "v1",
        "source": source,
        "source_url": site[1] if site else None,
        "citation": f"Source: {site[0]} via OpenRouter (openrouter.ai/rankings)." if site else None,
        "model_count": len({row["model_permaslug"] for row in rows}),
        "task_type": task,
    }
    return ok({"data": rows, "meta": meta}, 120)


def with_benchmarks(row: Row) -> Row:
    """A row of the catalogue, with its figures where it has some (OpenAPI, 2026-08-22: left out where it has none)."""
    found = _file()["data"].get(row["id"])
    return {**row, "benchmarks": found} if found else row


def index_of(row: Row, name: str) -> float | None:
    """An index of Artificial Analysis: intelligence_index, coding_index or agentic_index. None where there is none."""
    return ((_file()["data"].get(row["id"]) or {}).get("artificial_analysis") or {}).get(name)


def best_elo(row: Row) -> float | None:
    """The best ranking of Design Arena in any arena. None where there is none."""
    listed = (_file()["data"].get(row["id"]) or {}).get("design_arena") or []
    return max((entry["elo"] for entry in listed), default=None)


def best_first(score: float | None) -> float:
    """How to sort by a score: the highest first, models without one last."""
    return float("inf") if score is None else -score


def _file() -> dict[str, Any]:
    return catalogue.load("benchmarks.json")


def _models() -> Iterator[tuple[Row, dict[str, Any]]]:
    """Every model with figures, once: variants such as `:batch` have those of their model, and stand for it where it is not
    listed itself."""
    seen = set()
    for model, figures in sorted(_file()["data"].items(), key=lambda entry: ":" in entry[0]):
        row = catalogue.find(model)
        if row and row["canonical_slug"] not in seen:
            seen.add(row["canonical_slug"])
            yield row, figures


def _shared(source: str, row: Row) -> dict[str, Any]:
    return {"source": source, "model_permaslug": row["canonical_slug"], "display_name": row["name"]}


def _pricing(row: Row) -> dict[str, str]:
    return {kind: row["pricing"][kind] for kind in ("prompt", "completion")}


def _indices(task: str | None) -> list[dict[str, Any]]:
    """Artificial Analysis. `task`: the index that a model must have."""
    wanted = f"{task}_index" if task else None
    rows = [
        {**_shared("artificial-analysis", row), **{i: figures["artificial_analysis"][i] for i in INDICES},
         "pricing": _pricing(row)}
        for row, figures in _models()
        if any(v is not None for v in (figures.get("artificial_analysis") or {}).values())
    ]  # fmt: skip
    kept = [row for row in rows if not wanted or row[wanted] is not None]
    return sorted(kept, key=lambda row: best_first(row[wanted or "intelligence_index"]))


def _rankings(task: str | None, arena: str, category: str | None) -> list[dict[str, Any]]:
    """Design Arena. `arena`: empty for all."""
    rows = [
        {
            **_shared("design-arena", row),
            **{name: entry[name] for name in ("arena", "category", "elo", "win_rate")},
            "avg_generation_time_ms": None,
            "tournament_stats": dict(UNKNOWN_PLACES),
            "pricing": _pricing(row),
        }
        for row, figures in _models()
        for entry in figures["design_arena"]
        if arena in ("", entry["arena"]) and category in (None, entry["category"]) and _is_for(entry["category"], task)
    ]
    return sorted(rows, key=lambda row: best_first(row["elo"]))


def _is_for(category: str, task: str | None) -> bool:
    if task == "coding":
        return category == "codecategories"
    return task is None or (task == "agentic" and category.startswith("agentic"))


def _check(query: Mapping[str, str]) -> None:
    for name, known in CHOICES.items():
        if name in query and query[name] not in known:
            raise bad_request(f"{name} takes {', '.join(known)}")
    if "max_results" in query and whole(query["max_results"], 0) < 1:
        raise bad_request("max_results takes a whole number, 1 or more")
