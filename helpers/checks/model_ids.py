"""The checkers of 02-model-ids."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from openrouter_standin.billing.prices import prices_at

from ..show.markup import usd
from .verdict import Verdict, judged, not_yet, right, shown

CONTEXT, CEILING = 250_000, Decimal("0.12")
SUFFIXES = {
    "floor": "only puts its cheapest endpoints first, the slow flex ones among them",
    "nitro": "puts its quickest endpoints first, whatever they ask, so 12 cents cannot be promised",
    "exacto": "only puts the endpoints first that call tools best",
    "online": "searches the web with every call, which is charged beside the tokens",
}
"""What these suffixes do to a model that is right by itself."""
DATED = re.compile(r"20\d{6}$|20\d\d-\d\d-\d\d$")


@judged
def reads_invoices(answer: Any, catalogue: Mapping[str, Any]) -> Verdict:
    """An id of the catalogue that sees images, calls tools with structured output, is long enough and cheap enough."""
    if not isinstance(answer, str):
        return not_yet(f"an id is a text such as 'author/slug', not {shown(answer)}.")
    answer = str.__str__(answer)  # an enumeration of ids shows its own name otherwise
    model = _meant(answer, catalogue)
    if model is not None:
        return _fits(answer, model)
    base, _, suffix = answer.rpartition(":")
    model = _meant(base, catalogue) if suffix in SUFFIXES else None
    if model is None:
        return not_yet(f"{shown(answer)} is not in the catalogue; an id looks like 'author/slug'.")
    fits = _fits(base, model)
    return not_yet(f"{base} is right by itself; :{suffix} {SUFFIXES[suffix]}. Give the id alone.") if fits else fits


def _meant(name: str, catalogue: Mapping[str, Any]) -> Any:
    """The model with this id, or with this canonical_slug, which can be asked for as well; None without one."""
    dated = (m for m in catalogue.values() if m.canonical_slug == name and ":" not in m.id)
    return catalogue.get(name) or next(dated, None)


def _fits(answer: str, model: Any) -> Verdict:
    """Whether this model does the job; `answer`: the name that it was given by."""
    price = Decimal(model.pricing["prompt"]) * 1_000_000
    dearest = prices_at(model.pricing, CONTEXT)["prompt"] * 1_000_000
    if model.id.endswith(":free"):
        return not_yet("a free model costs nothing but may train on your customers' invoices.")
    if model.id.endswith(":batch"):
        return not_yet(
            "a :batch entry answers within 24 hours through the Batch API; here the answer is needed at once."
        )
    if price < 0:
        return not_yet(
            f"{answer} is a router: its price is that of the model it picks, so 12 cents cannot be promised."
        )
    if "image" not in model.architecture["input_modalities"]:
        return not_yet(f"{answer} reads {', '.join(model.architecture['input_modalities'])}; an invoice is an image.")
    missing = [p for p in ("tools", "structured_outputs") if p not in model.supported_parameters]
    if missing:
        return not_yet(f"{answer} does not support {' and '.join(missing)}. Look at supported_parameters.")
    room = model.top_provider["context_length"] or 0
    if room < CONTEXT:
        return not_yet(f"a folder of {CONTEXT:,} tokens does not fit into {room:,}.")
    if not 0 < price <= CEILING:
        return not_yet(
            f"{answer} asks {usd(float(price))} per million prompt tokens; the ceiling is {usd(float(CEILING))}."
        )
    if dearest > CEILING:
        return not_yet(
            f"{answer} asks {usd(float(price))} for a short prompt, but {usd(float(dearest))} per million for one of {CONTEXT:,} tokens. Look at pricing['overrides']."
        )
    return right(f"{answer} sees images, calls tools, holds {room:,} tokens and asks {usd(float(price))} per million.")


@judged
def newest_and_pinned(answer: Any, catalogue: Mapping[str, Any]) -> Verdict:
    """`chat`: the alias of the newest Sonnet; `audit`: the dated name of one Sonnet."""
    if not isinstance(answer, dict) or not {"chat", "audit"} <= answer.keys():
        return not_yet("two ids are needed: {'chat': …, 'audit': …}.")
    chat, audit = answer["chat"], answer["audit"]
    for name in (chat, audit):
        if not isinstance(name, str):
            return not_yet(f"an id is a text, not {shown(name)}.")
    slugs = {m.canonical_slug for m in catalogue.values()} | set(catalogue)
    for name in (chat, audit):
        if name not in slugs:
            return not_yet(f"{name!r} is neither an id nor a canonical_slug of the catalogue.")
        if "sonnet" not in name:
            return not_yet(f"{name!r} is not a Sonnet.")
    if chat != "~anthropic/claude-sonnet-latest":
        return not_yet(
            f"with {chat} the chat stays on that version when a newer Sonnet appears. Which ids follow a family?"
        )
    if audit.startswith("~"):
        return not_yet("an alias moves: next year's audit would silently use another model.")
    if not DATED.search(audit):
        return not_yet(f"{audit} carries no date. Its canonical_slug names one version for good.")
    return right(f"the chat follows the family, and the audit asks for {audit}, or gets an error when it is gone.")
