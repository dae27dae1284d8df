"""POST /analytics/query and GET /analytics/meta: reports on the usage of the account (OpenAPI, 2026-08-22)."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .. import catalogue
from ..billing.ledger import Line, Sums
from ..billing.report import (
    DAY_S,
    DIMENSIONS,
    METRICS,
    OTHER_DIMENSIONS,
    OTHER_METRICS,
    OTHER_STEPS,
    STEPS,
    step_of,
)
from ..errors import Response, bad_request, not_imitated, not_json, ok
from ..http_request import HttpRequest
from ..ids import is_time, seconds_of
from ..state import State
from ..validation import is_number

SCALAR: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "neq": operator.ne,
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
}
LISTS = ("in", "not_in")
KNOWN = ("metrics", "dimensions", "filters", "granularity", "time_range", "order_by", "limit", "group_limit")
NOT_HERE = ("classifier_dimensions", "classifier_filters")
MOST_ROWS, ROWS, WEEK_S = 10_000, 1000, 7 * DAY_S
LONG_DAYS, SHORT_DAYS = 365, 31
"""How many days a query may span; fewer with a dimension that is kept for each generation."""


def get_meta(http: HttpRequest, state: State) -> Response:
    """What can be asked for here. The service knows more: what it describes and this does not is refused by name."""
    http.check_management()
    metrics = [
        {"name": name, "display_label": m.label, "is_rate": m.rate, "display_format": m.form}
        for name, m in METRICS.items()
    ]
    operators = [{"name": name, "value_type": "scalar"} for name in SCALAR]
    return ok(
        {
            "data": {
                "metrics": metrics,
                "dimensions": [{"name": name, "display_label": d.label} for name, d in DIMENSIONS.items()],
                "operators": operators + [{"name": name, "value_type": "array"} for name in LISTS],
                "granularities": [{"name": name, "display_label": name.title()} for name in STEPS],
            }
        }
    )


def query_analytics(http: HttpRequest, state: State) -> Response:
    """Rows of sums, in order, cut at `limit`. Without `time_range`: the last seven days."""
    http.check_management()
    query = Query.parse(http.body, state.now)
    lines = [each for each in state.ledger.lines(query.start, query.end) if query.keeps(each[0])]
    rows = query.ordered(query.grouped(lines))
    shown = rows[: query.limit]
    data: dict[str, Any] = {
        "data": shown,
        "metadata": {"query_time_ms": 42, "row_count": len(shown), "truncated": len(rows) > len(shown)},
    }
    unknown = query.unknown_keys(state)
    if unknown:
        data["warnings"] = [f"Could not resolve api_key_id hash: {digest}" for digest in unknown]
    return ok({"data": data})


@dataclass(frozen=True)
class Query:
    """A checked query. `start`, `end`: Unix seconds, `end` left out. `order`: field and direction, or None."""

    metrics: list[str]
    dimensions: list[str]
    filters: list[Mapping[str, Any]]
    granularity: str | None
    start: float
    end: float
    order: tuple[str, str] | None
    limit: int
    group_limit: int | None

    @classmethod
    def parse(cls, body: Any, now: int) -> Query:
        """Raises `ApiError` for a query of a wrong form, or for what the stand-in does not work out."""
        if not isinstance(body, Mapping):
            raise not_json(user=False)
        _check_fields(body)
        metrics = _names(body, "metrics", METRICS, OTHER_METRICS)
        if not metrics:
            raise bad_request("metrics takes at least one name of GET /analytics/meta")
        dimensions = _names(body, "dimensions", DIMENSIONS, OTHER_DIMENSIONS)
        if len(dimensions) > 2:
            raise bad_request("dimensions takes at most 2 names")
        granularity = body.get("granularity")
        if granularity is not None:
            _check_name("granularity", granularity, STEPS, OTHER_STEPS)
        filters = _filters(body.get("filters") or [])
        start, end = _times(body.get("time_range"), now)
        asked = [*dimensions, *(f["field"] for f in filters)]
        most = SHORT_DAYS if any(DIMENSIONS[name].short for name in asked) else LONG_DAYS
        if end - start > most * DAY_S:
            raise bad_request(f"time_range spans at most {most} days with these dimensions and filters")
        return cls(
            metrics,
            dimensions,
            filters,
            granularity,
            start,
            end,
            _order(body.get("order_by"), [*metrics, *dimensions, "request_count"], granularity),
            _count(body, "limit", ROWS) or ROWS,
            _count(body, "group_limit", None),
        )

    def keeps(self, line: Line) -> bool:
        """Whether every filter lets a line through."""
        return all(_lets_through(f, DIMENSIONS[f["field"]].compared(line)) for f in self.filters)

    def grouped(self, lines: list[tuple[Line, Sums]]) -> list[dict[str, Any]]:
        """One row for each step of time and each combination of dimensions; without both, one row in all."""
        groups: dict[tuple[str, ...], Sums] = {} if self.granularity or self.dimensions else {(): Sums()}
        for line, sums in lines:
            step = (step_of(line, self.granularity),) if self.granularity else ()
            names = (DIMENSIONS[name].value(line) for name in self.dimensions)
            groups.setdefault((*step, *names), Sums()).add(sums)
        heads = ([f"date__{self.granularity}"] if self.granularity else []) + self.dimensions
        wanted = dict.fromkeys([*self.metrics, "request_count"])
        return [
            dict(zip(heads, group, strict=True)) | {name: METRICS[name].shown(sums) for name in wanted}
            for group, sums in sorted(groups.items())
        ]

    def ordered(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """In the order that is asked for; by default the newest step first. `group_limit` cuts each combination."""
        field, direction = self.order or ("date", "desc")
        field = f"date__{self.granularity}" if field == "date" else field
        rows = sorted(rows, key=lambda row: _sortable(row.get(field)), reverse=direction == "desc")
        seen: dict[tuple[Any, ...], int] = {}
        kept = []
        for row in rows:
            group = tuple(row[name] for name in self.dimensions)
            seen[group] = seen.get(group, 0) + 1
            if self.group_limit is None or not group or seen[group] <= self.group_limit:
                kept.append({name: v for name, v in row.items() if name != "request_count" or name in self.metrics})
        return kept

    def unknown_keys(self, state: State) -> list[str]:
        """Hashes of a filter by key that no key and no usage has."""
        asked = [v for f in self.filters if f["field"] == "api_key_id" for v in _listed(f["value"])]
        if not asked:
            return []
        known = {line.key for line, _ in state.ledger.lines(0, float("inf"))} | set(state.own_keys)
        return [str(v) for v in asked if v not in known]


def _check_fields(body: Mapping[str, Any]) -> None:
    for name in body:
        if name in NOT_HERE and body[name] is not None:
            raise not_imitated(name)
        if name not in (*KNOWN, *NOT_HERE):
            raise bad_request(f"there is no field {name}; the query takes {', '.join(KNOWN)}")


def _check_name(where: str, name: Any, known: Mapping[str, Any], others: tuple[str, ...]) -> None:
    if name in others:
        raise not_imitated(f"{where} {name!r}", f"It imitates {', '.join(known)}.")
    if not isinstance(name, str) or name not in known:
        raise bad_request(f"{where} takes names of GET /analytics/meta, not {name!r}")


def _names(body: Mapping[str, Any], where: str, known: Mapping[str, Any], others: tuple[str, ...]) -> list[str]:
    listed = body.get(where)
    if listed is None:
        return []
    if not isinstance(listed, list):
        raise bad_request(f"{where} takes a list of names")
    for name in listed:
        _check_name(where, name, known, others)
    return list(dict.fromkeys(listed))


def _filters(listed: Any) -> list[Mapping[str, Any]]:
    if not isinstance(listed, list) or len(listed) > 20:
        raise bad_request("filters takes a list of at most 20 filters")
    return [_filter(each) for each in listed]


def _filter(given: Any) -> Mapping[str, Any]:
    """One filter; a model may be named by its id or by its dated slug."""
    if not isinstance(given, Mapping) or not {"field", "operator", "value"} <= set(given):
        raise bad_request("a filter takes field, operator and value")
    _check_name("filters.field", given["field"], DIMENSIONS, OTHER_DIMENSIONS)
    how, value = given["operator"], given["value"]
    if how not in (*SCALAR, *LISTS):
        raise bad_request(f"filters.operator takes one of {', '.join((*SCALAR, *LISTS))}")
    if isinstance(value, list) != (how in LISTS) or not all(isinstance(v, str) or is_number(v) for v in _listed(value)):
        raise bad_request(f"filters.value takes {'a list' if how in LISTS else 'a text or a number'} with {how}")
    if given["field"] == "model":
        slugs = [catalogue.dated_slug(v) if isinstance(v, str) else v for v in _listed(value)]
        value = slugs if isinstance(value, list) else slugs[0]
    return {**given, "value": value}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _lets_through(given: Mapping[str, Any], value: str) -> bool:
    """Numbers are compared as texts. `in` and `not_in` pass over lines without a value unless `include_unset` is true."""
    how = given["operator"]
    if how in SCALAR:
        return SCALAR[how](value, str(given["value"]))
    if not value:
        return given.get("include_unset") is True
    return (value in [str(v) for v in given["value"]]) == (how == "in")


def _times(given: Any, now: int) -> tuple[float, float]:
    """Start and end, Unix seconds. The hour that runs belongs to the last seven days."""
    if given is None:
        return now - WEEK_S, now + 1
    if not isinstance(given, Mapping) or not all(is_time(given.get(name)) for name in ("start", "end")):
        raise bad_request("time_range takes start and end, each such as 2026-11-20T00:00:00Z")
    start, end = (seconds_of(given[name]) or 0.0 for name in ("start", "end"))
    if start >= end:
        raise bad_request("time_range.start must be before time_range.end")
    return start, end


def _order(given: Any, names: list[str], granularity: str | None) -> tuple[str, str] | None:
    if given is None:
        return ("date", "desc") if granularity else (names[0], "desc")
    known = [*names, "date"] if granularity else names
    if (
        not isinstance(given, Mapping)
        or given.get("field") not in known
        or given.get("direction") not in ("asc", "desc")
    ):
        raise bad_request(f"order_by takes a field of {', '.join(dict.fromkeys(known))}, and asc or desc as direction")
    return given["field"], given["direction"]


def _count(body: Mapping[str, Any], name: str, otherwise: int | None) -> int | None:
    value = body.get(name)
    if value is None:
        return otherwise
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= MOST_ROWS:
        raise bad_request(f"{name} takes a whole number from 1 to {MOST_ROWS}")
    return value


def _sortable(value: Any) -> tuple[int, float, str]:
    """Counts are texts in rows, and sort as numbers."""
    if isinstance(value, str) and not value.isdigit():
        return (1, 0.0, value)
    return (0, float(value or 0), "")
