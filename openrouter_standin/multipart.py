"""A multipart/form-data body: its fields as texts, its file with name, type and bytes (RFC 7578)."""

from __future__ import annotations

import re
from email.message import Message
from typing import Any

KIND = "multipart/form-data"


class BadMultipart(ValueError):
    """A body that is not what its content type says."""


def is_multipart(content_type: str) -> bool:
    """Whether a content type is that of a form."""
    return content_type.partition(";")[0].strip().lower() == KIND


def parse_multipart(body: bytes, content_type: str) -> dict[str, Any]:
    """The fields in their order. A name that ends in [] or comes twice gives a list. A part with a file name becomes
    `{"filename", "content_type", "data"}` with its bytes. Raises `BadMultipart`."""
    boundary = _parameters(content_type, "content-type").get_param("boundary")
    if not isinstance(boundary, str) or not boundary:
        raise BadMultipart("the content type names no boundary")
    mark = b"--" + boundary.encode("latin-1", "replace")
    _before, *parts = re.split(rb"(?:^|\r\n)" + re.escape(mark), body)
    if not parts or parts[-1][:2] != b"--":
        raise BadMultipart("the form ends without its boundary")
    fields: dict[str, Any] = {}
    for part in parts[:-1]:
        name, value = _part(part)
        listed = name.endswith("[]")
        name = name.removesuffix("[]")
        if listed or name in fields:
            before = fields.get(name, [])
            fields[name] = [*(before if isinstance(before, list) else [before]), value]
        else:
            fields[name] = value
    return fields


def _part(part: bytes) -> tuple[str, Any]:
    """Name and value of one part."""
    head, blank, content = part.partition(b"\r\n\r\n")
    lines = [line.partition(":") for line in head.decode("utf-8", "replace").split("\r\n") if line.strip()]
    headers = {name.strip().lower(): value.strip() for name, _, value in lines}
    said = _parameters(headers.get("content-disposition", ""), "content-disposition")
    name = said.get_param("name", header="content-disposition")
    if not blank or not isinstance(name, str):
        raise BadMultipart("a part of the form has no name")
    filename = said.get_param("filename", header="content-disposition")
    if filename is None:
        return name, content.decode("utf-8", "replace")
    kind = headers.get("content-type", "application/octet-stream")
    return name, {"filename": str(filename), "content_type": kind, "data": content}


def _parameters(value: str, header: str) -> Message:
    """A header whose parameters can be asked for."""
    made = Message()
    made[header] = re.sub(r"[\r\n]", " ", value)
    return made
