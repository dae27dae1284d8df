"""Who answered, at what cost, and where the answer comes from."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..replay.forms import shortened
from ..replay.log import Entry, data_of
from ..session import LIVE, current
from .markup import Table, plain, usd

NOT_SAID = "not in the answer: GET /generation says it"
"""What stands for the cost of an answer in bytes until somebody asked for it."""


def receipt(response: Any) -> Table:
    """The receipt of one answer: provider, model asked and served, tokens, cost, finish reasons, generation id, source.

    `response`: what the SDK returned: a completion, a finished stream, an embedding reply, or a raw response.
    """
    facts = facts_of(response)
    return Table(
        ["", ""], [[name, value] for name, value in facts.items() if value not in (None, "")], caption="Receipt"
    )


def table(rows: Iterable[Any], caption: str = "") -> Table:
    """A table of dicts, one a row; a response becomes its model, provider, tokens, cost and source."""
    dicts = [row if isinstance(row, Mapping) else _short(row) for row in rows]
    head = list(dict.fromkeys(key for row in dicts for key in row))
    return Table(head, [[row.get(key) for key in head] for row in dicts], caption=caption)


def spent() -> Table:
    """Requests, tokens and US dollars of this kernel, by source. Only live requests are charged."""
    log, rows = current().log, []
    for source in dict.fromkeys(current().source_name(e) for e in log.entries):
        entries = [e for e in log.entries if current().source_name(e) == source]
        tokens = sum((e.usage or {}).get("total_tokens") or 0 for e in entries)
        charged = sum(e.cost for e in entries if e.source == LIVE)
        rows.append([source, len(entries), tokens, usd(sum(e.cost for e in entries)), usd(charged)])
    return Table(
        ["source", "requests", "tokens", "cost in the answers", "charged to you"], rows, caption="Spent in this kernel"
    )


def calls(last: int | None = None) -> Table:
    """Every exchange of this kernel, one a row, whoever made it: what a framework sent on your behalf, and what it cost.

    `last`: only so many, the latest ones.
    """
    if last is not None and last < 1:
        raise ValueError(f"last takes a whole number of at least 1, not {last!r}.")
    chosen, rows = list(enumerate(current().log.entries, 1))[-last if last else 0 :], []
    for number, entry in chosen:
        body, usage = entry.request.get("body"), entry.usage or {}
        tokens = [
            usage.get(a, usage.get(b))
            for a, b in (("prompt_tokens", "input_tokens"), ("completion_tokens", "output_tokens"))
        ]
        rows.append(
            [
                number,
                body.get("model") if isinstance(body, Mapping) else None,
                entry.provider,
                entry.model,
                " + ".join(str(n) for n in tokens if n is not None),
                usd(entry.cost) if usage else None,
                _status(entry),
                entry.source.partition(",")[0],
                address_of(entry).removeprefix("openrouter.ai/api/v1").partition("?")[0],
            ]
        )
    head = ["call", "model asked", "provider", "model served", "tokens", "cost", "status", "source", "to"]
    total, every = usd(sum(entry.cost for _, entry in chosen)), len(current().log.entries)
    which = (
        f"All calls of this kernel ({every})" if len(chosen) == every else f"The last {len(chosen)} of {every} calls"
    )
    return Table(head, rows, caption=f"{which}: {total}")


def _status(entry: Entry) -> str:
    """The status, with a sign where it is no success, or how the connection failed."""
    if entry.status is None or entry.status >= 400:
        return f"✗ {entry.status or entry.failure or ''}".rstrip()
    return str(entry.status)


def sent(number: int = -1) -> Sent:
    """The JSON body of a request as it really went out, after SDK and framework have had their way.

    `number`: as `calls` counts them; by default the latest.
    """
    entries = current().log.entries
    if not entries:
        raise IndexError("Nothing was sent since the lesson was started.")
    if not (-len(entries) <= number <= len(entries)) or number == 0:
        raise IndexError(f"There is no call number {number}: helpers.calls() lists them.")
    place = number if number > 0 else len(entries) + number + 1
    return Sent(place, entries[place - 1])


def address_of(entry: Entry) -> str:
    """Host and path of a request."""
    return entry.request.get("host", "openrouter.ai") + entry.request["path"]


class Sent:
    """One request: its address, and its JSON body with one field a line, without secrets."""

    def __init__(self, number: int, entry: Entry) -> None:
        body = shortened(current().clean(entry.request.get("body")))
        fields = body.items() if isinstance(body, Mapping) else ()
        lines = [f"  {json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}" for k, v in fields]
        head = current().clean(f"Call {number}: {entry.request['method']} {address_of(entry)}")
        self.text = "\n".join([head, "{", ",\n".join(lines), "}"]) if lines else head

    def __repr__(self) -> str:
        return self.text


def facts_of(response: Any) -> dict[str, Any]:
    """The receipt's lines. An error inside a 200 is named first."""
    entry = entry_of(response)
    body = body_of(response, entry)
    usage, choice, failed = (
        _object(v) for v in (body.get("usage"), next(iter(body.get("choices") or []), None), body.get("error"))
    )
    details = usage.get("completion_tokens_details") or {}
    tokens = f"{usage['prompt_tokens']} prompt" if "prompt_tokens" in usage else ""
    if "completion_tokens" in usage:
        tokens += f" + {usage['completion_tokens']} completion"
    if details.get("reasoning_tokens"):
        tokens += f" ({details['reasoning_tokens']} of them reasoning)"
    finish, native = choice.get("finish_reason"), choice.get("native_finish_reason")
    asked = ((entry.request.get("body") or {}) if entry else {}).get("model")
    return {
        "error": failed.get("message"),
        "provider": body.get("provider"),
        "model asked": asked,
        "model served": body.get("model"),
        "tokens": tokens,
        "sound": _sound(entry),
        "cost": usd(usage.get("cost")) if "cost" in usage else NOT_SAID if entry and entry.pieces else None,
        "finish": f"{finish} (the provider says {native})" if native and native != finish else finish,
        "generation": body.get("id") or (entry.id if entry else None),
        "source": current().source_name(entry)
        if entry
        else "unknown: no answer that the SDK gave since the lesson was started (helpers.calls() lists them)",
    }


def _sound(entry: Entry | None) -> str:
    """How much of it came, or how long it was that was sent."""
    if entry is None:
        return ""
    if entry.pieces:
        return f"{sum(number for _, number in entry.pieces):,} bytes in {len(entry.pieces)} pieces"
    seconds = (entry.usage or {}).get("seconds")
    return "" if seconds is None else f"{seconds:g} seconds"


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _short(response: Any) -> dict[str, Any]:
    facts = facts_of(response)
    return {k: plain(facts[k]) for k in ("model served", "provider", "tokens", "cost", "source")}


def entry_of(response: Any) -> Entry | None:
    """The log entry behind anything that the SDK gives out."""
    log = current().log
    if isinstance(response, Entry):
        return response
    for holder in (response, *(getattr(response, name, None) for name in ("response", "http_response", "_response"))):
        extensions = getattr(holder, "extensions", None)
        if isinstance(extensions, dict) and "cookbook" in extensions:
            return extensions["cookbook"]
    if hasattr(response, "text") and hasattr(response, "usage") and not hasattr(response, "id"):
        return _transcription_of(response, log.entries)
    identity = response.get("id") if isinstance(response, Mapping) else getattr(response, "id", None)
    return log.find(identity) if isinstance(identity, str) else None


def _transcription_of(response: Any, entries: Sequence[Entry]) -> Entry | None:
    """The latest exchange that gave this text: a transcription has no id."""
    same = (e for e in reversed(entries) if isinstance(e.body, Mapping) and e.body.get("text") == response.text)
    return next((e for e in same if e.request["path"].endswith("/audio/transcriptions")), None)


def body_of(response: Any, entry: Entry | None) -> dict[str, Any]:
    """The answer as a dict. For a stream it is put together from the events that were read."""
    if isinstance(response, Mapping):
        return dict(response)
    if isinstance(response, Exception):
        return error_body(response)
    if entry and entry.pieces:  # sound: only GET /generation says what it cost
        return {"id": entry.id, "provider": entry.provider, "model": entry.model, "usage": entry.usage}
    if hasattr(response, "http_response"):  # with_raw_response; a streaming response may not be read yet
        if not getattr(response.http_response, "is_stream_consumed", False):
            return {"id": entry.id if entry else None}
        response = json.loads(response.http_response.content) if not (entry and entry.streamed) else response
        if isinstance(response, dict):
            return response
    if hasattr(response, "model_dump") and not (entry and entry.streamed):
        return response.model_dump()
    body: dict[str, Any] = {}
    for _, event in entry.events if entry else ():
        chunk = chunk_of(event)
        body |= {k: v for k, v in chunk.items() if v is not None and not (k == "choices" and not _finish(chunk))}
    return body or ({"id": entry.id, "usage": entry.usage} if entry else {})


def error_body(error: Exception) -> dict[str, Any]:
    """The whole JSON body behind an exception of the SDK; its own `body` is only the inner error."""
    answer = getattr(error, "response", None)
    try:
        body = answer.json() if answer is not None else {"error": {"message": str(error)}}
    except ValueError:
        body = {"error": {"message": str(error)}}
    return body if isinstance(body, dict) else {}


def chunk_of(event: str) -> dict[str, Any]:
    """The JSON of a `data:` event; empty for a comment or [DONE]."""
    value = data_of(event)
    return value if isinstance(value, dict) else {}


def _finish(chunk: Mapping[str, Any]) -> bool:
    return bool(chunk.get("choices")) and bool(chunk["choices"][0].get("finish_reason"))
