"""The checkers of 00-start-here."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from ..show.markup import usd
from .sending import ask
from .verdict import Verdict, is_number, judged, not_yet, right, shown

CALLS, SEATS, WEEK_USD = 100_000, 30, 15
LEAST_USD = 0.01
"""With less a seat could not make a few calls of this course."""
FIELDS = ("name", "limit", "limit_reset", "include_byok_in_limit", "expires_at", "disabled")
TODAY = datetime(2026, 11, 22, tzinfo=UTC)
"""The day of the recordings: what ends before it has ended."""


@judged
def nightly_cost(answer: Any, response: Any) -> Verdict:
    """The cost of 100,000 calls like `response`, in US dollars, to within two percent."""
    one = response.usage.cost
    wanted = one * CALLS
    if answer is None:
        return not_yet(f"answer is still empty. One call cost {usd(one)}; the job makes {CALLS:,} of them.")
    if not is_number(answer):
        return not_yet(f"a number is needed, in US dollars, not {shown(answer)}.")
    answer = float(answer)
    if abs(answer - wanted) <= 0.02 * wanted:
        return right(f"a night costs {usd(round(wanted, 4))}. It is {usd(round(wanted * 365, 2))} a year.")
    if abs(answer - one) <= 0.02 * one:
        return not_yet("that is one call. The job makes 100,000 of them.")
    if abs(answer - wanted * 100) <= 2 * wanted:
        return not_yet("that looks like cents. The question asks for dollars.")
    direction = "more" if answer > wanted else "less"
    return not_yet(
        f"{usd(float(answer))} is {direction} than the calls would cost. Multiply the cost of one call ({usd(one)}) by {CALLS:,}."
    )


@judged
def workshop_key(answer: Any) -> Verdict:
    """A key's settings with which 30 seats stay within 15 dollars a week, and start afresh every week."""
    if not isinstance(answer, dict):
        return not_yet(f"the body of the request is an object such as {{'name': …, 'limit': …}}, not {shown(answer)}.")
    limit, reset = answer.get("limit"), answer.get("limit_reset")
    strange = [name for name in answer if name not in FIELDS]
    if strange and (limit is None or reset is None):
        return not_yet(f"POST /keys has no field {shown(strange[0])}. It takes {', '.join(FIELDS)}.")
    if limit is None:
        return not_yet("without a limit each seat may spend everything the account has. Which field draws the line?")
    if not is_number(limit):
        return not_yet(f"limit takes a number of US dollars, not {shown(limit)}.")
    if limit <= 0:
        return not_yet(
            f"with limit {shown(limit)} the seat cannot make a call. It is the number of dollars one seat may spend."
        )
    if reset not in ("daily", "weekly", "monthly", None):
        return not_yet(f"limit_reset {shown(reset)} is not known; it takes 'daily', 'weekly', 'monthly' or None.")
    weekly = limit * SEATS * (7 if reset == "daily" else 1)
    if weekly > WEEK_USD + 1e-9:
        return not_yet(
            f"{SEATS} seats may spend {usd(float(weekly))} in one week, and the budget is ${WEEK_USD}. What is one seat's share?"
        )
    if reset in (None, "monthly"):
        then = "stays empty" if reset is None else "gets new money only next month"
        return not_yet(
            f"the money fits, but a seat that has spent its {usd(float(limit))} {then}. The budget is a weekly one."
        )
    name, expires = answer.get("name"), answer.get("expires_at")
    if not (isinstance(name, str) and name.strip()):
        return not_yet("the limit fits, but a key needs a name: without one you will not know whose key to switch off.")
    if answer.get("disabled") is True:
        return not_yet("the limit fits, but a key that is disabled cannot make a call.")
    if limit < LEAST_USD:
        return not_yet(f"with {limit:g} dollars a seat can make hardly a call: give it what the budget allows.")
    if expires is not None and _moment(expires) is None:
        return not_yet(f"expires_at takes a time such as '2027-01-31T12:00:00Z', not {shown(expires)}: leave it out.")
    if expires is not None and _moment(expires) <= TODAY:
        return not_yet(f"this key ends on {expires}, which is before the workshop. Leave expires_at out.")
    reply = ask(answer, path="/keys", key="management")
    if isinstance(reply, Verdict):
        return reply
    return right(
        f"{SEATS} seats spend at most {usd(float(weekly))} a week, and each can see what is left with GET /key."
    )


def _moment(text: Any) -> datetime | None:
    """The moment that an ISO text names, in UTC where it says no zone; None for anything else."""
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
