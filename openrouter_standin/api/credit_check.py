"""What an account is asked before a request is routed: the free-model limits, the key's limit, whether the credits could pay."""

from __future__ import annotations

from decimal import Decimal

from .. import catalogue
from ..chat_request import ChatRequest
from ..errors import no_credit
from ..faults import Faults
from ..state import State


def check_account(chat: ChatRequest, state: State, faults: Faults) -> None:
    """Raise `ApiError` when the account may not or cannot pay for this request.

    Without max_tokens the credit check assumes the model's maximum (docs, limits).
    """
    row = catalogue.find(chat.model)
    if row is None:
        return
    if chat.model.endswith(":free") or chat.model == "openrouter/free":
        state.count_free_request(faults.free_used)
        return
    state.check_key(chat.key)
    price = Decimal(row["pricing"]["completion"])
    if price <= 0:
        return
    credits = state.credits - state.usage if faults.credits is None else faults.credits
    wanted = chat.limit or row["top_provider"]["max_completion_tokens"] or 65536
    affordable = int(Decimal(str(credits)) / price)
    if wanted > affordable:
        raise no_credit(credits, wanted, affordable)
