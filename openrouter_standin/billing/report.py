"""What a report of usage can show: metrics, dimensions and steps of time, worked out from the sums of the ledger.

Names: OpenRouter's own public description of the schema (OpenRouterTeam/skills, openrouter-analytics-schema, 2026-07); the
form of rows: OpenAPI, 2026-08-22. Counts are texts ("1523"), money and rates are numbers, as that description says.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from .. import catalogue
from ..errors import USER, WORKSPACE
from .ledger import Line, Sums

DAY_S = 86_400
WORKSPACE_NAME = "Default Workspace"


@dataclass(frozen=True)
class Metric:
    """`form`: how a reader should format it. `rate`: it is a ratio, which no one may add up."""

    label: str
    form: str
    value: Callable[[Sums], float]
    rate: bool = False

    def shown(self, sums: Sums) -> str | float:
        """As a row has it: a count as a text, anything else as a number."""
        value = self.value(sums)
        return str(value) if self.form == "number" else round(value, 12)


@dataclass(frozen=True)
class Dimension:
    """`value`: what rows show. `filtered`: what filters compare, where it is another one: an id in place of a name."""

    label: str
    value: Callable[[Line], str]
    filtered: Callable[[Line], str] | None = None
    short: bool = False
    """Whether the time asked for may be 31 days at most, in place of 365."""

    def compared(self, line: Line) -> str:
        """What a filter sees of a line."""
        return (self.filtered or self.value)(line)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


METRICS: dict[str, Metric] = {
    "request_count": Metric("Request Count", "number", lambda s: s.requests),
    "tokens_total": Metric("Total Tokens", "number", lambda s: s.prompt_tokens + s.completion_tokens),
    "tokens_prompt": Metric("Prompt Tokens", "number", lambda s: s.prompt_tokens),
    "tokens_completion": Metric("Completion Tokens", "number", lambda s: s.completion_tokens),
    "reasoning_tokens": Metric("Reasoning Tokens", "number", lambda s: s.reasoning_tokens),
    "cached_tokens": Metric("Cached Tokens", "number", lambda s: s.cached_tokens),
    "byok_request_count": Metric("BYOK Request Count", "number", lambda s: 0),
    "response_cached_count": Metric("Response Cached Count", "number", lambda s: s.repeated),
    "total_usage": Metric("Total Usage", "currency", lambda s: s.cost),
    "credits_usage": Metric("Credits Usage", "currency", lambda s: s.cost),
    "openrouter_usage": Metric("OpenRouter Usage", "currency", lambda s: s.cost),
    "byok_usage": Metric("BYOK Usage", "currency", lambda s: 0.0),
    "byok_fees": Metric("BYOK Fees", "currency", lambda s: 0.0),
    "usage_upstream": Metric("Upstream Usage", "currency", lambda s: s.upstream),
    "usage_web": Metric("Web Search Usage", "currency", lambda s: s.web),
    "cache_hit_rate": Metric(
        "Cache Hit Rate", "percent", lambda s: _share(s.cached_tokens, s.prompt_tokens), rate=True
    ),
    "response_cached_rate": Metric(
        "Response Cached Rate", "percent", lambda s: _share(s.repeated, s.requests), rate=True
    ),
}
"""What is worked out. Money is in US dollars. Nothing is paid with a provider's own key (BYOK) here."""

OTHER_METRICS = (
    "guardrail_invoked_count", "guardrail_invoked_rate", "usage_cache", "usage_data", "usage_upstream_web", "usage_file",
    "usage_upstream_file", "usage_web_fetch", "usage_upstream_web_fetch", "avg_latency", "p50_latency", "p90_latency",
    "p99_latency", "avg_throughput", "p50_throughput", "p90_throughput", "p99_throughput",
)  # fmt: skip
"""Described by the service, and not worked out here."""

DIMENSIONS: dict[str, Dimension] = {
    "model": Dimension("Model", lambda line: catalogue.dated_slug(line.model)),
    "api_key_id": Dimension("API Key", lambda line: line.key_name, lambda line: line.key),
    "user": Dimension("User", lambda line: USER),
    "workspace": Dimension("Workspace", lambda line: WORKSPACE_NAME, lambda line: WORKSPACE),
    "provider": Dimension("Provider", lambda line: line.provider, short=True),
    "external_user": Dimension("External User", lambda line: line.user, short=True),
}
"""What rows can be split by. `external_user` is the `user` field of requests, `user` the member of the account."""
OTHER_DIMENSIONS = (
    "variant",
    "app",
    "generation_id",
    "origin",
    "country",
    "finish_reason",
    "context_length_bucket",
)


def _week(day: datetime) -> datetime:
    return day - timedelta(days=day.weekday())


STEPS: dict[str, Callable[[datetime], datetime]] = {
    "hour": lambda time: time,
    "day": lambda time: time.replace(hour=0),
    "week": lambda time: _week(time.replace(hour=0)),
    "month": lambda time: time.replace(day=1, hour=0),
}
"""The beginning of the step that an hour is in, UTC; weeks begin on Monday."""
OTHER_STEPS = ("minute",)


def step_of(line: Line, granularity: str) -> str:
    """The beginning of a line's step, as rows have it: 2026-11-20T00:00:00.000Z."""
    return STEPS[granularity](datetime.fromtimestamp(line.hour, UTC)).strftime("%Y-%m-%dT%H:%M:%S.000Z")
