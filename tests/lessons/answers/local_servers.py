"""Answers to the exercises of 35-local-servers: for each checker the unedited one, wrong ones, right ones."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import openai


def unedited_bill(response: Any) -> Any:
    return response.usage.cost


def bill(response: Any) -> Any:
    if response.usage is None:
        return None
    return getattr(response.usage, "cost", None) or 0.0


def by_extra(response: Any) -> Any:
    return None if response.usage is None else (response.usage.model_extra or {}).get("cost") or 0


def by_dump(response: Any) -> Any:
    usage = response.model_dump()["usage"]
    return usage and (usage.get("cost") or 0.0)


def by_attribute(response: Any) -> Any:
    try:
        return response.usage.cost or 0.0
    except AttributeError:
        return None if response.usage is None else 0.0


def by_details(response: Any) -> Any:
    """The same figure at another place."""
    if not response.usage:
        return None
    return (getattr(response.usage, "cost_details", None) or {}).get("upstream_inference_cost") or 0.0


class Bill:
    def __call__(self, response: Any) -> Any:
        return bill(response)


def always_zero(response: Any) -> Any:
    return 0.0


def zero_for_unknown(response: Any) -> Any:
    return bill(response) or 0.0


def none_for_free(response: Any) -> Any:
    return bill(response) or None


def in_cents(response: Any) -> Any:
    found = bill(response)
    return found and found * 100


def as_text(response: Any) -> Any:
    found = bill(response)
    return None if found is None else f"${found:.8f}"


def rounded(response: Any) -> Any:
    found = bill(response)
    return found if found is None else round(found, 4)


def by_provider(response: Any) -> Any:
    """Not every answer with a provider has a usage."""
    return response.usage.cost if hasattr(response, "provider") else 0.0


def default_of_get(response: Any) -> Any:
    """A cost that is there and null."""
    return None if response.usage is None else (response.usage.model_extra or {}).get("cost", 0.0)


def tokens(response: Any) -> Any:
    return response.usage and response.usage.total_tokens


def prints(response: Any) -> None:
    bill(response)


def as_dict(response: Any) -> Any:
    return response["usage"].get("cost", 0)


async def waits(response: Any) -> Any:
    return bill(response)


def extra_of_none(response: Any) -> Any:
    return response.usage.model_extra.get("cost", 0)


def unedited_leads(problem: Exception) -> bool:
    return isinstance(problem, openai.APIConnectionError)


GO_ON = {402, 404, 408, 429}


def leads_on(problem: Exception) -> bool:
    if isinstance(problem, openai.APIConnectionError):
        return True
    status = getattr(problem, "status_code", 400)
    return status in GO_ON or status >= 500


def by_types(problem: Exception) -> bool:
    kinds = (openai.APIConnectionError, openai.NotFoundError, openai.RateLimitError, openai.InternalServerError)
    return isinstance(problem, kinds) or getattr(problem, "status_code", None) in (402, 408)


def by_what_does_not(problem: Exception) -> bool:
    if not isinstance(problem, openai.APIError):
        return False
    return getattr(problem, "status_code", None) not in (400, 401, 403, 409, 413, 422)


def by_match(problem: Exception) -> bool:
    match problem:
        case openai.APITimeoutError() | openai.APIConnectionError():
            return True
        case openai.APIStatusError(status_code=code):
            return code in GO_ON or code >= 500
    return False


class Leads:
    def __call__(self, problem: Exception) -> bool:
        return leads_on(problem)


def with_413(problem: Exception) -> bool:
    """A longer context elsewhere: neither right nor wrong here."""
    return leads_on(problem) or getattr(problem, "status_code", None) in (403, 413)


def everything(problem: Exception) -> bool:
    return True


def nothing(problem: Exception) -> bool:
    return False


def any_api_error(problem: Exception) -> bool:
    return isinstance(problem, openai.APIError)


def without_402(problem: Exception) -> bool:
    return leads_on(problem) and getattr(problem, "status_code", None) != 402


def without_404(problem: Exception) -> bool:
    return leads_on(problem) and getattr(problem, "status_code", None) != 404


def only_server_faults(problem: Exception) -> bool:
    return isinstance(problem, openai.APIConnectionError) or getattr(problem, "status_code", 0) >= 500


def with_401(problem: Exception) -> bool:
    return leads_on(problem) or getattr(problem, "status_code", None) == 401


def with_422(problem: Exception) -> bool:
    return leads_on(problem) or getattr(problem, "status_code", None) == 422


def by_status_alone(problem: Any) -> bool:
    return problem.status_code >= 402


def own_errors_too(problem: Exception) -> bool:
    return leads_on(problem) or isinstance(problem, ValueError)


def as_number(problem: Exception) -> int:
    return int(leads_on(problem))


def until_503(problem: Exception) -> bool:
    """529 is above it."""
    return leads_on(problem) and getattr(problem, "status_code", 0) <= 503


def returns_none(problem: Exception) -> Any:
    with suppress(Exception):
        leads_on(problem)


def not_a_timeout(problem: Exception) -> bool:
    return leads_on(problem) and not isinstance(problem, openai.APITimeoutError)


CASES = {
    "bills": (
        unedited_bill,
        [
            always_zero,
            zero_for_unknown,
            none_for_free,
            in_cents,
            as_text,
            rounded,
            by_provider,
            default_of_get,
            tokens,
            prints,
            as_dict,
            waits,
            extra_of_none,
            4.07e-06,
            None,
        ],
        [bill, by_extra, by_dump, by_attribute, by_details, Bill(), lambda response: bill(response)],
    ),
    "leads_on": (
        unedited_leads,
        [
            everything,
            nothing,
            any_api_error,
            without_402,
            without_404,
            only_server_faults,
            with_401,
            with_422,
            by_status_alone,
            own_errors_too,
            as_number,
            until_503,
            returns_none,
            not_a_timeout,
            True,
        ],
        [leads_on, by_types, by_what_does_not, by_match, Leads(), with_413, lambda problem: leads_on(problem)],
    ),
}
