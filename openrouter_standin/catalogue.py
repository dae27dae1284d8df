"""Models, providers and endpoints, from the dated files in data/. Each file says what it is, its date and its source.

`data/endpoints/` holds one file for each model whose real endpoints are known. All other models get endpoints by
`data/hosts.json`.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from .billing.cache_rules import rules_for
from .endpoint import Endpoint

LONGEST_ID = 256
"""Characters; no id is nearly as long."""
ROUTING_SUFFIXES = ("nitro", "floor", "exacto", "online")


@cache
def load(name: str) -> dict[str, Any]:
    """One file of data/, parsed once."""
    return json.loads(resources.files(__package__).joinpath("data", *name.split("/")).read_text("utf-8"))


def _by_id(name: str, table: str = "data") -> dict[str, dict[str, Any]]:
    """The rows of a file of data/ by their ids."""
    return {row["id"]: row for row in load(name)[table]}


@cache
def models() -> list[dict[str, Any]]:
    """The catalogue as GET /models gives it: the newer models first, then those of August 2026.

    The source leaves out creation dates and descriptions: the date is the one in the dated slug, or 0.
    """
    dated = _by_id("models.json")
    newer = {about["id"]: _newer_row(about, dated[about["like"]]) for about in load("newer.json")["data"]}
    rows = {**newer, **dated}
    for alias, target in load("newer.json")["aliases"].items():
        rows[alias] = _alias_row(rows[alias], rows[target])
    return [{**row, "created": _created(row["canonical_slug"]), "description": ""} for row in rows.values()]


def _newer_row(about: dict[str, Any], like: dict[str, Any]) -> dict[str, Any]:
    """The row of a model that is not in the dated catalogue: see `what` in data/newer.json."""
    lacks = about.get("lacks") or []
    own = {name: about[name] for name in ("id", "canonical_slug", "name", "context_length", "pricing")}
    limits = {"context_length": about["context_length"], "max_completion_tokens": about["max_completion_tokens"]}
    return {
        **like,
        **own,
        "top_provider": {**like["top_provider"], **limits},
        "supported_parameters": [p for p in like["supported_parameters"] if p not in lacks],
        "links": {"details": f"/api/v1/models/{about['canonical_slug']}/endpoints"},
        "reasoning": about.get("reasoning") or like["reasoning"],
    }


def _alias_row(alias: dict[str, Any], target: dict[str, Any]) -> dict[str, Any]:
    """An alias that follows a newer model than it did: everything but its own names is the target's."""
    own = {name: alias[name] for name in ("id", "canonical_slug", "name", "links")}
    return {**target, **own, "alias_target": {"name": target["name"], "slug": target["id"]}}


def _created(slug: str) -> int:
    import calendar

    found = re.search(r"(20\d\d)-?([01]\d)-?([0-3]\d)$", slug)
    return calendar.timegm((*map(int, found.groups()), 0, 0, 0)) if found else 0


@cache
def known_endpoints() -> dict[str, dict[str, Any]]:
    """The files of data/endpoints/, by model id."""
    files = sorted(f.name for f in resources.files(__package__).joinpath("data", "endpoints").iterdir())
    loaded = [load(f"endpoints/{name}") for name in files if name.endswith(".json")]
    return {about["model"]: about for about in loaded}


@cache
def embedding_models() -> dict[str, dict[str, Any]]:
    """The embedding models by id: see data/embeddings.json."""
    return _by_id("embeddings.json")


@cache
def image_models() -> dict[str, dict[str, Any]]:
    """What the image routes know of their models, by id: see data/images.json."""
    return _by_id("images.json")


@cache
def video_models() -> dict[str, dict[str, Any]]:
    """The video models by id: see data/videos.json."""
    return _by_id("videos.json")


@cache
def speech_models() -> dict[str, dict[str, Any]]:
    """The models that speak, by id: see data/speech.json."""
    return _by_id("speech.json", "speech")


@cache
def transcription_models() -> dict[str, dict[str, Any]]:
    """The models that write down speech, by id: see data/speech.json."""
    return _by_id("speech.json", "transcription")


@cache
def sound_rows() -> list[dict[str, Any]]:
    """The catalogue rows of both. A price for a character or a second stands in `prompt` (lists of September 2026)."""
    template = {k: v for k, v in models()[0].items() if k not in ("reasoning", "alias_target")}
    return [
        *(_sound_row(template, about, "text", "speech") for about in speech_models().values()),
        *(_sound_row(template, about, "audio", "transcription") for about in transcription_models().values()),
    ]


def _sound_row(template: dict[str, Any], about: dict[str, Any], takes: str, gives: str) -> dict[str, Any]:
    context = about.get("context_length", 0)
    sides = {"input_modalities": [takes], "output_modalities": [gives], "modality": f"{takes}->{gives}"}
    return {
        **template,
        **{name: about[name] for name in ("id", "name", "created")},
        "canonical_slug": about["id"],
        "hugging_face_id": None,
        "context_length": context,
        "architecture": {**sides, "tokenizer": "Other", "instruct_type": None},
        "pricing": {"prompt": about.get("price") or about["prompt"], "completion": about.get("completion", "0")},
        "top_provider": {"context_length": context, "is_moderated": False, "max_completion_tokens": None},
        "supported_parameters": [],
        "supported_voices": about.get("voices"),
        "links": {"details": f"/api/v1/models/{about['id']}/endpoints"},
    }


def sound_ids() -> set[str]:
    """The ids of all models that speak or write down speech. Chat completions do not know them."""
    return {*speech_models(), *transcription_models()}


@cache
def picture_rows() -> list[dict[str, Any]]:
    """The catalogue rows of the models that give only pictures: see `row` in data/images.json."""
    template = {k: v for k, v in models()[0].items() if k not in ("reasoning", "alias_target")}
    return [_picture_row(template, model, about["row"]) for model, about in image_models().items() if "row" in about]


def _picture_row(template: dict[str, Any], model: str, own: dict[str, Any]) -> dict[str, Any]:
    sides = {"input_modalities": own["input_modalities"], "output_modalities": ["image"]}
    limits = {"context_length": own["context_length"], "is_moderated": False, "max_completion_tokens": None}
    return {
        **template,
        **{name: own[name] for name in ("name", "canonical_slug", "created", "context_length", "pricing")},
        "id": model,
        "hugging_face_id": None,
        "architecture": {**sides, "modality": own["modality"], "tokenizer": "Other", "instruct_type": None},
        "top_provider": limits,
        "supported_parameters": own["supported_parameters"],
        "links": {"details": f"/api/v1/models/{own['canonical_slug']}/endpoints"},
    }


def dated_slug(model: str) -> str:
    """The canonical slug of a model, which metadata and generation records name; of an unknown id the id itself."""
    row = find(model)
    return row["canonical_slug"] if row else model


@cache
def by_id() -> dict[str, dict[str, Any]]:
    """Every id that a request may name: catalogue ids, dated slugs, and ids that were served once."""
    rows = {row["canonical_slug"]: row for row in models() if ":" not in row["id"]}
    rows |= {row["id"]: row for row in [*picture_rows(), *models()]}
    return {
        **{model: _former_row(model, entry, rows) for model, entry in _formers().items() if "like" in entry},
        **rows,
    }


def _formers() -> dict[str, dict[str, Any]]:
    return load("former.json")["models"]


def former(model: str) -> dict[str, Any] | None:
    """What is known of an id that was served once and is not listed any more: see `what` in data/former.json."""
    return _formers().get(model)


def _former_row(model: str, entry: dict[str, Any], rows: dict[str, Any]) -> dict[str, Any]:
    """A catalogue row for a former id, with the prices and features of the listed model it is assumed to be like."""
    lacks = entry.get("lacks") or []
    row = {**rows[entry["like"]], "id": model, "canonical_slug": model.partition(":")[0], "name": model}
    row["supported_parameters"] = [p for p in row["supported_parameters"] if p not in lacks]
    if "reasoning" in lacks:
        row.pop("reasoning", None)
    if entry.get("free"):
        row["pricing"] = {"prompt": "0", "completion": "0"}
    return row


def find(model: str) -> dict[str, Any] | None:
    """The catalogue row that a request for `model` means: aliases followed, routing suffixes taken off; else `None`."""
    if len(model) > LONGEST_ID:
        return None
    base = model
    while base not in by_id() and base.rpartition(":")[2] in ROUTING_SUFFIXES and ":" in base:
        base = base.rpartition(":")[0]
    row = by_id().get(base)
    if row and row.get("alias_target"):
        return by_id()[row["alias_target"]["slug"]]
    return row


@cache
def slugs() -> dict[str, str]:
    """Provider slug by display name."""
    return {row["name"]: row["slug"] for row in load("providers.json")["data"]}


def slug_of(name: str) -> str | None:
    """The slug of a provider, from its slug, its display name or a tag such as "deepinfra/turbo"; None if no provider has it."""
    return _slugs_by_name().get(_plain(name.split("/")[0]))


@cache
def name_of(slug: str) -> str:
    """The display name of a provider, from its slug; of an unknown slug the slug itself."""
    known = {e["tag"].split("/")[0]: e["provider_name"] for model in known_endpoints() for e in endpoints(model)}
    return {slug_: name for name, slug_ in slugs().items()}.get(slug) or known.get(slug, slug)


@cache
def _slugs_by_name() -> dict[str, str]:
    """Not every provider of the dated endpoint list is in the list of providers, which is older."""
    known = {e["tag"].split("/")[0]: e["provider_name"] for model in known_endpoints() for e in endpoints(model)}
    known |= {slug: name for name, slug in slugs().items()}
    return {_plain(text): slug for slug, name in known.items() for text in (slug, name)}


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


@lru_cache(2000)
def endpoints(model: str) -> list[dict[str, Any]]:
    """The endpoints of a model as GET /models/{id}/endpoints lists them; empty for an id that is not in the catalogue.

    Only the median of latency and throughput is in the dated source: see `_percentiles`.
    """
    row = find(model)
    if row is None or row["id"].startswith("openrouter/"):
        return []
    if row["id"] in known_endpoints():
        listed = known_endpoints()[row["id"]]["endpoints"]
        return [_public(row, e, e["latency_p50_ms"], e["throughput_p50"]) for e in listed]
    standard = [_public(row, _assumed(row, name), 400 + 350 * n, 90 - 25 * n) for n, name in enumerate(_hosts(row))]
    return standard + _tiers(row, standard)


def _tiers(row: dict[str, Any], standard: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The service-tier endpoints of a model: see data/tiers.json."""
    about, made = load("tiers.json"), []
    for tier in about["data"]:
        like = next((e for e in standard if tier["model"] == row["id"] and e["tag"] == tier["tag"].split("/")[0]), None)
        if like is None:
            continue
        pace = about["faster"] if tier["tier"] == "priority" else 1 / about["slower"]
        made.append(
            {
                **like,
                "tag": tier["tag"],
                "pricing": _times(like["pricing"], Decimal(tier["times"])),
                "service_tier": tier["tier"],
                "latency_last_30m": _percentiles(round(like["latency_last_30m"]["p50"] / pace)),
                "throughput_last_30m": _percentiles(round(like["throughput_last_30m"]["p50"] * pace)),
            }
        )
    return made


def _times(pricing: dict[str, Any], factor: Decimal) -> dict[str, Any]:
    """Every price for tokens multiplied. Searches and whole requests cost what they cost."""
    kept = ("web_search", "request", "discount", "min_prompt_tokens", "utc_start", "utc_end")
    return {
        name: [_times(o, factor) for o in value] if name == "overrides"
        else value if name in kept
        else format(Decimal(value) * factor, "f")
        for name, value in pricing.items()
    }  # fmt: skip


def only_endpoint(model: str, provider: str) -> Endpoint:
    """The endpoint of a model that one provider serves, without prices. `provider`: its display name."""
    return Endpoint(tag=slug_of(provider) or provider, provider=provider, model=model)


def routable(model: str) -> list[Endpoint]:
    """The same endpoints as the stand-in routes them: free ones may train on prompts, as the docs say of most, and what
    its own GET /endpoints/zdr does not list keeps data."""
    free = model.endswith(":free")
    extra = {"trains_on_prompts": True} if free else {}
    return [Endpoint.from_public({**e, **extra, "zdr": keeps_nothing(e["tag"])}) for e in endpoints(model)]


def keeps_nothing(tag: str) -> bool:
    """Whether GET /endpoints/zdr of the stand-in lists this endpoint: an invented example, see data/hosts.json."""
    return tag.split("/")[0] in load("hosts.json")["zdr"]


def _hosts(row: dict[str, Any]) -> list[str]:
    hosts = load("hosts.json")
    author = row["id"].lstrip("~").split("/")[0]
    if row["id"].startswith("openai/gpt-oss"):
        author = "openai/gpt-oss"
    names = hosts["by_model"].get(row["id"]) or hosts["by_author"].get(author, hosts["otherwise"])
    return names[:1] if row["id"].endswith(":free") else names


def _assumed(row: dict[str, Any], name: str) -> dict[str, Any]:
    """An endpoint that asks the catalogue's price: see `what` in data/hosts.json."""
    return {
        "provider_name": name,
        "tag": slugs().get(name) or _plain(name),
        "quantization": "unknown",
        "context_length": row["context_length"],
        "max_completion_tokens": row["top_provider"]["max_completion_tokens"],
        "pricing": row["pricing"],
        "supported_parameters": row["supported_parameters"],
        "uptime_last_5m": None,
        "uptime_last_30m": None,
        "uptime_last_1d": None,
    }


def _percentiles(median: float) -> dict[str, float]:
    """The median four times: the official SDK refuses null here, and any other number would be made up."""
    return dict.fromkeys(("p50", "p75", "p90", "p99"), median)


def _public(row: dict[str, Any], e: dict[str, Any], latency_ms: float, throughput: float) -> dict[str, Any]:
    """Fields and order of PublicEndpoint (OpenRouter's OpenAPI, 2026-08-22, and the official SDK of October 2026)."""
    parameters = e.get("supported_parameters", row["supported_parameters"])
    tools = "tool_choice" in parameters
    return {
        "name": f"{e['provider_name']} | {row['canonical_slug']}",
        "model_id": row["id"],
        "model_name": row["name"],
        "context_length": e["context_length"],
        "pricing": e["pricing"],
        "provider_name": e["provider_name"],
        "tag": e["tag"],
        "quantization": e["quantization"],
        "max_completion_tokens": e["max_completion_tokens"],
        "max_prompt_tokens": None,
        "supported_parameters": parameters,
        "status": 0,
        "uptime_last_5m": e["uptime_last_5m"],
        "uptime_last_30m": e["uptime_last_30m"],
        "uptime_last_1d": e["uptime_last_1d"],
        "supports_implicit_caching": "input_cache_read" in e["pricing"] and rules_for(row["id"]).mode != "marked",
        "supports_diarization": False,
        "supports_tool_choice": {"auto": tools, "none": tools, "required": tools, "function": tools},
        "native_tools": {},
        "service_tier": None,
        "latency_last_30m": _percentiles(latency_ms),
        "throughput_last_30m": _percentiles(throughput),
    }
