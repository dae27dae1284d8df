"""From a plan to an endpoint: the models a request means, one attempt after another, and what the metadata says of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from . import catalogue, content_parts, guardrails
from .chat_request import ChatRequest
from .endpoint import Endpoint
from .errors import ApiError, invalid, refusal
from .faults import Faults
from .files import stage_of
from .ids import hash_of
from .model_router import STRATEGIES, pick_model
from .routing.filters import PARAMETERS
from .routing.planner import INITIAL, Plan, plan
from .routing.preferences import BadPreference
from .state import State

ROUTED_BY = (*PARAMETERS, "max_tokens", "service_tier", "session_id")
"""The fields beside `provider` and the models that routing looks at."""


@dataclass
class Dispatch:
    """Where a request went: the plan, every call made upstream with its status, the endpoint that served it."""

    plan: Plan
    attempts: list[tuple[Endpoint, int]] = field(default_factory=list)
    served: Endpoint | None = None


def dispatch_request(
    chat: ChatRequest, state: State, faults: Faults, check_endpoint: Callable[[Endpoint], None]
) -> Dispatch:
    """Plan, then try one endpoint after another, as fallbacks allow, until one serves.

    What a provider says (it is down, rate-limited, or refuses the request) leads to the next endpoint. What the service
    says of a model (`check_endpoint` raises something else) leads to the next model of the fallback list: another
    provider of the same model would not help. Raises `ApiError`: 404 when no endpoint is left, else the last attempt's
    error with those before it (`previous_errors`, logs of 2026).
    """
    going = Dispatch(_plan(chat, state))
    refused: list[ApiError] = []
    given_up: set[str] = set()
    for endpoint in _draw(going.plan, chat.seed)[: going.plan.attempts]:
        if endpoint.model in given_up:
            continue
        try:
            faults.refuse_at(endpoint.slug, endpoint.provider, endpoint.model)
            check_endpoint(endpoint)
        except ApiError as error:
            refused.append(error)
            going.attempts.append((endpoint, error.status))
            if not error.from_provider:
                given_up.add(endpoint.model)
            continue
        going.attempts.append((endpoint, 200))
        going.served = endpoint
        return going
    if refused:
        raise _with_metadata(_with_files(_last_of(refused), chat), chat, going)
    raise _no_endpoint(chat, going, state)


def _plan(chat: ChatRequest, state: State) -> Plan:
    tag, picked = state.stuck_to(chat.session) or (None, None)
    guardrail = state.guardrail_of(chat.key)
    models = [
        picked if picked and model == chat.model else pick_model(model, chat, guardrail)
        for model in chat.models
        if catalogue.find(model)
    ]
    able, step, message = _able(chat, models)
    if not able:
        total = sum(len(catalogue.endpoints(model)) for model in models)
        return Plan(funnel=[(INITIAL, total)], failed_step=step, error=(404, message))
    fields = {k: chat.body[k] for k in ROUTED_BY if chat.body.get(k) is not None}
    try:
        return plan(
            [e for model in able for e in catalogue.routable(model)],
            provider=chat.body.get("provider"),
            model=able[0],
            models=[catalogue.find(m)["id"] for m in able] if len(able) > 1 else (),
            previous=tag,
            account={"guardrail": guardrail} if guardrail else None,
            **fields,
        )
    except BadPreference as bad:
        raise invalid(str(bad)) from None


def _able(chat: ChatRequest, models: list[str]) -> tuple[list[str], str, str]:
    """The models that take what the prompt holds and give what it asks for; the step and the sentence when there is none.

    Sentences and steps: DeepTutor#1348 (2026-09), github/app#2163 (2026-07); the step for sound and video is by analogy.
    """
    rows = {model: catalogue.find(model) for model in models}
    giving = [model for model in models if not content_parts.missing_output(chat.body, rows[model])]
    if not giving:
        wanted = ", ".join(chat.body["modalities"])
        message = f"No endpoints found that support the requested output modalities: {wanted}"
        return [], "Filter by Model Output Modalities", message
    lacks = {model: content_parts.missing_input(chat.body, rows[model]) for model in giving}
    taking = [model for model in giving if not lacks[model]]
    missing = lacks[giving[0]] or ""
    return taking, f"Filter by {missing.title()} Support", f"No endpoints found that support {missing} input"


def _draw(result: Plan, seed: str) -> list[Endpoint]:
    """One order of attempts: group after group, and within a group drawn evenly by a hash of the request.

    Real shares are not published, so the stand-in gives every endpoint of a group the same chance.
    """
    return [e for group in result.groups for e in sorted(group, key=lambda e: hash_of(seed + e.tag + e.model))]


def _no_endpoint(chat: ChatRequest, going: Dispatch, state: State) -> ApiError:
    status, message = going.plan.error or (404, f"No endpoints found for {chat.model}.")
    detail: dict[str, Any] = {}
    if going.plan.failed_step == "Filter by Allowed Providers":
        detail["available_providers"] = list(dict.fromkeys(x.endpoint.slug for x in going.plan.out))
        detail["requested_providers"] = list(chat.provider.get("only") or [])
    guardrail = state.guardrail_of(chat.key)
    if guardrail and going.plan.failed_step == guardrails.STEP:
        out = [x.endpoint for x in going.plan.out if x.field == "guardrail"]
        detail |= guardrails.refused_because(out, guardrail)
    detail["routing_funnel"] = [{"step": step, "endpoint_count": n} for step, n in going.plan.funnel]
    if going.plan.failed_step:
        detail["failed_routing_step"] = going.plan.failed_step
    return _with_metadata(refusal(status, message, detail, user=False), chat, going)


def _last_of(refused: list[ApiError]) -> ApiError:
    """The last error, with what the endpoints before it said."""
    *before, last = refused
    earlier = [error.as_previous() for error in before if error.from_provider]
    if earlier and last.from_provider:
        last.response["body"]["error"]["metadata"]["previous_errors"] = earlier
    return last


def _with_files(error: ApiError, chat: ChatRequest) -> ApiError:
    """A provider's error with what was parsed for it: sent back, it saves parsing the file again (docs, PDF inputs, 2026-08).

    Whether the parser is paid then is not documented: here it is not.
    """
    notes = [file.annotation for file in chat.files_at(chat.model) if file.is_parsed] if error.from_provider else []
    if notes:
        error.response["body"]["error"]["metadata"]["file_annotations"] = notes
    return error


def _with_metadata(error: ApiError, chat: ChatRequest, going: Dispatch) -> ApiError:
    metadata = metadata_of(chat, going)
    if metadata:
        error.response["body"]["openrouter_metadata"] = metadata
    return error


def metadata_of(chat: ChatRequest, going: Dispatch) -> dict[str, Any] | None:
    """`openrouter_metadata` (docs, router metadata), or None when the request does not ask for it.

    Models have their dated slugs here (reports of autumn 2026). What `strategy` says for a fallback is not documented: "direct".
    """
    if not chat.wants_metadata:
        return None
    everyone = going.plan.kept
    summary = f"available={len(everyone)}"
    if len(going.attempts) > 1:
        summary += f", attempts={len(going.attempts)}"
    if going.served:
        summary += f", selected={going.served.provider}"
    available = [
        {"provider": e.provider, "model": catalogue.dated_slug(e.model), "selected": e is going.served}
        for e in everyone
    ]
    metadata: dict[str, Any] = {
        "requested": chat.model,
        "strategy": STRATEGIES.get(chat.model.partition(":")[0], "latest" if chat.model[0] == "~" else "direct"),
        "region": "iad",
        "summary": summary,
        "attempt": len(going.attempts),
        "is_byok": False,
        "endpoints": {"total": dict(going.plan.funnel).get(INITIAL, 0), "available": available},
    }
    if going.attempts:
        metadata["attempts"] = [
            {"provider": e.provider, "model": catalogue.dated_slug(e.model), "status": status}
            for e, status in going.attempts
        ]
    if going.served and (stage := stage_of(chat.files_at(going.served.model))):
        metadata["pipeline"] = [stage]
    return metadata
