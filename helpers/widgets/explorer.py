"""The routing explorer: every field of `provider` as a control, who would answer, and a button that asks."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from pprint import pformat
from typing import Any

import ipywidgets as ipw
from openai import APIError, OpenAI

from openrouter_standin import Endpoint, plan
from openrouter_standin.routing.planner import Plan
from openrouter_standin.routing.preferences import QUANTIZATIONS, SORTS

from ..notebook import labelled
from ..session import current, faults
from ..show.markup import Table
from ..show.receipt import error_body, facts_of, receipt
from ..show.routing import ShownPlan, attempts, figures
from . import meter, ui

HEAD = ["place", "provider", "what about it", "tag", "$/M prompt", "$/M completion", "latency", "tokens/s"]
LISTS = ("order", "only", "ignore")
FLAGS = ("zdr", "require_parameters", "enforce_distillable_text")
PREFERRED = ("preferred_min_throughput", "preferred_max_latency")
TOOL = {
    "type": "function",
    "function": {"name": "get_time", "description": "The time now", "parameters": {"type": "object", "properties": {}}},
}
"""The one function that the tick at `tools` sends along."""


class RoutingExplorer(ui.Widget):
    """Controls for a request's routing. `controls` holds them by field, `plan` what they come to, `copy` the text."""

    def __init__(self, endpoints: Sequence[Mapping[str, Any]], model: str, client: Any) -> None:
        super().__init__()
        self.endpoints, self.client = list(endpoints), client
        first = ShownPlan(plan(self.endpoints, model=model))  # also checks the endpoints
        self.model = model or (first.kept[0].model if first.kept else "")
        first.notes.append(ui.RUN_IT)
        self._first, self.plan = first, first.plan
        self.answered: str | None = None
        self.controls = _controls(sorted({e.slug for e in self.plan.kept} | {x.endpoint.slug for x in self.plan.out}))
        self.copy = ipw.Textarea(
            description="extra_body to copy", style=ui.LABEL, layout=ipw.Layout(width="98%"), rows=3
        )
        self.defaults = {name: control.value for name, control in self.controls.items()}
        self.send, self.reset = ipw.Button(description="Send"), ipw.Button(description="Reset")
        self.table, self.result = ipw.HTML(), ipw.HTML()
        self.send.on_click(self._send)
        self.reset.on_click(self._reset)
        ui.watch(self.controls.values(), self._update)
        buttons = ui.side_by_side(self.send, self.reset)
        self.put(*_layout(self.controls), self.copy, buttons, self.status, self.result, self.table)
        self._update()

    def first_state(self) -> Table:
        """The plan without any preference."""
        return self._first

    def provider(self) -> dict[str, Any]:
        """The `provider` object that the controls come to: only what differs from the default."""
        get = {name: control.value for name, control in self.controls.items()}
        wants: dict[str, Any] = {name: names for name in LISTS if (names := _names(get[name]))}
        if not get["allow_fallbacks"]:
            wants["allow_fallbacks"] = False
        wants |= {name: True for name in FLAGS if get[name]}
        if get["data_collection"] != "allow":
            wants["data_collection"] = get["data_collection"]
        if get["quantizations"]:
            wants["quantizations"] = list(get["quantizations"])
        if get["partition"] != "model":
            wants["sort"] = {"by": get["sort"] or None, "partition": get["partition"]}
        elif get["sort"]:
            wants["sort"] = get["sort"]
        prices = {
            kind: _read(get[f"max_price {kind}"])
            for kind in ("prompt", "completion")
            if get[f"max_price {kind}"].strip()
        }
        wants |= {"max_price": prices} if prices else {}
        wants |= {name: _read(get[name]) for name in PREFERRED if get[name].strip()}
        return wants

    def beside_provider(self) -> dict[str, Any]:
        """The request's own fields that routing looks at: `max_tokens` and `tools`."""
        fields: dict[str, Any] = {}
        limit = self.controls["max_tokens"].value.strip()
        if limit:
            if not limit.isdecimal() or int(limit) < 1:
                raise ValueError(f"max_tokens takes a whole number of at least 1, not {limit!r}")
            fields["max_tokens"] = int(limit)
        if self.controls["tools"].value:
            fields["tools"] = [TOOL]
        return fields

    @property
    def extra_body(self) -> dict[str, Any]:
        """What goes into `extra_body` of the call."""
        wants = self.provider()
        return {"provider": wants} if wants else {}

    @ui.told
    def _update(self, change: Any = None) -> None:
        """A control has changed: plan anew. What was answered before belongs to other settings."""
        self.answered, self.result.value, self.copy.value, self.table.value = None, "", "", ""
        beside = self.beside_provider()
        self.plan = plan(self.endpoints, provider=self.provider(), model=self.model, **beside)
        self.copy.value = ui.clean(pformat(self.extra_body, sort_dicts=False, width=100))
        self.copy.rows = max(2, self.copy.value.count("\n") + 1)
        self._draw()
        self.say(" ".join([_headline(self.plan), *self._typos()]))

    @ui.told
    def _reset(self, button: Any = None) -> None:
        """Every control back to its default; without a result."""
        for name, control in self.controls.items():
            control.value = self.defaults[name]
        self._update()

    def _typos(self) -> list[str]:
        """A sentence for each entry of `order`, `only` and `ignore` that names no endpoint at all."""
        everyone = [*self.plan.kept, *(x.endpoint for x in self.plan.out)]
        return [
            f"{name!r} in {field} matches no endpoint."
            for field in LISTS
            for name in _names(self.controls[field].value)
            if not any(e.named_by(name) for e in everyone)
        ]

    def _draw(self) -> None:
        """The endpoints that stay in their order, then the others, greyed and with the reason."""
        kept = [_row(place, e, self._about(e)) for place, e in _places(self.plan)]
        out = [_row("out", x.endpoint, f"out: {x.reason} ({x.field})") for x in self.plan.out]
        caption = f"Endpoints of {self.model}: first those that stay, in the order of attempts, then those that are out"
        notes = [*self.plan.notes, *([self.plan.error[1]] if self.plan.error else [])]
        faint = range(len(kept), len(kept) + len(out))
        table = ui.LiveTable(HEAD, [*kept, *out], caption, notes=notes, faint=faint, kind="plan")
        self.table.value = ui.tables_html(table)

    def _about(self, e: Endpoint) -> str:
        """What to know about an endpoint that stays."""
        words = []
        if e.provider == self.answered:
            same = [k for k in self.plan.kept if k.provider == e.provider]
            words.append("answered" if len(same) == 1 else f"answered (this one or another of {e.provider})")
        if self._is_down(e):
            words.append("down")
        words += [f"unknown: {u.reason} ({u.field})" for u in self.plan.unknown if u.endpoint == e]
        return "; ".join(words)

    def _is_down(self, e: Endpoint) -> bool:
        return e.slug in self.controls["take down"].value

    @ui.told
    def _send(self, button: Any = None) -> None:
        """Ask what the controls say, through the SDK."""
        session, down = current(), list(self.controls["take down"].value)
        message, beside, extra = self.controls["message"].value, self.beside_provider(), self.extra_body
        plan(self.endpoints, provider=self.provider(), model=self.model, **beside)  # one sentence if it cannot be
        self.say("Sending …")
        client = self.client or OpenAI(**ui.address_and_key(None))
        try:
            with labelled(), faults(down=down) if down else nullcontext():
                response = client.chat.completions.create(
                    model=self.model,
                    messages=[{"role": "user", "content": message}],
                    extra_body=extra,
                    extra_headers={"X-OpenRouter-Metadata": "enabled"},
                    **beside,
                )
            self._show(response, session.mode == "live" and not down)
        except APIError as error:
            routed = "openrouter_metadata" in error_body(error)
            self.result.value = ui.folded_html("Attempts", ui.tables_html(attempts(error))) if routed else ""
            self.say(f"Nobody answered. {ui.sentence(error)}")
        finally:
            meter.refresh()

    def _show(self, response: Any, live: bool) -> None:
        """Who answered, at what cost, from which source; the words; receipt and attempts on a click."""
        facts = facts_of(response)
        self.answered = facts["provider"]
        self._draw()
        said = response.choices[0].message.content if response.choices else ""
        tables = ui.folded_html("Receipt and attempts", ui.tables_html(receipt(response), attempts(response)))
        self.result.value = ui.text_html(f"Answer: {said or ''}") + tables
        line = f"{facts['provider'] or 'Nobody'} answered. Cost: {facts['cost'] or 'none'}. Source: {facts['source']}."
        if facts["error"]:
            line = f"The answer holds an error: {facts['error']}. Source: {facts['source']}."
        elif live and self.answered not in [e.provider for e in self.plan.kept]:
            line += " The plan did not expect it: the list of endpoints is older than the answer."
        self.say(line)


def _places(plan: Plan) -> list[tuple[str, Endpoint]]:
    """Every endpoint that stays with its place: "1", or "2 to 5, drawn" where chance decides among them."""
    places, first = [], 1
    for members in plan.groups:
        last = first + len(members) - 1
        places += [(str(first) if first == last else f"{first} to {last}, drawn", e) for e in members]
        first = last + 1
    return places


def _row(place: str, e: Endpoint, about: str) -> list[str]:
    """A line of the table."""
    return [place, e.provider, about, e.tag, *figures(e)]


def _headline(plan: Plan) -> str:
    """How many stay and how many are out, in one sentence."""
    kept, out = len(plan.kept), len(plan.out)
    if not kept:
        left = f"Nobody is left: {out} {'endpoint is' if out == 1 else 'endpoints are'} out."
        return f"{left} The answer is {plan.error[0]}." if plan.error else left
    others = f"; {out} {'is' if out == 1 else 'are'} out" if out else ""
    return f"{kept} {'endpoint stays' if kept == 1 else 'endpoints stay'}{others}."


def _names(text: str) -> list[str]:
    """Slugs or tags between commas."""
    return [name for part in text.split(",") if (name := part.strip())]


def _read(text: str) -> Any:
    """A number, or an object such as {"p90": 2}; anything else stays text, which the plan refuses in one sentence."""
    try:
        return json.loads(text, parse_constant=str)
    except ValueError:
        return text.strip()


def _controls(slugs: list[str]) -> dict[str, ipw.Widget]:
    """Every control by the field it sets, with the field's name as its visible label."""
    prices = {
        f"max_price {kind}": ui.text_box(f"max_price {kind}, $/M", "no limit", width="280px")
        for kind in ("prompt", "completion")
    }
    return {
        "order": ui.text_box("order", "together, fireworks", width="320px"),
        "only": ui.text_box("only", "everybody", width="320px"),
        "ignore": ui.text_box("ignore", "no provider", width="320px"),
        "allow_fallbacks": ui.tick("allow_fallbacks", value=True),
        "data_collection": ui.choice("data_collection", ["allow", "deny"]),
        **{name: ui.tick(name) for name in FLAGS},
        "quantizations": ui.Ticks("quantizations", QUANTIZATIONS, width="320px"),
        **prices,
        "sort": ui.choice("sort", [("none: drawn by chance", ""), *((name, name) for name in SORTS)]),
        "partition": ui.choice("sort partition", ["model", "none"]),
        "preferred_min_throughput": ui.text_box("preferred_min_throughput, tokens/s", "no wish", width="320px"),
        "preferred_max_latency": ui.text_box("preferred_max_latency, s", "no wish", width="320px"),
        "tools": ui.tick("tools (one function)"),
        "max_tokens": ui.text_box("max_tokens", "the model's limit", "1000", width="220px"),
        "message": ui.text_box("message", value="Name one use of routing.", width="320px"),
        "take down": ui.Ticks("take down", slugs, width="380px"),
    }


def _layout(c: dict[str, ipw.Widget]) -> list[ipw.Widget]:
    """The controls in four groups that wrap."""
    who = ui.group("Who may answer", c["order"], c["only"], c["ignore"], c["allow_fallbacks"])
    what = ui.group("What they must be", c["max_price prompt"], c["max_price completion"], c["quantizations"])
    rules = ui.group("What they must promise", c["data_collection"], *(c[name] for name in FLAGS))
    rank = ui.group("In which order", c["sort"], c["partition"], *(c[name] for name in PREFERRED))
    ask = ui.group(
        "The request", c["message"], c["max_tokens"], c["tools"], ui.hint("These three go beside extra_body.")
    )
    fault = ui.group("Trouble", c["take down"], ui.hint("Then the stand-in answers, in every mode."))
    return [ui.side_by_side(who, what, rules, rank, ask, fault, gap="12px 32px")]


def routing_explorer(endpoints: Sequence[Mapping[str, Any]], model: str = "", client: Any = None) -> RoutingExplorer:
    """Try every field of `provider`: who would answer, in which order, why each other is out; and send the request.

    `endpoints`: `data.endpoints` of GET /models/{id}/endpoints. `model`: the id to ask; by default the endpoints' own.
    `client`: an `OpenAI` client; without one the explorer makes the one that a lesson makes.
    """
    return RoutingExplorer(endpoints, model, client)
