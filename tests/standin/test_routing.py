"""The documented routing rules, case by case. Each case names the docs page (or recording) that decides it.

Pages are those of OpenRouter's docs as of 2026-08-22, unless the case says otherwise.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from openrouter_standin import Endpoint, plan
from openrouter_standin.catalogue import endpoints, routable
from openrouter_standin.routing.preferences import BadPreference
from support import GLM

SELECTION = "guides/routing/provider-selection"
TRAFFIC = "guides/providers/traffic-routing (autumn 2026)"


def E(tag: str, price: float | None = None, completion: float | None = None, **more: Any) -> Endpoint:
    """An endpoint: tag, price per million prompt tokens, and what else the case needs."""
    for name in ("latency", "throughput"):
        if isinstance(more.get(name), int | float):
            more[name] = {"p50": more[name]}
    if "parameters" in more:
        more["parameters"] = frozenset(more["parameters"])
    prompt = None if price is None else Decimal(str(price))
    return Endpoint(
        tag=tag,
        provider=more.pop("provider", tag),
        prompt=prompt,
        completion=None if completion is None else Decimal(str(completion)),
        **more,
    )


ABC = [
    E("a", 3, 3, latency=0.4, throughput=40),
    E("b", 1, 1, latency=2.0, throughput=90),
    E("c", 2, 2, latency=1.0, throughput=150),
]
PRIORITY = E("c/priority", 4, 4, latency=0.6, throughput=200)
MIXTRAL = [E("together", 0.6), E("fireworks", 0.5), E("deepinfra", 0.4)]
THREE_MODELS = [E("x1", 5, model="first", throughput=30), E("x2", 6, model="first", throughput=50),
                E("y1", 1, model="second", throughput=100), E("z1", 2, model="third", throughput=200)]  # fmt: skip
MODELS = {"models": ["first", "second", "third"]}

# id, page, endpoints, keyword arguments of plan, groups of tags (None: do not look), tags that are out
CASES: list[tuple[str, str, list[Endpoint], dict[str, Any], list[list[str]] | None, set[str]]] = [
    ("default: a set, no order", TRAFFIC, ABC, {}, [["a", "b", "c"]], set()),
    ("default: recent outages go last", SELECTION, [E("a", 1), E("b", 2, outage=True), E("c", 3)], {}, [["a", "c"], ["b"]], set()),
    ("sort price", SELECTION, ABC, {"provider": {"sort": "price"}}, [["b"], ["c"], ["a"]], set()),
    ("sort throughput", SELECTION, ABC, {"provider": {"sort": "throughput"}}, [["c"], ["b"], ["a"]], set()),
    ("sort latency", SELECTION, ABC, {"provider": {"sort": "latency"}}, [["a"], ["c"], ["b"]], set()),
    ("sort as an object", SELECTION, ABC, {"provider": {"sort": {"by": "latency"}}}, [["a"], ["c"], ["b"]], set()),
    (":nitro admits priority tiers", "model-variants/nitro", [*ABC, PRIORITY], {"model": "m:nitro"}, [["c/priority"], ["c"], ["b"], ["a"]], set()),
    ("sort throughput does not", SELECTION, [*ABC, PRIORITY], {"provider": {"sort": "throughput"}}, [["c"], ["b"], ["a"]], {"c/priority"}),
    (":floor admits flex tiers", "model-variants/floor", [*ABC, E("b/flex", 0.5, 0.5)], {"model": "m:floor"}, [["b/flex"], ["b"], ["c"], ["a"]], set()),
    ("order switches tiers off", "model-variants/nitro", [*ABC, PRIORITY], {"model": "m:nitro", "provider": {"order": ["a"]}}, [["a"], ["b", "c"]], {"c/priority"}),
    ("a sort beats :exacto", "model-variants/exacto", ABC, {"model": "m:exacto", "provider": {"sort": "price"}}, [["b"], ["c"], ["a"]], set()),
    ("partition none sorts across models", SELECTION, THREE_MODELS, {**MODELS, "provider": {"sort": {"by": "throughput", "partition": "none"}}}, [["z1"], ["y1"], ["x2"], ["x1"]], set()),
    ("partition model is the default", SELECTION, THREE_MODELS, {**MODELS, "provider": {"sort": "throughput"}}, [["x2"], ["x1"], ["y1"], ["z1"]], set()),
    ("a latency preference demotes", SELECTION, [E("a", 1, latency=3), E("b", 2, latency=1)], {"provider": {"sort": "price", "preferred_max_latency": 2}}, [["b"], ["a"]], set()),
    ("a p90 preference looks at p90", SELECTION, [E("x", 5, latency={"p90": 2.0}), E("y", 1, latency={"p90": 4.0})],
     {"provider": {"sort": "price", "preferred_max_latency": {"p90": 3}}}, [["x"], ["y"]], set()),
    ("a throughput preference demotes across models", SELECTION,
     [E("x1", 5, model="first", throughput={"p90": 60}), E("y1", 1, model="second", throughput={"p90": 40}), E("z1", 2, model="third", throughput={"p90": 55})],
     {**MODELS, "provider": {"sort": {"by": "price", "partition": "none"}, "preferred_min_throughput": {"p90": 50}}}, [["z1"], ["x1"], ["y1"]], set()),
    ("a preference never fails", SELECTION, [E("a", 1, throughput=10), E("b", 2, throughput=20)], {"provider": {"sort": "price", "preferred_min_throughput": 1000}}, [["a"], ["b"]], set()),
    ("an own key goes first", SELECTION, [E("anthropic", model="first"), E("openai", model="second", byok=True)], {"models": ["first", "second"], "provider": {"sort": {"by": "price", "partition": "none"}}}, [["openai"], ["anthropic"]], set()),
    ("order skips who does not serve it", SELECTION, MIXTRAL, {"provider": {"order": ["openai", "together"]}}, [["together"], ["fireworks", "deepinfra"]], set()),
    ("order without fallbacks", SELECTION, MIXTRAL, {"provider": {"order": ["openai", "together"], "allow_fallbacks": False}}, [["together"]], {"fireworks", "deepinfra"}),
    ("order without fallbacks tries every listed one", SELECTION, MIXTRAL, {"provider": {"order": ["together", "deepinfra"], "allow_fallbacks": False}}, [["together"], ["deepinfra"]], {"fireworks"}),
    ("only a base slug keeps every region", SELECTION, [E("google-vertex"), E("google-vertex/us-east5"), E("anthropic")], {"provider": {"only": ["google-vertex"]}}, [["google-vertex", "google-vertex/us-east5"]], {"anthropic"}),
    ("ignore a base slug drops every variant", SELECTION, [E("deepinfra"), E("deepinfra/turbo"), E("together")], {"provider": {"ignore": ["deepinfra"]}}, [["together"]], {"deepinfra", "deepinfra/turbo"}),
    ("a full tag is one endpoint", SELECTION, [E("deepinfra"), E("deepinfra/turbo"), E("together")], {"provider": {"order": ["deepinfra/turbo"], "allow_fallbacks": False}}, [["deepinfra/turbo"]], {"deepinfra", "together"}),
    ("a tier by its tag", "guides/features/service-tiers", [E("openai"), E("openai/priority")], {"provider": {"only": ["openai/priority"]}}, [["openai/priority"]], {"openai"}),
    ("flex never falls back", "guides/features/service-tiers", [E("openai", 1), E("openai/flex", 0.5)], {"service_tier": "flex"}, [["openai/flex"]], {"openai"}),
    ("flex without flex endpoints", "guides/features/service-tiers", [E("a", 1), E("b", 2)], {"service_tier": "flex"}, [["a", "b"]], set()),
    ("priority first, then the rest", "guides/features/service-tiers", [E("a", throughput=300), E("b/priority", throughput=100), E("c/priority", throughput=200)], {"service_tier": "priority"}, [["c/priority"], ["b/priority"], ["a"]], set()),
    ("require_parameters", SELECTION, [E("a", parameters=["temperature", "response_format"]), E("b", parameters=["temperature"])], {"response_format": {"type": "json_object"}, "provider": {"require_parameters": True}}, [["a"]], {"b"}),
    ("tools exclude when somebody supports them", SELECTION, [E("a", parameters=["tools"]), E("b", parameters=[])], {"tools": [{}], "provider": {"sort": "price"}}, [["a"]], {"b"}),
    ("an unsupported parameter is ignored", SELECTION, [E("a", parameters=[]), E("b", parameters=["top_a"])], {"top_a": 0.5}, [["a", "b"]], set()),
    ("data_collection deny", SELECTION, [E("a", trains_on_prompts=True), E("b", trains_on_prompts=False)], {"provider": {"data_collection": "deny"}}, [["b"]], {"a"}),
    ("zdr", SELECTION, [E("a", zdr=True), E("b", zdr=False)], {"provider": {"zdr": True}}, [["a"]], {"b"}),
    ("zdr of the account cannot be loosened", "guides/features/zdr", [E("a", zdr=True), E("b", zdr=False)], {"account": {"zdr": True}, "provider": {"zdr": False}}, [["a"]], {"b"}),
    ("distillable", SELECTION, [E("a", model="m", distillable=True), E("b", model="n", distillable=False)], {"models": ["m", "n"], "provider": {"enforce_distillable_text": True}}, [["a"]], {"b"}),
    ("only narrows within the account's list", SELECTION, [E("a"), E("b"), E("c")], {"account": {"only": ["a", "b"]}, "provider": {"only": ["b", "c"]}}, [["b"]], {"a", "c"}),
    ("ignore", SELECTION, MIXTRAL, {"provider": {"ignore": ["deepinfra"]}}, [["together", "fireworks"]], {"deepinfra"}),
    ("ignore is merged with the account's", SELECTION, MIXTRAL, {"account": {"ignore": ["fireworks"]}, "provider": {"ignore": ["deepinfra"]}}, [["together"]], {"fireworks", "deepinfra"}),
    ("max_price needs both", SELECTION, [E("a", 0.8, 1.5), E("b", 0.9, 2.5), E("c", 1.2, 1.0)], {"provider": {"max_price": {"prompt": 1, "completion": 2}}}, [["a"]], {"b", "c"}),
    ("max_price takes strings too", "OpenAPI spec 2026-08-22", [E("a", 0.8), E("b", 1.2)], {"provider": {"max_price": {"prompt": "1"}}}, [["a"]], {"b"}),
    ("quantizations", SELECTION, [E("a", quantization="fp8"), E("b", quantization="fp4"), E("c")], {"provider": {"quantizations": ["fp8"]}}, [["a"]], {"b", "c"}),
    ("max_tokens filters by output limit", SELECTION, [E("a", max_completion_tokens=100), E("b", max_completion_tokens=1000)], {"max_tokens": 500}, [["b"]], {"a"}),
    ("a session goes on where it was", "guides/best-practices/prompt-caching", [E("a", 2, cache_read=Decimal(1)), E("b", 2, cache_read=Decimal(1))], {"session_id": "s1", "previous": "b"}, [["b"], ["a"]], set()),
    ("without session_id it does not", "guides/best-practices/prompt-caching", [E("a", 2), E("b", 2)], {"previous": "b"}, [["a", "b"]], set()),
    ("order beats the session", "guides/best-practices/prompt-caching", [E("a", 2), E("b", 2)], {"session_id": "s1", "previous": "b", "provider": {"order": ["a"]}}, [["a"], ["b"]], set()),
    ("no session where cached reads are not cheaper", "guides/best-practices/prompt-caching", [E("a", 2, cache_read=Decimal(2)), E("b", 2, cache_read=Decimal(2))], {"session_id": "s1", "previous": "b"}, [["a", "b"]], set()),
    ("display names work", "recorded requests of 2026", [E("openai", provider="OpenAI"), E("azure", provider="Azure")], {"provider": {"order": ["OpenAI"], "allow_fallbacks": False}}, [["openai"]], {"azure"}),
    ("models: the first model first", "guides/routing/model-fallbacks", [E("y", model="second"), E("x", model="first")], {"models": ["first", "second"]}, [["x"], ["y"]], set()),
    ("null fields count as absent", "OpenAPI spec 2026-08-22", ABC, {"provider": {"sort": None, "only": None}}, [["a", "b", "c"]], set()),
    ("unknown fields are ignored", "recorded requests of 2026", ABC, {"provider": {"colour": "blue"}}, [["a", "b", "c"]], set()),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "page", "rows", "asked", "groups", "out"), CASES, ids=[f"{c[0]} [{c[1]}]" for c in CASES]
)
def test_case(
    name: str, page: str, rows: list[Endpoint], asked: dict[str, Any], groups: list[list[str]] | None, out: set[str]
) -> None:
    result = plan(rows, **asked)
    assert [sorted(e.tag for e in g) for g in result.groups] == [sorted(g) for g in groups or []]
    assert {x.endpoint.tag for x in result.out} == out
    assert all(x.reason and x.field for x in result.out)
    assert result.error is None


REFUSALS = [
    ("only", [E("openai", model="openai/gpt-4o-mini")], {"provider": {"only": ["azure"]}}, "Filter by Allowed Providers",
     "No allowed providers are available for the selected model. Providers serving openai/gpt-4o-mini: openai, but your request's provider.only preference permits only: azure."),
    ("account", [E("a"), E("b")], {"account": {"only": ["a"]}, "provider": {"only": ["b"]}}, "Filter by Allowed Providers", "No allowed providers"),
    ("max_price", [E("a", 5, 5)], {"provider": {"max_price": {"prompt": 1}}}, "Filter by Max Price", "No endpoints found that satisfy the max price for this request"),
    ("free and deny", [E("x", trains_on_prompts=True)], {"model": "some/model:free", "provider": {"data_collection": "deny"}}, "Filter by Data Policy",
     "No endpoints found matching your data policy (Free model training). Configure: https://openrouter.ai/settings/privacy"),
    ("parameters", [E("a", parameters=[])], {"top_a": 0.5, "provider": {"require_parameters": True}}, "Filter by Parameters", "No endpoints found that can handle the requested parameters."),
]  # fmt: skip


@pytest.mark.parametrize(("name", "rows", "asked", "step", "text"), REFUSALS, ids=[r[0] for r in REFUSALS])
def test_an_empty_list_is_a_404_that_names_its_step(
    name: str, rows: list[Endpoint], asked: dict, step: str, text: str
) -> None:
    result = plan(rows, **asked)
    assert not result.kept
    assert result.failed_step == step
    assert result.error is not None
    assert result.error[0] == 404
    assert result.error[1].startswith(text)


def test_what_no_public_fact_decides_is_unknown_and_stays() -> None:
    result = plan([E("a", 1)], {"data_collection": "deny", "zdr": True})
    assert [e.tag for e in result.kept] == ["a"]
    assert result.unknown[0].field == "data_collection and zdr"
    assert result.unknown[0].reason.endswith(", and not looked up in GET /endpoints/zdr")
    assert plan([E("a", 1, zdr=True)], {"data_collection": "deny", "zdr": True}).unknown[0].field == "data_collection"
    assert plan([E("a", 1)], {"max_price": {"prompt": 1}}).unknown[0].field == "max_price"
    assert plan([E("a", 1)], {"enforce_distillable_text": True}).unknown


def test_without_order_and_without_fallbacks_one_is_tried() -> None:
    assert plan(ABC, {"allow_fallbacks": False}).attempts == 1
    assert plan(ABC, {"order": ["a"], "allow_fallbacks": False}).attempts is None


BAD = [
    ({"order": "together"}, "order"),
    ({"only": [1]}, "only"),
    ({"quantizations": ["fp7"]}, "fp7"),
    ({"sort": "cheapest"}, "cheapest"),
    ({"sort": {"by": "price", "partition": "all"}}, "partition"),
    ({"data_collection": "no"}, "data_collection"),
    ({"zdr": "yes"}, "zdr"),
    ({"max_price": 3}, "max_price"),
    ({"max_price": {"prompt": "cheap"}}, "max_price.prompt"),
    ({"preferred_max_latency": "fast"}, "preferred_max_latency"),
    ({"allow_fallbacks": 1}, "allow_fallbacks"),
]


@pytest.mark.parametrize(("provider", "named"), BAD)
def test_a_wrong_type_is_one_sentence_that_names_the_field(provider: dict, named: str) -> None:
    with pytest.raises(BadPreference, match=named) as caught:
        plan(ABC, provider)
    assert "\n" not in str(caught.value)


def test_the_33_endpoints_are_the_dated_ones() -> None:
    rows = routable(GLM)
    assert len(rows) == 33
    assert max(e.prompt for e in rows) / min(e.prompt for e in rows) == 15
    waits = [e.latency["p50"] for e in rows]
    assert round(max(waits) / min(waits), 1) == 28.9
    assert len({e.tag for e in rows}) == 33
    assert endpoints("no/such-model") == []
