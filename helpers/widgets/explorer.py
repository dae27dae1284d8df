"""The routing explorer: every field of `provider` as a control, who would answer, what a change did, and a button that asks."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from difflib import get_close_matches
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
from .parts import Copy, LiveTable

HEAD = ["place", "provider", "$/M prompt", "$/M completion", "latency", "tokens/s", "what about it"]
NOBODY = "nobody"
LISTS = ("order", "only", "ignore")
FLAGS = ("zdr", "require_parameters", "enforce_distillable_text")
PREFERRED = ("preferred_min_throughput", "preferred_max_latency")
NUMBERS = ("max_price prompt", "max_price completion", *PREFERRED, "max_tokens")
MAIN = ("order", "sort", "max_price prompt", "allow_fallbacks", "take one down")
"""The controls that stand above the plan. The others are behind a button."""
OUT = "out"
Place = tuple[Endpoint, str, str]
"""An endpoint, its place in words, and why it is out."""
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
        self.everyone = [*first.kept, *(x.endpoint for x in first.out)]
        self.answered: str | None = None
        self.places: list[Place] = []
        self.controls = _controls(sorted({e.slug for e in self.everyone}))
        self.defaults = {name: control.value for name, control in self.controls.items()}
        self.copy = Copy(label="extra_body")
        self.table, self.result = LiveTable(head=HEAD, numbers=[2, 3, 4, 5], height="290px"), ipw.HTML()
        self.send = ipw.Button(description="Send", button_style="primary")
        self.reset = ipw.Button(description="Reset")
        self.more = ui.Fold("the other fields", *_others(self.controls))
        self.send.on_click(self._send)
        self.reset.on_click(self._reset)
        ui.watch(self.controls.values(), self._update)
        self._lay_out()
        self._update()

    def _lay_out(self) -> None:
        """The fields that are asked for most, then the plan; the others behind a button."""
        main = ui.side_by_side(*(self.controls[name] for name in MAIN), gap="4px 20px")
        buttons = ui.side_by_side(self.send, self.reset, self.more.button)
        self.put(main, buttons, self.more.box, self.status, self.table, self.copy, self.result)

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
        """A control has changed: plan anew, and say what that did. A bad value leaves the plan as it was."""
        self.answered, self.result.value, self.copy.text = None, "", ""
        typos = {name: self._typo(name) for name in LISTS}
        for name, problem in typos.items():
            self.controls[name].mark(problem)
        try:
            self.plan = self._planned()
        except ValueError as problem:
            self.say(f"Not read: {problem}. The plan below is still the one before.", "bad")
            return
        before = {e.tag: place for e, place, _ in self.places}
        self.places = _places(self.plan)
        self.copy.text = ui.clean(pformat(self.extra_body, sort_dicts=False, width=76))
        self._draw(before)
        wrong = [problem for problem in typos.values() if problem]
        tone = "" if self.plan.kept and not wrong else "bad"
        self.say(" ".join([_headline(self.plan), *wrong, *self._news(before)]), tone)

    def _news(self, before: Mapping[str, str]) -> list[str]:
        """What a change did, in up to three sentences; nothing for the first state."""
        rows = [(e.provider, before.get(e.tag, place), place) for e, place, _ in self.places]
        named = {
            "Now out": [who for who, old, new in rows if old != OUT == new],
            "Back in": [who for who, old, new in rows if old == OUT != new],
            "Now first": [who for who, old, new in rows if old != "1" == new],
        }
        return [f"{title}: {_some(names)}." for title, names in named.items() if names]

    def _planned(self) -> Plan:
        """The plan for what the controls say; a `ValueError` is also said under the control that it names."""
        numbers = {name: self.controls[name] for name in NUMBERS}
        for control in numbers.values():
            control.mark()
        try:
            return plan(self.endpoints, provider=self.provider(), model=self.model, **self.beside_provider())
        except ValueError as problem:
            field = str(problem).split()[0].removeprefix("provider.").replace(".", " ")
            if field in numbers:
                numbers[field].mark(f"{problem}.")
            raise

    @ui.told
    def _reset(self, button: Any = None) -> None:
        """Every control back to its default; without a result."""
        for name, control in self.controls.items():
            control.value = self.defaults[name]
        self.places = []
        self._update()

    def _typo(self, field: str) -> str:
        """A sentence for the first entry of `order`, `only` or `ignore` that names no endpoint at all."""
        known = sorted({e.slug for e in self.everyone} | {e.tag for e in self.everyone})
        for name in _names(self.controls[field].value):
            if not any(e.named_by(name) for e in self.everyone):
                close = get_close_matches(name.lower(), known, n=1)
                meant = f" Did you mean {close[0]!r}?" if close else ""
                return f"{name!r} in {field} matches no endpoint.{meant}"
        return ""

    def _draw(self, before: Mapping[str, str] | None = None) -> None:
        """The endpoints that stay in their order, then the others; what is in, out or first since `before` is coloured."""
        rows = []
        for e, place, why in self.places:
            old = (before or {}).get(e.tag, place)
            moved = old != place and bool({OUT, "1"} & {old, place})
            words = [f"was {old}"] * moved + ([why] if place == OUT else self._about(e))
            marks = ["out"] * (place == OUT) + ["changed"] * moved + ["answered"] * (e.provider == self.answered)
            rows.append(([place, f"{e.provider}\n{e.tag}", *figures(e), "; ".join(words)], " ".join(marks)))
        notes = [*self.plan.notes, *([self.plan.error[1]] if self.plan.error else [])]
        caption = f"{self.model}: in the order of attempts, then those that are out"
        self.table.show(ui.clean(". ".join([caption, *notes])), [([ui.clean(c) for c in r], mark) for r, mark in rows])

    def _about(self, e: Endpoint) -> list[str]:
        """What to know about an endpoint that stays."""
        words = []
        if e.provider == self.answered:
            same = [k for k in self.plan.kept if k.provider == e.provider]
            words.append("answered" if len(same) == 1 else f"answered (this one or another of {e.provider})")
        if e.slug == self.controls["take one down"].value:
            words.append("down")
        return words + [f"unknown: {u.reason} ({u.field})" for u in self.plan.unknown if u.endpoint == e]

    @ui.told
    def _send(self, button: Any = None) -> None:
        """Ask what the controls say, through the SDK."""
        session, down = current(), [name for name in [self.controls["take one down"].value] if name != NOBODY]
        message, beside, extra = self.controls["message"].value, self.beside_provider(), self.extra_body
        self._planned()  # one sentence if it cannot be
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
            self.say(f"Nobody answered. {ui.sentence(error)}", "bad")
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
        tone = "bad" if facts["error"] else "good"
        if facts["error"]:
            line = f"The answer holds an error: {facts['error']}. Source: {facts['source']}."
        elif live and self.answered not in [e.provider for e in self.plan.kept]:
            line += " The plan did not expect it: the list of endpoints is older than the answer."
        self.say(line, tone)


def _places(plan: Plan) -> list[Place]:
    """Every endpoint with its place ("1", "2 to 5, drawn" where chance decides among them, or "out") and why it is out."""
    places, first = [], 1
    for members in plan.groups:
        last = first + len(members) - 1
        places += [(e, str(first) if first == last else f"{first} to {last}, drawn", "") for e in members]
        first = last + 1
    return places + [(x.endpoint, OUT, f"{x.reason} ({x.field})") for x in plan.out]


def _some(providers: Sequence[str]) -> str:
    """Up to three of them by name, and how many more."""
    names = list(dict.fromkeys(providers))
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more


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
    return {
        "order": ui.Field("order", "together, fireworks", width="300px"),
        "sort": ui.choice("sort", [("none: drawn by chance", ""), *((name, name) for name in SORTS)]),
        "max_price prompt": ui.Field("max_price prompt, $/M", "no limit", width="240px"),
        "allow_fallbacks": ui.tick("allow_fallbacks", value=True),
        "take one down": ui.choice("take one down", [NOBODY, *slugs]),
        "only": ui.Field("only", "everybody", width="320px"),
        "ignore": ui.Field("ignore", "no provider", width="320px"),
        "data_collection": ui.choice("data_collection", ["allow", "deny"]),
        **{name: ui.tick(name) for name in FLAGS},
        "quantizations": ui.Ticks("quantizations", QUANTIZATIONS, width="320px"),
        "max_price completion": ui.Field("max_price completion, $/M", "no limit", width="280px"),
        "partition": ui.choice("sort partition", ["model", "none"]),
        "preferred_min_throughput": ui.Field("preferred_min_throughput, tokens/s", "no wish", width="320px"),
        "preferred_max_latency": ui.Field("preferred_max_latency, s", "no wish", width="320px"),
        "tools": ui.tick("tools (one function)"),
        "max_tokens": ui.Field("max_tokens", "the model's limit", "1000", width="220px"),
        "message": ui.Field("message", value="Name one use of routing.", width="320px"),
    }


def _others(c: dict[str, ipw.Widget]) -> list[ipw.Widget]:
    """The controls that few need, in groups that wrap."""
    who = ui.group("Who may answer", c["only"], c["ignore"])
    what = ui.group("What they must be", c["max_price completion"], c["quantizations"])
    rules = ui.group("What they must promise", c["data_collection"], *(c[name] for name in FLAGS))
    rank = ui.group("In which order", c["partition"], *(c[name] for name in PREFERRED))
    ask = ui.group(
        "The request", c["message"], c["max_tokens"], c["tools"], ui.hint("These three go beside extra_body.")
    )
    return [ui.side_by_side(who, what, rules, rank, ask, gap="12px 32px")]


def routing_explorer(endpoints: Sequence[Mapping[str, Any]], model: str = "", client: Any = None) -> RoutingExplorer:
    """Try every field of `provider`: who would answer, in which order, why each other is out; and send the request.

    `endpoints`: `data.endpoints` of GET /models/{id}/endpoints. `model`: the id to ask; by default the endpoints' own.
    `client`: an `OpenAI` client; without one the explorer makes the one that a lesson makes.
    """
    return RoutingExplorer(endpoints, model, client)
