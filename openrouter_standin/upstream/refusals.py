"""Which row of the table of refusals a request meets at an endpoint."""

from __future__ import annotations

from functools import cache

from ..chat_request import ChatRequest
from ..endpoint import Endpoint
from ..errors import provider_refused
from .conditions import CONDITIONS
from .table import Refusal, table


def refuse(chat: ChatRequest, endpoint: Endpoint) -> None:
    """Raise `ApiError` in the provider's own words when it refuses this request."""
    for row in _rows_for(endpoint.model, endpoint.provider):
        found = CONDITIONS[row.when](chat, row.settings)
        if found is not None:
            raise provider_refused(row.status, row.said(found), endpoint.provider)


@cache
def _rows_for(model: str, provider: str) -> list[Refusal]:
    return [row for row in table().values() if row.holds_for(model, provider)]
