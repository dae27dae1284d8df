"""The `provider` object of a request: its fields, and what each takes.

Source: OpenRouter docs, guides/routing/provider-selection, as of 2026-08-22.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

SORTS = ("price", "throughput", "latency", "exacto")
QUANTIZATIONS = ("int4", "int8", "fp4", "mxfp4", "nvfp4", "fp6", "fp8", "mxfp8", "fp16", "bf16", "fp32", "unknown")
FIELDS = (
    "order",
    "only",
    "ignore",
    "allow_fallbacks",
    "quantizations",
    "sort",
    "max_price",
    "data_collection",
    "zdr",
    "require_parameters",
    "preferred_min_throughput",
    "preferred_max_latency",
    "enforce_distillable_text",
)


PRICES = ("prompt", "completion", "request", "image", "audio")


class BadPreference(ValueError):
    """A `provider` field of a wrong type or value, as one sentence that names the field."""


def check_preferences(provider: Mapping[str, Any]) -> dict[str, Any]:
    """Check types as the service does (unknown fields are ignored, wrong types refused); drop fields set to null."""
    if not isinstance(provider, Mapping):
        raise BadPreference(f"provider takes an object, not {provider!r}")
    wants = {k: v for k, v in provider.items() if k in FIELDS and v is not None}
    for name in ("order", "only", "ignore", "quantizations"):
        if name in wants and not (
            isinstance(wants[name], list | tuple) and all(isinstance(s, str) for s in wants[name])
        ):
            raise BadPreference(f"provider.{name} takes a list of strings, not {wants[name]!r}")
    for bad in [q for q in wants.get("quantizations", ()) if q not in QUANTIZATIONS]:
        raise BadPreference(f"provider.quantizations does not take {bad!r}; it takes {', '.join(QUANTIZATIONS)}")
    for name in ("allow_fallbacks", "zdr", "require_parameters", "enforce_distillable_text"):
        if name in wants and not isinstance(wants[name], bool):
            raise BadPreference(f"provider.{name} takes true or false, not {wants[name]!r}")
    if wants.get("data_collection", "allow") not in ("allow", "deny"):
        raise BadPreference(f"provider.data_collection takes 'allow' or 'deny', not {wants['data_collection']!r}")
    _check_sort(wants.get("sort"))
    for name in ("preferred_min_throughput", "preferred_max_latency"):
        if name in wants:
            wants[name] = _cutoffs(name, wants[name])
    if "max_price" in wants:
        wants["max_price"] = _ceilings(wants["max_price"])
    return wants


def _check_sort(sort: Any) -> None:
    by = sort.get("by") if isinstance(sort, Mapping) else sort
    if by is not None and by not in SORTS:
        raise BadPreference(f"provider.sort takes {', '.join(SORTS)}, not {by!r}")
    if isinstance(sort, Mapping) and sort.get("partition") not in (None, "model", "none"):
        raise BadPreference(f"provider.sort.partition takes 'model' or 'none', not {sort['partition']!r}")


def _cutoffs(name: str, value: Any) -> dict[str, float]:
    """A plain number is the cutoff for p50."""
    cutoffs = value if isinstance(value, Mapping) else {"p50": value}
    for key, number in cutoffs.items():
        if key not in ("p50", "p75", "p90", "p99") or isinstance(number, bool) or not isinstance(number, int | float):
            raise BadPreference(f"provider.{name} takes a number or {{p50, p75, p90, p99}}, not {value!r}")
    return dict(cutoffs)


def _ceilings(value: Any) -> dict[str, Decimal]:
    if not isinstance(value, Mapping):
        raise BadPreference(f"provider.max_price takes an object such as {{'prompt': 0.5}}, not {value!r}")
    ceilings = {}
    for kind, limit in value.items():
        try:
            ceilings[kind] = Decimal(str(limit))
            if not 0 <= ceilings[kind] < Decimal("Infinity"):
                raise InvalidOperation
        except InvalidOperation:
            raise BadPreference(f"provider.max_price.{kind} takes dollars per million tokens, not {limit!r}") from None
    return ceilings


def sort_suffix(model: str) -> str:
    """The suffix that routing looks at; suffixes combine, and the last one that sorts wins (docs, model variants)."""
    found = model.split(":")[1:]
    return next((s for s in reversed(found) if s in ("nitro", "floor", "exacto")), found[-1] if found else "")


def sort_of(wants: Mapping[str, Any], suffix: str) -> tuple[str | None, str]:
    """`(by, partition)`; an explicit sort wins over a suffix."""
    sort = wants.get("sort")
    if isinstance(sort, Mapping):
        by, partition = sort.get("by"), sort.get("partition") or "model"
    else:
        by, partition = sort, "model"
    return by or {"nitro": "throughput", "floor": "price", "exacto": "exacto"}.get(suffix), partition


def passed_over(provider: Mapping[str, Any], request: Mapping[str, Any]) -> list[str]:
    """A sentence for each field that has no effect where it stands: the service passes over it in silence (seen 2025-26)."""
    price = provider.get("max_price")
    inner = price if isinstance(price, Mapping) else {}
    return [
        *(f"{name!r} is no field of provider: it has no effect." for name in provider if name not in FIELDS),
        *(f"{name!r} is no field of max_price: it has no effect." for name in inner if name not in PRICES),
        *(f"{name!r} is a field of provider: here it has no effect." for name in request if name in FIELDS),
    ]
