"""GET /images/models and GET /images/models/{author}/{slug}/endpoints: what data/images.json and the catalogue know.

Source: OpenRouter's OpenAPI, 2026-08-22.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from .. import catalogue
from ..errors import Response, ok, refusal
from ..http_request import HttpRequest
from ..state import State

ROOT, END = "/images/models/", "/endpoints"
LINES = (("input_text", "prompt"), ("output_image", "image_output"))
"""A line of the price list for each price of the catalogue that counts here."""


def list_image_models(http: HttpRequest, state: State) -> Response:
    """Every image model that POST /images takes."""
    return ok({"data": [_listed(about) for about in catalogue.image_models().values()]})


def _listed(about: Mapping[str, Any]) -> dict[str, Any]:
    row = catalogue.find(about["id"])
    sides = ("input_modalities", "output_modalities")
    return {
        "id": row["id"],
        "name": row["name"],
        "description": "",
        "created": row["created"],
        "architecture": {side: row["architecture"][side] for side in sides},
        "supported_parameters": about["supported_parameters"],
        "supports_streaming": about["supports_streaming"],
        "endpoints": f"/api/v1{ROOT}{row['id']}{END}",
    }


def get_image_endpoints(http: HttpRequest, state: State) -> Response:
    """The endpoints of one image model, with their prices."""
    model = unquote(http.route.removeprefix(ROOT).removesuffix(END))
    about = catalogue.image_models().get(model)
    if about is None or not http.route.endswith(END):
        raise refusal(404, f"Model {model} not found", user=False)
    return ok({"id": model, "endpoints": [_endpoint(about, e) for e in catalogue.endpoints(model)]})


def _endpoint(about: Mapping[str, Any], endpoint: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "provider_name": endpoint["provider_name"],
        "provider_slug": endpoint["tag"].split("/")[0],
        "provider_tag": endpoint["tag"],
        "supported_parameters": about["supported_parameters"],
        "allowed_passthrough_parameters": [],
        "supports_streaming": about["supports_streaming"],
        "pricing": _prices(about, endpoint["pricing"]),
    }


def _prices(about: Mapping[str, Any], pricing: Mapping[str, Any]) -> list[dict[str, Any]]:
    if "per_image" in about:
        return [{"billable": "output_image", "unit": "image", "cost_usd": float(about["per_image"])}]
    return [
        {"billable": billable, "unit": "token", "cost_usd": float(pricing[kind])}
        for billable, kind in LINES
        if kind in pricing
    ]
