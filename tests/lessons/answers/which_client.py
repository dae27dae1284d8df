"""Answers to the exercises of 37-which-client: for each checker the unedited one, wrong ones, right ones."""

from __future__ import annotations

from typing import Any

Metadata = Any
Request = dict[str, Any]


def unedited_who(metadata: Metadata) -> Any:
    return metadata["endpoints"]["available"][0]["provider"]


def who(metadata: Metadata) -> Any:
    available = ((metadata or {}).get("endpoints") or {}).get("available") or []
    return next((one["provider"] for one in available if one["selected"]), None)


def loop(metadata: Metadata) -> Any:
    if metadata:
        for one in metadata["endpoints"]["available"]:
            if one["selected"]:
                return one["provider"]
    return None


def listed(metadata: Metadata) -> Any:
    chosen = [e["provider"] for e in metadata["endpoints"]["available"] if e["selected"]] if metadata else []
    return chosen[0] if chosen else None


def caught(metadata: Metadata) -> Any:
    try:
        return next(e["provider"] for e in metadata["endpoints"]["available"] if e["selected"])
    except (TypeError, StopIteration):
        return None


def by_filter(metadata: Metadata) -> Any:
    rows = metadata["endpoints"]["available"] if metadata is not None else ()
    return dict(next(filter(lambda row: row["selected"], rows), {})).get("provider")


class Who:
    def __call__(self, metadata: Metadata) -> Any:
        return who(metadata)


def last(metadata: Metadata) -> Any:
    return metadata["endpoints"]["available"][-1]["provider"]


def without_none(metadata: Metadata) -> Any:
    return next((e["provider"] for e in metadata["endpoints"]["available"] if e["selected"]), None)


def first_if_none(metadata: Metadata) -> Any:
    rows = metadata["endpoints"]["available"] if metadata else []
    return next((e["provider"] for e in rows if e["selected"]), rows[0]["provider"] if rows else None)


def empty_text(metadata: Metadata) -> Any:
    return who(metadata) or ""


def all_of_them(metadata: Metadata) -> Any:
    return [e["provider"] for e in metadata["endpoints"]["available"] if e["selected"]] if metadata else None


def whole_row(metadata: Metadata) -> Any:
    return next((e for e in metadata["endpoints"]["available"] if e["selected"]), None) if metadata else None


def lower(metadata: Metadata) -> Any:
    found = who(metadata)
    return found and found.lower()


def raises_on_nobody(metadata: Metadata) -> Any:
    return next(e["provider"] for e in metadata["endpoints"]["available"] if e["selected"]) if metadata else None


def the_model(metadata: Metadata) -> Any:
    return metadata and metadata["requested"]


def as_attributes(metadata: Metadata) -> Any:
    return metadata.endpoints.available[0].provider


def prints(metadata: Metadata) -> None:
    who(metadata)


def not_selected(metadata: Metadata) -> Any:
    rows = metadata["endpoints"]["available"] if metadata else []
    return next((e["provider"] for e in rows if not e["selected"]), None)


def unedited(request: Request) -> Request:
    return {**request, "model": request["model"].replace("openai/", "openrouter/openai/")}


def moved(request: Request) -> Request:
    return {**request, "model": f"openrouter/{request['model']}"}


def flat(request: Request) -> Request:
    """Routing as arguments of its own, which LiteLLM passes on."""
    rest = {name: value for name, value in request.items() if name != "extra_body"}
    return rest | request.get("extra_body", {}) | {"model": "openrouter/" + request["model"]}


def copied(request: Request) -> Request:
    made = dict(request)
    made["model"] = "/".join(["openrouter", made["model"]])
    return made


def by_comprehension(request: Request) -> Request:
    return {k: (f"openrouter/{v}" if k == "model" else v) for k, v in request.items()}


def with_more(request: Request) -> Request:
    return moved(request) | {"num_retries": 2}


class Move:
    def __call__(self, request: Request) -> Request:
        return moved(request)


def unless_there(request: Request) -> Request:
    model = request["model"]
    return {**request, "model": model if model.startswith("openrouter/") else f"openrouter/{model}"}


def changes_it(request: Request) -> Request:
    request["model"] = f"openrouter/{request['model']}"
    return request


def as_it_is(request: Request) -> Request:
    return request


def without_author(request: Request) -> Request:
    return {**request, "model": "openrouter/" + request["model"].split("/")[-1]}


def without_variant(request: Request) -> Request:
    return {**request, "model": "openrouter/" + request["model"].split(":")[0]}


def without_tilde(request: Request) -> Request:
    return {**request, "model": "openrouter/" + request["model"].lstrip("~")}


def loses_routing(request: Request) -> Request:
    return {k: v for k, v in moved(request).items() if k != "extra_body"}


def loses_options(request: Request) -> Request:
    return {"model": f"openrouter/{request['model']}", "messages": request["messages"]}


def only_model(request: Request) -> str:
    return f"openrouter/{request['model']}"


def with_colon(request: Request) -> Request:
    return {**request, "model": f"openrouter:{request['model']}"}


def twice(request: Request) -> Request:
    return {**request, "model": f"openrouter/openrouter/{request['model']}"}


def nothing(request: Request) -> None:
    return None


def no_stream(request: Request) -> Request:
    return moved(request) | {"stream": False}


def routing_as_header(request: Request) -> Request:
    made = {k: v for k, v in moved(request).items() if k != "extra_body"}
    return made | {"extra_headers": request.get("extra_body")}


CASES = {
    "who": (
        unedited_who,
        [last, without_none, first_if_none, empty_text, all_of_them, whole_row, lower, raises_on_nobody, the_model,
         as_attributes, prints, not_selected, "OpenAI", None],
        [who, loop, listed, caught, by_filter, Who(), lambda metadata: who(metadata)],
    ),
    "for_litellm": (
        unedited,
        [unless_there, changes_it, as_it_is, without_author, without_variant, without_tilde, loses_routing, loses_options,
         only_model, with_colon, twice, nothing, no_stream, routing_as_header, {}],
        [moved, flat, copied, by_comprehension, with_more, Move(), lambda request: moved(request)],
    ),
}  # fmt: skip
