"""What an account is asked before a request is routed: the free-model limits, the key's limit, whether the credits could pay."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from .. import catalogue, errors
from ..billing.prices import prices_at
from ..chat_request import ChatRequest
from ..faults import Faults
from ..guardrails import check_endpoint
from ..http_request import HttpRequest
from ..state import State

KEY_IS_LOW = {
    "limit_source": "openrouter_key_limit",
    "remedy_hint": f"Raise the limit of this key at {errors.KEYS_PAGE}, or lower max_tokens / prompt size.",
    "provider_name": None,
}
"""Metadata of a 402 for a key (docs, limits; opencode#12219, 2026-02). The hint is the stand-in's own sentence."""
LEAST_FOR_MEDIA = 1.0
"""US dollars of balance."""


def check_account(chat: ChatRequest, state: State, faults: Faults) -> None:
    """Raise `ApiError` when the account or the key may not or cannot pay for this request."""
    row = catalogue.find(chat.model)
    if row is None:
        return
    if chat.model.endswith(":free") or chat.model == "openrouter/free":
        state.count_free_request(faults.free_used, chat.key)
        return
    state.check_key(chat.key)
    credits = _balance(chat.key, state, faults)
    paid = state.account_of(chat.key).paid and not faults.never_paid
    if credits <= 0:
        raise errors.account_empty()
    if "image" in chat.modalities and credits < LEAST_FOR_MEDIA:
        raise errors.balance_too_low("Pictures", LEAST_FOR_MEDIA)
    _check_money(chat, row, credits, errors.more_credits(paid), errors.LOW_CREDIT)
    left, reset = state.key_budget(chat.key)
    if left is not None:
        _check_money(chat, row, left, errors.higher_limit(reset), KEY_IS_LOW)


def check_spending(key: str, state: State, faults: Faults) -> None:
    """Raise `ApiError` when the key's limit or the account is spent: for calls that cost next to nothing."""
    state.check_key(key)
    if _balance(key, state, faults) <= 0:
        raise errors.account_empty()


def check_media(key: str, state: State, faults: Faults, price: float, what: str) -> None:
    """Raise `ApiError` when the account or the key cannot pay for pictures or a film.

    `price`: US dollars, known beforehand. `what`: "Pictures" or "Films". Pictures need a balance of at least 1 dollar (seen
    in 2026); that films do is by analogy.
    """
    check_spending(key, state, faults)
    credits = _balance(key, state, faults)
    if credits < max(price, LEAST_FOR_MEDIA):
        raise errors.balance_too_low(what, max(price, LEAST_FOR_MEDIA))
    left, reset = state.key_budget(key)
    if left is not None and left < price:
        raise errors.media_too_dear(price, left, reset, KEY_IS_LOW)


def pay(http: HttpRequest, state: State, faults: Faults, model: str, provider: str, usage: Mapping[str, Any]) -> None:
    """Check and charge a call that has one endpoint, and so is not routed: embeddings and reranking.

    `model`: its id. `provider`: its display name. `usage`: what is charged. Raises `ApiError`.
    """
    check_spending(http.key, state, faults)
    served = catalogue.only_endpoint(model, provider)
    check_endpoint(served, state.guardrail_of(http.key))
    state.book(http.key, served, usage, http.body.get("user"))


def _balance(key: str, state: State, faults: Faults) -> float:
    """US dollars that are left on the account of a key."""
    account = state.account_of(key)
    return account.credits - account.usage if faults.credits is None else faults.credits


def _check_money(
    chat: ChatRequest, row: dict[str, Any], dollars: float, ways_out: str, metadata: dict[str, Any]
) -> None:
    """Raise 402 when so many dollars cannot pay for the prompt, or for the longest answer that the request allows.

    Without max_tokens that is the model's longest (docs, limits).
    """
    prices = prices_at(row["pricing"], chat.prompt_tokens)
    wanted = chat.limit or row["top_provider"]["max_completion_tokens"] or 65536
    for tokens, price, refuse in (
        (chat.prompt_tokens, prices["prompt"], errors.prompt_too_dear),
        (wanted, prices["completion"], errors.no_credit),
    ):
        affordable = int(Decimal(str(round(max(dollars, 0.0), 12))) / price) if price > 0 else tokens
        if tokens > affordable:
            raise refuse(ways_out, tokens, affordable, metadata)
