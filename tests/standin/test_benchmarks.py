"""GET /benchmarks and the figures in GET /models: dated, chosen by the query, never invented."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

import pytest

from openrouter_standin import State, answer

FILE = json.loads(resources.files("openrouter_standin").joinpath("data", "benchmarks.json").read_text("utf-8"))


def get(path: str, state: State | None = None, **more: Any) -> dict[str, Any]:
    return answer({"method": "GET", "path": f"/api/v1{path}", **more}, state or State())


def rows(query: str = "") -> list[dict[str, Any]]:
    found = get(f"/benchmarks{query}")
    assert found["status"] == 200, found["body"]
    return found["body"]["data"]


def test_every_figure_stands_in_the_dated_file_with_its_source() -> None:
    assert (FILE["taken"], bool(FILE["source"])) == ("2026-08", True)
    listed = sorted(
        get("/models")["body"]["data"], key=lambda row: ":" not in row["id"]
    )  # variants first, so models win
    by_slug = {row["canonical_slug"]: row["id"] for row in listed if row["id"] in FILE["data"]}
    every = rows()
    assert {row["model_permaslug"] for row in every} <= set(by_slug) and len(by_slug) == 171
    assert {row["source"] for row in every} == {"artificial-analysis", "design-arena"}
    for row in every:
        figures = FILE["data"][by_slug[row["model_permaslug"]]]
        if row["source"] == "artificial-analysis":
            assert {k: row[k] for k in figures["artificial_analysis"]} == figures["artificial_analysis"]
        else:
            ranked = [(e["arena"], e["category"], e["elo"], e["win_rate"]) for e in figures["design_arena"]]
            assert (row["arena"], row["category"], row["elo"], row["win_rate"]) in ranked
            assert row["avg_generation_time_ms"] is None and set(row["tournament_stats"].values()) == {None}


def test_the_meta_names_date_source_and_how_to_cite() -> None:
    meta = get("/benchmarks?source=artificial-analysis&task_type=coding")["body"]["meta"]
    assert (meta["as_of"][:7], meta["version"], meta["source"], meta["task_type"]) == (
        "2026-08", "v1", "artificial-analysis", "coding")  # fmt: skip
    assert meta["citation"].startswith("Source: Artificial Analysis") and meta["source_url"].startswith("https://")
    whole = get("/benchmarks")["body"]
    assert (whole["meta"]["source"], whole["meta"]["citation"], whole["meta"]["source_url"]) == (None, None, None)
    assert whole["meta"]["model_count"] == len({row["model_permaslug"] for row in whole["data"]})


@pytest.mark.parametrize(
    ("query", "holds"),
    [
        ("?source=artificial-analysis", lambda r: r["source"] == "artificial-analysis"),
        ("?source=design-arena", lambda r: r["arena"] == "models"),
        ("?source=design-arena&arena=agents", lambda r: r["arena"] == "agents"),
        ("?source=design-arena&category=svg", lambda r: r["category"] == "svg"),
        ("?task_type=coding", lambda r: r.get("coding_index") is not None or r.get("category") == "codecategories"),
        ("?task_type=intelligence", lambda r: r["intelligence_index"] is not None),
        ("?benchmark_type=gpqa_diamond", lambda r: r["source"] != "openrouter"),
        ("?max_results=3", lambda r: r["source"] == "artificial-analysis"),
    ],
)
def test_the_query_chooses(query: str, holds: Any) -> None:
    chosen = rows(query)
    assert chosen and all(holds(row) for row in chosen)


@pytest.mark.parametrize("query", ["?source=openrouter", "?task_type=search", "?benchmark_type=search_hle",
                                   "?source=design-arena&arena=builders"])  # fmt: skip
def test_what_no_source_has_is_empty(query: str) -> None:
    assert rows(query) == []


@pytest.mark.parametrize("query", ["source=me", "task_type=art", "benchmark_type=x", "arena=x", "max_results=0",
                                   "max_results=x", "include_run_config=maybe", "search_surface=x"])  # fmt: skip
def test_other_values_are_refused_by_name(query: str) -> None:
    refused = get(f"/benchmarks?{query}")
    assert refused["status"] == 400 and query.partition("=")[0] in refused["body"]["error"]["message"]


def test_it_takes_a_key_and_thirty_requests_a_minute() -> None:
    state = State()
    assert get("/benchmarks", key="none")["status"] == 401
    found = [get("/benchmarks?max_results=1", state)["status"] for _ in range(31)]
    assert found == [200] * 30 + [429]
    state.advance(60_000)
    assert get("/benchmarks", state)["status"] == 200


@pytest.mark.parametrize(
    ("sort", "score"),
    [
        ("intelligence-high-to-low", lambda b: (b.get("artificial_analysis") or {}).get("intelligence_index")),
        ("coding-high-to-low", lambda b: (b.get("artificial_analysis") or {}).get("coding_index")),
        ("agentic-high-to-low", lambda b: (b.get("artificial_analysis") or {}).get("agentic_index")),
        ("design-arena-elo-high-to-low", lambda b: max((e["elo"] for e in b["design_arena"]), default=None)),
    ],
)
def test_models_are_sorted_by_benchmarks_and_those_without_come_last(sort: str, score: Any) -> None:
    listed = get(f"/models?sort={sort}")["body"]["data"]
    scores = [score(row["benchmarks"]) if "benchmarks" in row else None for row in listed]
    known = [s for s in scores if s is not None]
    assert len(listed) == 423 and len(known) > 50
    assert scores[: len(known)] == sorted(known, reverse=True)


def test_models_are_narrowed_by_an_index() -> None:
    good = get("/models?min_coding_index=60&max_coding_index=70")["body"]["data"]
    assert good and all(60 <= row["benchmarks"]["artificial_analysis"]["coding_index"] <= 70 for row in good)
    assert get("/models?min_agentic_index=high")["status"] == 400


def test_a_model_shows_exactly_its_own_figures() -> None:
    one = get("/models/amazon/nova-premier-v1")["body"]["data"]
    assert one["benchmarks"] == FILE["data"]["amazon/nova-premier-v1"]
    assert "benchmarks" not in get("/models/openrouter/auto")["body"]["data"]
    assert sum("benchmarks" in row for row in get("/models")["body"]["data"]) == len(FILE["data"]) == 225
