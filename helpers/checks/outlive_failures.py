"""The checkers of 06-outlive-failures: what happens when a provider fails, and what a report says of it."""

from __future__ import annotations

import copy
from decimal import Decimal
from typing import Any

from ..show.markup import usd
from .routing_options import FIGURES, GLM, names, only_by_figures, only_today, plan_of, request_with, unit_hint
from .sending import attempts, served
from .verdict import Verdict, judged, not_yet, right, shown, tried

OUTLIVE_CAP = Decimal("0.20")


@judged
def outlive(answer: Any) -> Verdict:
    """Together first; without it another provider, none above 20 cents."""
    plan = plan_of(answer)
    if isinstance(plan, Verdict):
        return plan
    out = next((x for x in plan.out if x.endpoint.slug == "together"), None)
    if out is not None:
        return not_yet(f"Together is never asked: {out.reason} ({out.field}). {unit_hint(answer)}".rstrip())
    unsure = next((u for u in plan.unknown if u.endpoint.slug == "together" and u.field == "max_price"), None)
    if unsure is not None:
        return not_yet(
            "your cap is exactly Together's price, and users report that such an endpoint goes. Leave it some room."
        )
    if [e.slug for e in plan.first] != ["together"]:
        return not_yet(
            f"{names(plan.first)} may be asked first, although Together is up. Which field names a favourite?"
        )
    if only_by_figures(answer, "together"):
        return not_yet(FIGURES)
    others = [e for e in plan.kept if e.slug != "together"]
    if not others or not served(attempts(request_with(answer), down=["together"])):
        return not_yet("on the night Together is down, no one answers: your users see the 502.")
    dear = [e for e in others if e.prompt > OUTLIVE_CAP]
    if dear:
        return not_yet(
            f"when Together is down, {names(dear)} may answer, at up to {usd(max(e.prompt for e in dear))}. {unit_hint(answer)}".rstrip()
        )
    return right(
        f"Together goes first; without it {len(others)} other{'s'[: len(others) > 1]} can answer, none above {usd(max(e.prompt for e in others))}.{only_today(answer)}"
    )


# --- why this provider and not that one ------------------------------------------------------------------------------


def _report(available: list[str], attempts: list[tuple[str, int]]) -> dict[str, Any]:
    """A report as `openrouter_metadata` has it."""
    answered = next((name for name, status in attempts if status == 200), None)
    rows = [{"provider": name, "model": GLM, "selected": False} for name in available]
    mine = [row for row in rows if row["provider"] == answered]
    if mine:  # the attempts at one provider go through its endpoints in turn
        mine[sum(name == answered for name, _ in attempts) - 1]["selected"] = True
    tried = [{"provider": name, "model": GLM, "status": status} for name, status in attempts]
    report = {
        "requested": GLM,
        "strategy": "direct",
        "attempt": len(tried),
        "endpoints": {"total": 33, "available": rows},
    }
    return report | ({"attempts": tried} if tried else {})


FIRST_TRY = _report(["Together", "Fireworks", "Fireworks"], [("Together", 200)])
SECOND_TRY = _report(["Together", "Fireworks", "Novita"], [("Together", 502), ("Fireworks", 200)])
TWO_ENDPOINTS = _report(["Fireworks", "Fireworks", "Novita"], [("Fireworks", 429), ("Fireworks", 200)])
ALL_FAILED = _report(["Together", "Fireworks"], [("Together", 502), ("Fireworks", 503)])
NOBODY_LEFT = _report([], [])
CASES: tuple[tuple[str, Any, str, str], ...] = (
    ("the first that was tried answered", FIRST_TRY, "Together", "answered"),
    ("another answered at once", FIRST_TRY, "Fireworks", "not tried"),
    ("it failed, and another answered", SECOND_TRY, "Together", "failed"),
    ("it answered after another had failed", SECOND_TRY, "Fireworks", "answered"),
    ("two others were tried", SECOND_TRY, "Novita", "not tried"),
    ("it was excluded", SECOND_TRY, "DeepInfra", "not available"),
    ("its first endpoint failed, its second answered", TWO_ENDPOINTS, "Fireworks", "answered"),
    ("every provider failed", ALL_FAILED, "Fireworks", "failed"),
    ("no provider was left, so the report has no attempts", NOBODY_LEFT, "Together", "not available"),
    ("the log has no report", None, "Together", "no report"),
)
"""What happened, the report, the provider that is asked about, the right answer."""
HINTS = {
    "answered": "What do the attempts say?",
    "failed": "What do the attempts say?",
    "not tried": "It was available, and the attempts do not name it.",
    "not available": "Is it among the endpoints that were available?",
}


@judged
def tells_why(answer: Any) -> Verdict:
    """The reader's function tells for each made-up report why a provider did or did not answer."""
    if not callable(answer):
        return not_yet(f"this is not a function but {shown(answer)}.")
    for what, report, provider, wanted in CASES:
        found = tried(f"when {what}, it raises", answer, _copied(report), provider)
        if not isinstance(found, str) or found != wanted:
            return not_yet(f"when {what}, it says {shown(found)} of {provider}. {HINTS.get(wanted, '')}".rstrip())
    return right(
        f"it tells all {len(CASES)} cases apart, also a provider with two endpoints and a log without a report."
    )


def _copied(report: Any) -> Any:
    """Each call gets a report of its own, or one function could change what the next sees."""
    return copy.deepcopy(report)
