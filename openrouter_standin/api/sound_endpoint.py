"""Which endpoint speaks or listens: those of a model in a drawn order, until one serves.

`order`, `only` and `ignore` are not applied on these routes (docs, speech to text, 2026-09): `provider` passes options on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .. import catalogue, errors
from ..endpoint import Endpoint
from ..errors import ApiError, refusal
from ..faults import Faults
from ..guardrails import check_endpoint
from ..http_request import HttpRequest
from ..ids import hash_of
from ..state import State
from .credit_check import check_spending

Attempts = list[tuple[Endpoint, int]]


def known_model(model: str, rows: Mapping[str, Mapping[str, Any]], modality: str) -> Mapping[str, Any]:
    """What data/speech.json says of a model. The refusals are those of chat completions: 400 for no model at all, 404 for one
    that does something else."""
    if model in rows:
        return rows[model]
    if catalogue.find(model) is None and model not in catalogue.sound_ids():
        raise errors.unknown_model(model, user=False)
    step = {"failed_routing_step": "Filter by Model Output Modalities"}
    text = f"No endpoints found that support the requested output modalities: {modality}"
    raise refusal(404, text, step, user=False)


def find_endpoint(
    http: HttpRequest, state: State, faults: Faults, about: Mapping[str, Any], seed: str
) -> tuple[Endpoint, Attempts]:
    """The endpoint that serves, and every one that was asked with its status. Raises `ApiError`: the account's, or the last
    endpoint's."""
    check_spending(http.key, state, faults)
    attempts: Attempts = []
    refused: Sequence[ApiError] = ()
    for provider in sorted(about["providers"], key=lambda name: hash_of(seed + name)):
        endpoint = catalogue.only_endpoint(about["id"], provider)
        try:
            check_endpoint(endpoint, state.guardrail_of(http.key))
            faults.refuse_at(endpoint.slug, provider, about["id"])
        except ApiError as error:
            refused = [*refused, error]
            attempts.append((endpoint, error.status))
            continue
        if faults.error_in_200:
            raise errors.error_inside_200(provider)
        return endpoint, [*attempts, (endpoint, 200)]
    raise refused[-1]
