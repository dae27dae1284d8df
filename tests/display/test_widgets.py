"""The four widgets, driven without a browser: traits are set, buttons are clicked, and what they show is read."""

from __future__ import annotations

import ast
import asyncio
import re
import subprocess
import sys
import threading
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell

import helpers
from helpers import notebook
from helpers.session import current
from openrouter_standin import plan
from openrouter_standin.catalogue import endpoints, models
from support import GLM, async_client, client, completion, event, hello, streamed

Tape = Callable[..., None]
VIEW = "application/vnd.jupyter.widget-view+json"
KEY = "sk-or-v1-" + "5ecret" * 6
ROUTED = {
    "model": GLM,
    "messages": [{"role": "user", "content": "Name one use of routing."}],
    "max_tokens": 1000,
}


def text(html: Any) -> str:
    """What an HTML widget or a status line says, without tags."""
    if hasattr(html, "text"):
        return html.text
    return unescape(re.sub(r"<[^>]+>", " ", html.value)).replace("$ ", "$").replace("  ", " ").strip()


def rows(html: Any) -> list[list[str]]:
    """The cells of the body rows of a live table, or of the first table in an HTML widget."""
    if hasattr(html, "rows"):
        return [row["cells"] for row in html.rows]
    body = html.value.split("<tbody>")[1].split("</tbody>")[0]
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in body.split("</tr>")[:-1]]
    return [[unescape(re.sub(r"<[^>]+>", "", cell)) for cell in row] for row in cells]


# --- all of them -----------------------------------------------------------------------------------------------------


def everyone() -> list[Any]:
    """One of each."""
    w = helpers.widgets
    return [
        w.model_browser(models()),
        w.routing_explorer(endpoints("z-ai/glm-5.3-flash")),
        w.streaming_panel(),
        w.cost_meter(),
    ]


def test_each_gives_a_widget_and_a_table_for_where_no_widget_runs(tape: Tape) -> None:
    tape([])
    for widget in everyone():
        bundle = widget._repr_mimebundle_()
        assert set(bundle) == {VIEW, "text/html", "text/plain"}
        assert bundle[VIEW]["model_id"] == widget.box.model_id
        assert "<caption" in bundle["text/html"] and "$" not in bundle["text/html"].replace("<span>$</span>", "")
        assert bundle["text/plain"] == repr(widget)
        assert "IPY_MODEL" not in bundle["text/plain"] and widget.box.model_id not in bundle["text/html"]


def test_every_control_has_a_visible_label_and_none_is_disabled(tape: Tape) -> None:
    tape([])
    for widget in everyone():
        waiting = [widget.box]
        while waiting:
            part = waiting.pop()
            waiting += getattr(part, "children", ())
            if hasattr(part, "value") and type(part).__name__ not in ("HTML", "Ticks", "Field", "ToggleButton"):
                assert part.description and not part.disabled
                assert type(part).__name__ == "Checkbox" or part.style.description_width == "initial"


STATIC = """
import helpers
helpers.start("03-routing-options")
from openrouter_standin.catalogue import endpoints, models
w = helpers.widgets
for made in (w.model_browser(models()), w.routing_explorer(endpoints("z-ai/glm-5.3-flash")), w.streaming_panel(), w.cost_meter()):
    bundle = made._repr_mimebundle_()
    print(bundle["text/html"], bundle["text/plain"])
"""


def test_the_static_tables_are_the_same_in_two_processes_and_in_every_offline_mode() -> None:
    def run(mode: str, speed: str) -> str:
        env = {"COOKBOOK_MODE": mode, "COOKBOOK_SPEED": speed, "PATH": "", "PYTHONHASHSEED": "random"}
        done = subprocess.run([sys.executable, "-c", STATIC], env=env, capture_output=True, text=True, check=True)
        assert not done.stderr
        return done.stdout

    assert run("replay", "4") == run("ci", "1")


def test_helpers_alone_does_not_load_ipywidgets() -> None:
    code = "import sys, helpers; assert 'ipywidgets' not in sys.modules; helpers.widgets; assert 'ipywidgets' in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_after_stop_every_widget_says_one_sentence_and_sends_nothing(tape: Tape, capfd: Any) -> None:
    tape([])
    browser, explorer, panel, meter = everyone()
    helpers.stop()
    browser.text.value = "claude"
    explorer.controls["zdr"].value = True
    explorer.send.click()
    panel.start.click()
    panel.stop.click()
    meter.refresh()
    for widget in (explorer, meter):
        assert "The course is not started" in text(widget.status)
        assert widget._repr_mimebundle_()["text/plain"]
    assert text(browser.status) == "36 of 423 models match."  # it sends nothing, so it needs no lesson
    assert "Nothing is streaming" in text(panel.status)
    helpers.start("99-test")
    browser.text.value = "gemini"
    explorer.send.click()
    assert "models match" in text(browser.status) and "answered" in text(explorer.status)
    assert "Traceback" not in "".join(capfd.readouterr())
    helpers.stop()
    with pytest.raises(RuntimeError, match="not started"):
        helpers.widgets.cost_meter()


# --- the model browser -----------------------------------------------------------------------------------------------


def row_of(name: str, prompt: str = "0.000001", **more: Any) -> dict[str, Any]:
    made = {"input_modalities": more.pop("takes", ["text"]), "output_modalities": more.pop("gives", ["text"])}
    plain = {"name": name.title(), "context_length": 1000, "supported_parameters": ["tools"], "created": 0}
    return {"id": name, **plain, "architecture": made, "pricing": {"prompt": prompt, "completion": "0.000002"}, **more}


CATALOGUE = [
    row_of("a/dear", "0.000009", created=1_700_000_000),
    row_of("a/router", "-1"),
    row_of("b/cheap", "0.0000001", context_length=200_000, takes=["text", "image"]),
    row_of("b/nothing", "0", gives=["text", "audio"], context_length=900_000, top_provider={"context_length": 2_000}),
    row_of("c/gift:free", "0", supported_parameters=["tools", "seed"], created=1_780_000_000),
]


def ids(browser: Any) -> list[str]:
    return [m.id for m in browser.matches]


def press(browser: Any, number: int, what: str = "pressed_head") -> None:
    """As the head of a column, or a row, sends it."""
    before = getattr(browser.table, what)
    setattr(browser.table, what, {"number": number, "again": before.get("again", 0) + 1})


def test_the_browser_filters_by_everything(tape: Tape) -> None:
    tape([])
    browser = helpers.widgets.model_browser(CATALOGUE)
    for control, value, left in [
        ("text", " A/Dear", ["a/dear"]),
        ("max_price", "0.1", ["b/cheap", "b/nothing", "c/gift:free"]),
        ("min_context", "100,000", ["b/cheap"]),
        ("takes", "image", ["b/cheap"]),
        ("gives", "audio", ["b/nothing"]),
        ("parameters", ("seed", "tools"), ["c/gift:free"]),
        ("free", True, ["c/gift:free"]),
        ("plain", True, ["a/dear", "a/router", "b/cheap", "b/nothing"]),
    ]:
        widget = getattr(browser, control)
        before, widget.value = widget.value, value
        assert sorted(ids(browser)) == left, control
        assert sorted(r[0] for r in rows(browser.table)) == sorted(left)
        assert f"{len(left)} of 5 models match" in text(browser.status)
        widget.value = before
    assert len(browser.matches) == 5


def test_the_browser_finds_what_the_lesson_finds(tape: Tape) -> None:
    tape([])
    browser = helpers.widgets.model_browser(models())
    browser.takes.value, browser.min_context.value, browser.max_price.value = "image", "200000", "0.1"
    browser.parameters.value = ("tools",)
    assert "28 of 423" in text(browser.status)
    browser.plain.value = True
    assert "17 of 423" in text(browser.status)
    ticks = [t.description for t in browser.parameters.ticks]
    assert ticks[:4] == ["tools", "structured_outputs", "response_format", "reasoning"] and ticks[4:] == sorted(
        ticks[4:]
    )


def test_variants_aliases_and_routers_can_be_left_out(tape: Tape) -> None:
    tape([])
    browser = helpers.widgets.model_browser([row_of(name) for name in ("a/b", "a/b:x", "~a/latest", "openrouter/auto")])
    browser.plain.value = True
    assert ids(browser) == ["a/b"]


def test_a_press_on_a_head_sorts_and_a_price_that_depends_comes_last(tape: Tape) -> None:
    tape([])
    browser = helpers.widgets.model_browser(CATALOGUE)
    assert ids(browser)[:2] == ["c/gift:free", "a/dear"], "the newest first"
    for column, first in [(0, "a/dear"), (1, "b/nothing"), (3, "b/cheap"), (6, "c/gift:free")]:
        press(browser, column)
        assert ids(browser)[0] == first and browser.table.sorted_by == column
        assert browser.table.descending == (column in (3, 6))
    press(browser, 1)
    assert ids(browser) == ["b/nothing", "c/gift:free", "b/cheap", "a/dear", "a/router"]
    assert rows(browser.table)[-1][1] == "depends on the model chosen"
    assert rows(browser.table)[2][1] == "$0.1"
    press(browser, 1)
    assert ids(browser) == ["a/dear", "b/cheap", "c/gift:free", "b/nothing", "a/router"] and browser.table.descending


def test_the_id_to_copy_is_the_first_row_until_a_row_is_pressed(tape: Tape) -> None:
    tape([])
    browser = helpers.widgets.model_browser(CATALOGUE)
    assert browser.chosen.text == "c/gift:free" and browser.table.picked == 0
    press(browser, 1)
    assert browser.chosen.text == "b/nothing"
    press(browser, 2, "pressed_row")
    assert browser.chosen.text == "b/cheap"
    browser.text.value = "b/"
    assert browser.chosen.text == "b/cheap" and browser.table.picked == 1
    browser.text.value = "<script>"
    assert browser.chosen.text == "" and "No model matches" in text(browser.status) and browser.table.picked == -1
    browser.text.value = ""
    assert browser.chosen.text == "b/cheap"


def test_the_browser_refuses_what_is_not_a_number_at_its_field(tape: Tape) -> None:
    tape([])
    browser = helpers.widgets.model_browser(CATALOGUE)
    browser.text.value = "b/"
    for name, bad in (("max_price", "cheap"), ("max_price", "-1"), ("max_price", "NaN"), ("min_context", "1.5")):
        control = getattr(browser, name)
        control.value = bad
        said = text(browser.status)
        assert said.startswith("✗ Not read: the ") and said.endswith("The list below is still the one before.")
        assert browser.status.tone == "bad" and len(ids(browser)) == 2
        assert text(control.wrong) in said and "cookbook-wrong" in control.line._dom_classes
        control.value = ""
        assert control.wrong.value == "" and control.line._dom_classes == () and browser.status.tone == ""


def test_the_browser_takes_the_sdks_objects_and_the_whole_catalogue(tape: Tape) -> None:
    tape([])
    browser = helpers.widgets.model_browser(client().models.list().data)
    assert len(browser.matches) == len(models())
    assert len(rows(browser.table)) == 60 and len(browser.first_state().rows) == 15
    assert rows(browser.table) == rows(helpers.widgets.model_browser(models()).table)
    for wrong in ([], ["x"], [{}]):
        with pytest.raises(ValueError, match="model_browser"):
            helpers.widgets.model_browser(wrong)


def test_the_browser_escapes_and_hides_keys(tape: Tape) -> None:
    tape([])
    browser = helpers.widgets.model_browser([row_of("<b>x</b>"), row_of(KEY)])
    shown = str(browser.table.rows) + browser.chosen.text + str(browser._repr_mimebundle_()["text/html"])
    assert KEY not in shown and "<b>x" not in browser._repr_mimebundle_()["text/html"]


# --- the routing explorer --------------------------------------------------------------------------------------------


def place_of(explorer: Any, provider: str) -> list[str]:
    return next(r for r in rows(explorer.table) if r[1].split("\n")[0] == provider)


def marks(explorer: Any) -> list[str]:
    return [row["mark"] for row in explorer.table.rows]


def test_the_explorer_orders_excludes_and_says_why(tape: Tape) -> None:
    tape([])
    explorer = helpers.widgets.routing_explorer(endpoints("z-ai/glm-5.3-flash"))
    assert len(rows(explorer.table)) == 33 and rows(explorer.table)[0][0] == "1 to 33, drawn"
    assert explorer.copy.text == "{}"
    c = explorer.controls
    c["order"].value = "together, fireworks"
    c["quantizations"].value = ("fp8", "unknown")
    assert [r[:2] for r in rows(explorer.table)[:2]] == [
        ["1", "Together\ntogether"],
        ["2 to 3, drawn", "Fireworks\nfireworks"],
    ]
    stay = len(explorer.plan.kept)
    assert [r[0] for r in rows(explorer.table)[3:stay]] == [f"4 to {stay}, drawn"] * (stay - 3)
    out = place_of(explorer, "DeepInfra")
    assert out[0] == "out" and out[-1] == "fp4 is not in quantizations (quantizations)"
    assert sum("out" in mark for mark in marks(explorer)) == len(explorer.plan.out)
    c["zdr"].value = True
    assert "unknown: not looked up in GET /endpoints/zdr (zdr)" in place_of(explorer, "Together")[-1]
    want = {"order": ["together", "fireworks"], "zdr": True, "quantizations": ["fp8", "unknown"]}
    assert ast.literal_eval(explorer.copy.text) == {"provider": want}


CONTROLS = [
    ("order", "together, fireworks", {"order": ["together", "fireworks"]}),
    ("only", " z-ai ,", {"only": ["z-ai"]}),
    ("ignore", "deepinfra/fp4", {"ignore": ["deepinfra/fp4"]}),
    ("allow_fallbacks", False, {"allow_fallbacks": False}),
    ("require_parameters", True, {"require_parameters": True}),
    ("zdr", True, {"zdr": True}),
    ("enforce_distillable_text", True, {"enforce_distillable_text": True}),
    ("data_collection", "deny", {"data_collection": "deny"}),
    ("sort", "price", {"sort": "price"}),
    ("partition", "none", {"sort": {"by": None, "partition": "none"}}),
    ("quantizations", ("fp8",), {"quantizations": ["fp8"]}),
    ("max_price prompt", "0.1", {"max_price": {"prompt": 0.1}}),
    ("max_price completion", "1", {"max_price": {"completion": 1}}),
    ("preferred_min_throughput", "50", {"preferred_min_throughput": 50}),
    ("preferred_max_latency", '{"p90": 2}', {"preferred_max_latency": {"p90": 2}}),
]


@pytest.mark.parametrize(("control", "value", "provider"), CONTROLS)
def test_every_provider_field_has_a_control_and_only_what_differs_is_copied(
    tape: Tape, control: str, value: Any, provider: dict[str, Any]
) -> None:
    tape([])
    explorer = helpers.widgets.routing_explorer(endpoints("z-ai/glm-5.3-flash"))
    widget = explorer.controls[control]
    before, widget.value = widget.value, value
    assert ast.literal_eval(explorer.copy.text) == {"provider": provider}
    assert helpers.plan(endpoints(GLM), provider=provider, max_tokens=1000).kept == explorer.plan.kept
    widget.value = before
    assert explorer.copy.text == "{}"


def test_every_documented_field_is_covered() -> None:
    from openrouter_standin.routing.preferences import FIELDS

    assert {name for _, _, provider in CONTROLS for name in provider} == set(FIELDS)


@pytest.mark.parametrize(
    ("control", "bad"),
    [
        ("max_price prompt", "cheap"),
        ("max_price completion", "NaN"),
        ("preferred_min_throughput", "fast"),
        ("preferred_max_latency", '{"p12": 1}'),
        ("max_tokens", "0"),
        ("max_tokens", "many"),
    ],
)
def test_a_bad_value_is_one_sentence_and_the_controls_stay(tape: Tape, control: str, bad: str) -> None:
    tape([])
    explorer = helpers.widgets.routing_explorer(endpoints("z-ai/glm-5.3-flash"))
    before = explorer.controls[control].value
    explorer.controls[control].value = bad
    assert "takes" in text(explorer.status) and control.split()[0] in text(explorer.status)
    assert text(explorer.status).endswith("The plan below is still the one before.")
    assert text(explorer.controls[control].wrong) in text(explorer.status) and text(explorer.controls[control].wrong)
    assert explorer.copy.text == ""
    explorer.send.click()
    assert "takes" in text(explorer.status) and not current().log.entries
    explorer.controls[control].value = before
    assert len(rows(explorer.table)) == 33 and explorer.controls[control].wrong.value == ""


def test_the_status_counts_and_says_what_a_change_did(tape: Tape) -> None:
    tape([])
    explorer = helpers.widgets.routing_explorer(endpoints("z-ai/glm-5.3-flash"))
    c = explorer.controls
    assert text(explorer.status) == "33 endpoints stay." and set(marks(explorer)) == {""}
    for name, value, said, undone in [
        ("only", "modal", "1 endpoint stays; 32 are out. Now out: OpenInference, Relace, Sail Research and 27 more. Now first: Modal.",
         "33 endpoints stay. Back in: OpenInference, Relace, Sail Research and 27 more."),
        ("ignore", "modal", "32 endpoints stay; 1 is out. Now out: Modal.", "33 endpoints stay. Back in: Modal."),
        ("order", "modal", "33 endpoints stay. Now first: Modal.", "33 endpoints stay."),
    ]:  # fmt: skip
        c[name].value = value
        assert text(explorer.status) == said
        assert any("changed" in mark for mark in marks(explorer))
        c[name].value = ""
        assert text(explorer.status) == undone
    assert "in the order of attempts, then those that are out" in explorer.table.caption


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("order", "togehter, modal", "'togehter' in order matches no endpoint. Did you mean 'together'?"),
        ("ignore", "modall", "'modall' in ignore matches no endpoint. Did you mean 'modal'?"),
        ("only", "azure", "'azure' in only matches no endpoint."),
    ],
)
def test_a_misspelt_slug_is_said_at_its_field_too(tape: Tape, field: str, value: str, problem: str) -> None:
    tape([])
    explorer = helpers.widgets.routing_explorer(endpoints("z-ai/glm-5.3-flash"))
    control = explorer.controls[field]
    control.value = value
    assert problem in text(explorer.status) and explorer.status.tone == "bad"
    assert text(control.wrong) == problem
    if field == "only":
        assert text(explorer.status).startswith("✗ Nobody is left: 33 endpoints are out. The answer is 404.")
    control.value = ""
    assert control.wrong.value == "" and explorer.status.tone == ""


def test_two_controls_changed_in_two_threads_come_to_one_plan(tape: Tape) -> None:
    tape([])
    explorer = helpers.widgets.routing_explorer(endpoints("z-ai/glm-5.3-flash"))
    changes = {"order": "together", "allow_fallbacks": False, "sort": "price", "zdr": True}

    def change(name: str) -> None:
        explorer.controls[name].value = changes[name]

    for _ in range(5):
        threads = [threading.Thread(target=change, args=[name]) for name in changes]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [r[0] for r in rows(explorer.table)] == ["1", *["out"] * 32] and len(explorer.plan.kept) == 1
        assert text(explorer.status).startswith("1 endpoint stays; 32 are out.")
        assert "'allow_fallbacks': False" in explorer.copy.text and "'order': ['together']" in explorer.copy.text
        explorer.reset.click()


def test_reset_puts_every_control_back(tape: Tape) -> None:
    tape([])
    explorer = helpers.widgets.routing_explorer(endpoints("z-ai/glm-5.3-flash"))
    before = {name: control.value for name, control in explorer.controls.items()}
    for name, value, _ in CONTROLS:
        explorer.controls[name].value = value
    more = {"tools": True, "max_tokens": "many", "message": "other", "take one down": "modal"}
    for name, value in more.items():
        explorer.controls[name].value = value
    assert all(explorer.controls[name].value != before[name] for name in before)
    explorer.reset.click()
    assert {name: control.value for name, control in explorer.controls.items()} == before
    explorer.send.click()
    assert "Answer:" in text(explorer.result)
    explorer.reset.click()
    assert explorer.result.value == "" and explorer.copy.text == "{}"
    assert text(explorer.status) == "33 endpoints stay."


def test_tools_and_max_tokens_exclude_too(tape: Tape) -> None:
    tape([])
    some = [dict(e) for e in endpoints(GLM)[:3]]
    some[0]["supported_parameters"] = ["max_tokens"]
    some[1]["max_completion_tokens"] = 1000
    explorer = helpers.widgets.routing_explorer(some)
    explorer.controls["tools"].value = True
    explorer.controls["max_tokens"].value = "2000"
    assert [r[-1].split("; ")[-1] for r in rows(explorer.table)[1:]] == [
        "does not support tools (tools)",
        "answers at most 1,000 tokens, 2,000 asked (max_tokens)",
    ]
    assert explorer.copy.text == "{}"


def test_send_plays_the_recording_and_marks_who_answered_in_the_drawn_set(tape: Tape) -> None:
    metadata = {"headers": {"x-openrouter-metadata": "enabled"}, "method": "POST", "path": "/api/v1/chat/completions"}
    answer = completion("a <b>use</b>")
    answer["body"] |= {"model": GLM, "provider": "Modal"}
    tape([({**metadata, "body": ROUTED}, answer)], mode="ci")
    explorer = helpers.widgets.routing_explorer(endpoints(GLM), client=client())
    explorer.send.click()
    assert "Modal answered. Cost: $0.25. Source: recorded (standin)." in text(explorer.status)
    assert place_of(explorer, "Modal")[0] == "1 to 33, drawn" and place_of(explorer, "Modal")[-1] == "answered"
    assert marks(explorer).count("answered") == 1 and explorer.status.tone == "good"
    assert "<b>use" not in explorer.result.value and "Answer: a <b>use</b>" in text(explorer.result)
    words, folded = explorer.result.value.split("<details")
    assert "Answer:" in words and " open" not in folded.split(">")[0]
    assert "Receipt and attempts" in folded and folded.count("<table") == 2
    explorer.controls["zdr"].value = True
    assert not any("answered" in r[-1] for r in rows(explorer.table)) and explorer.result.value == ""


def test_a_provider_that_is_down_is_marked_and_the_next_one_answers(tape: Tape) -> None:
    tape([])
    explorer = helpers.widgets.routing_explorer(endpoints("z-ai/glm-5.3-flash"))
    explorer.controls["order"].value = "together, fireworks, modal"
    explorer.controls["take one down"].value = "together"
    assert place_of(explorer, "Together")[-1] == "down"
    explorer.send.click()
    assert "Fireworks answered" in text(explorer.status) and "stand-in, fault on demand" in text(explorer.status)
    assert "tried, status 502" in text(explorer.result)
    about = [r[-1] for r in rows(explorer.table) if r[-1]]
    assert about == ["down", *["answered (this one or another of Fireworks)"] * 2]
    assert current().fault_blocks.current() is None


def test_an_error_of_the_service_is_a_status_and_a_message(tape: Tape) -> None:
    tape([])
    explorer = helpers.widgets.routing_explorer(endpoints("z-ai/glm-5.3-flash"))
    meter = helpers.widgets.cost_meter()
    explorer.controls["only"].value = "azure"
    assert "Nobody is left" in text(explorer.status) and all(r[0] == "out" for r in rows(explorer.table))
    explorer.send.click()
    assert "Nobody answered. 404: No allowed providers" in text(explorer.status)
    assert "0 tried" in text(explorer.result)
    assert rows(meter.totals)[0] == ["requests", "1"]


def test_the_explorer_leaves_no_notice_for_a_later_cell_and_hides_keys(tape: Tape) -> None:
    tape([])
    explorer = helpers.widgets.routing_explorer(endpoints("z-ai/glm-5.3-flash"))
    explorer.controls["message"].value = "new"
    explorer.send.click()
    assert "stand-in, not recorded" in text(explorer.status) and notebook._unrecorded == []
    client().chat.completions.create(**hello("other", max_tokens=9))
    assert notebook._unrecorded == [None]
    explorer.controls["order"].value = KEY
    assert "order" in explorer.copy.text and KEY not in explorer.copy.text
    explorer.controls["max_price prompt"].value = f"<i>{KEY}"
    explorer.send.click()
    shown = explorer.copy.text + explorer.status.text + str(explorer.table.rows) + explorer.result.value
    assert KEY not in shown
    assert "<i>" not in explorer.controls["max_price prompt"].wrong.value


def test_a_change_is_planned_once(tape: Tape, monkeypatch: pytest.MonkeyPatch) -> None:
    tape([])
    made = helpers.widgets.routing_explorer(endpoints(GLM))
    module = sys.modules[type(made).__module__]
    asked: list[Any] = []
    monkeypatch.setattr(module, "plan", lambda *a, **k: asked.append(k) or plan(*a, **k))
    made.controls["zdr"].value = True
    assert [k["provider"] for k in asked] == [{"zdr": True}]


def test_wrong_endpoints_are_refused_in_one_sentence(tape: Tape) -> None:
    tape([])
    with pytest.raises(ValueError, match="plan takes the list of endpoints"):
        helpers.widgets.routing_explorer([{"x": 1}])


# --- the streaming panel ---------------------------------------------------------------------------------------------

LANES = ("openai/gpt-4o-mini", "m")


def asked(model: str, **more: Any) -> dict[str, Any]:
    return {**hello("hi"), "model": model, "max_tokens": 1000, "stream": True, **more}


def panel_of(**more: Any) -> Any:
    return helpers.widgets.streaming_panel(**{"models": LANES, "prompt": "hi", **more})


async def until(true: Callable[[], bool]) -> None:
    for _ in range(400):
        if true():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("it did not happen")


def test_two_models_at_once_with_their_figures(tape: Tape) -> None:
    tape([(asked(LANES[0]), streamed((100, 200, 1100))), (asked(LANES[1]), streamed((300, 800)))], mode="ci")

    async def run() -> Any:
        panel = panel_of(client=client())
        panel.start.click()
        await panel.task
        return panel

    panel = asyncio.run(run())
    assert [text(lane.text) for lane in panel.lanes] == ["p0 p1 p2", "p0 p1"]
    assert [text(lane.status) for lane in panel.lanes] == ["✓ finished", "✓ finished"]
    assert text(panel.lanes[0].figures).startswith(
        "OpenAI, at real pace: first word after 0.10 s; 2 tokens, 2 per second. "
    )
    assert "Source: recorded (standin); words and pace are invented, no model wrote them." in text(
        panel.lanes[0].figures
    )
    assert "Finished." in text(panel.status)


def test_stop_stops_both_streams_while_they_run(tape: Tape) -> None:
    pace = tuple(range(100, 60_000, 100))
    tape([(asked(name), streamed(pace)) for name in LANES], speed=1)

    async def run() -> Any:
        panel = panel_of(client=async_client())
        panel.start.click()
        await until(lambda: all("p1" in text(lane.text) for lane in panel.lanes))
        assert [text(lane.status) for lane in panel.lanes] == ["streaming", "streaming"]
        panel.start.click()
        assert "streaming already" in text(panel.status)
        panel.stop.click()
        done, _ = await asyncio.wait({panel.task}, timeout=2)
        assert done
        return panel

    panel = asyncio.run(run())
    assert all(lane.stream.response.is_closed for lane in panel.lanes)
    assert [text(lane.status) for lane in panel.lanes] == ["stopped", "stopped"]
    assert "Stopped." in text(panel.status)
    assert all(entry.end_ms is not None and len(entry.events) < 50 for entry in current().log.entries)
    assert all(text(lane.figures).startswith("OpenAI: first word after 0.10 s.") for lane in panel.lanes)
    panel.stop.click()
    assert "Nothing is streaming" in text(panel.status)


@pytest.mark.parametrize(("mode", "speed", "chosen"), [("replay", 1, 0.0), ("ci", 1, 1.0)])
def test_the_speed_holds_for_the_panel_alone_and_not_in_ci(tape: Tape, mode: str, speed: float, chosen: float) -> None:
    tape([(asked(LANES[0]), streamed((500, 60_000)))], mode=mode, speed=speed)
    before = current().speed

    async def run() -> None:
        panel = panel_of(models=LANES[:1])
        assert panel.speed.value == before
        panel.speed.value = chosen
        panel.start.click()
        await asyncio.sleep(0)
        assert current().speed == before
        done, _ = await asyncio.wait({panel.task}, timeout=5)
        assert done

    asyncio.run(run())
    assert current().speed == before


def test_an_unrecorded_prompt_is_labelled_and_leaves_no_notice(tape: Tape) -> None:
    tape([])

    async def run() -> Any:
        panel = panel_of(models="z-ai/glm-5.3-flash", client=async_client())
        panel.start.click()
        await panel.task
        return panel

    panel = asyncio.run(run())
    assert "No model wrote this" in text(panel.lanes[0].text)
    assert "stand-in, not recorded" in text(panel.lanes[0].figures)
    assert notebook._unrecorded == []


def test_failures_are_words_in_their_lane(tape: Tape) -> None:
    broken = "data: " + '{"error": {"code": 502, "message": "<i>broke"}, "choices": []}'
    refused = {"status": 429, "headers": {}, "ms": 1, "body": {"error": {"message": f"slow down {KEY}", "code": 429}}}
    stream = streamed((100,))
    stream["events"] = [*stream["events"][:2], [200, broken]]
    tape([(asked(LANES[0]), stream), (asked(LANES[1]), refused)])

    async def run() -> Any:
        panel = panel_of()
        panel.start.click()
        await panel.task
        return panel

    panel = asyncio.run(run())
    assert text(panel.lanes[0].text) == "p0" and "failed:" in text(panel.lanes[0].status)
    assert "<i>broke" in text(panel.lanes[0].status)
    assert text(panel.status) == "✗ Finished: both failed."
    assert "failed: 429: slow down" in text(panel.lanes[1].status) and KEY not in text(panel.lanes[1].status)


def test_one_lane_failed_and_an_empty_one_says_no_model(tape: Tape) -> None:
    refused = {"status": 429, "headers": {}, "ms": 1, "body": {"error": {"message": "slow down", "code": 429}}}
    tape([(asked(LANES[0]), streamed()), (asked(LANES[1]), refused)])

    async def run() -> Any:
        panel = panel_of()
        panel.start.click()
        await panel.task
        assert text(panel.status) == "✗ Finished: one failed."
        assert "p0" in text(panel.lanes[0].text)
        panel.lanes[0].model.value = " "
        panel.start.click()
        await panel.task
        return panel

    lane = asyncio.run(run()).lanes[0]
    assert [text(part) for part in (lane.status, lane.text, lane.figures)] == ["no model", "", ""]


def test_thoughts_are_told_from_words(tape: Tape) -> None:
    def thinks(piece: str) -> str:
        return event("").replace('"content": ""', f'"content": "", "reasoning": "{piece}"')

    stream = streamed((1100,))
    stream["events"] = [[300, thinks("<b>hm")], [500, thinks(", so")], *stream["events"][1:]]
    tape([(asked(LANES[0]), stream)])

    async def run() -> Any:
        panel = panel_of(models=LANES[:1])
        lane = panel.lanes[0]
        lane.thought, was = "<b>hm", lane.thought
        lane.draw([], 0, 4000)
        assert 'class="thought">thinking… &lt;b&gt;hm' in lane.text.value
        lane.thought = was
        panel.start.click()
        await panel.task
        return panel

    lane = asyncio.run(run()).lanes[0]
    assert text(lane.text) == "thought: <b>hm, so p0"
    assert "first thought after 0.30 s, first word after 1.10 s; 2 tokens" in text(lane.figures)
    kinds = re.findall(r'<i class="(\w+)" style="left:([\d.]+)%', lane.race.value)
    assert kinds == [("reasoning", "7.50"), ("reasoning", "12.50"), ("text", "27.50"), ("now", "27.50")]


def test_both_lanes_share_one_time_axis_that_holds_the_slower(tape: Tape) -> None:
    tape([(asked(LANES[0]), streamed((100, 200))), (asked(LANES[1]), streamed((300, 9000)))])

    async def run() -> Any:
        panel = panel_of()
        assert panel.stop.disabled and "4 s" in text(panel.lanes[0].race)
        panel.start.click()
        assert not panel.stop.disabled and panel.stop.button_style == "danger"
        await panel.task
        return panel

    panel = asyncio.run(run())
    assert [text(lane.race) for lane in panel.lanes] == ["0.2 of 16 s", "9.0 of 16 s"]
    assert panel.stop.disabled and panel.start.button_style == "primary"


def test_five_models_are_offered_beside_the_panels_own(tape: Tape) -> None:
    tape([])
    assert len(helpers.widgets.streaming_panel().lanes[0].model.options) == 5
    assert panel_of().lanes[0].model.options[:2] == LANES
    assert [label for label, _ in panel_of().speed.options.items()] == [
        "a quarter of the pace",
        "real pace",
        "2 times as fast",
        "10 times as fast",
        "no waiting",
    ]


def test_words_are_escaped_and_a_key_in_two_pieces_is_hidden(tape: Tape) -> None:
    stream = streamed((100,))
    pieces = ["<script>", KEY[:20], KEY[20:], " end"]
    stream["events"] = [[100 + n, event(piece)] for n, piece in enumerate(pieces)] + [[200, "data: [DONE]"]]
    tape([(asked(LANES[0]), stream)])

    async def run() -> Any:
        panel = panel_of(models=LANES[:1])
        panel.start.click()
        await panel.task
        return panel

    lane = asyncio.run(run()).lanes[0]
    assert "<script>" not in lane.text.value and KEY not in lane.text.value and text(lane.text).endswith("end")


def test_the_panel_says_what_it_cannot_do(tape: Tape) -> None:
    tape([])
    panel = panel_of()
    panel.start.click()
    assert "event loop" in text(panel.status)
    for lane in panel.lanes:
        lane.model.value = " "
    panel.start.click()
    assert "Name a model first" in text(panel.status)
    with pytest.raises(ValueError, match="one or two"):
        panel_of(models=("a", "b", "c"))


def test_a_new_start_while_a_stream_runs_does_no_harm(tape: Tape) -> None:
    tape([(asked(LANES[0]), streamed(tuple(range(10, 400, 10))))], speed=1)

    async def run() -> Any:
        panel = panel_of(models=LANES[:1])
        panel.start.click()
        await until(lambda: "p1" in text(panel.lanes[0].text))
        helpers.stop()
        await panel.task
        return panel

    panel = asyncio.run(run())
    assert text(panel.lanes[0].status).startswith(("✓ finished", "✗ failed"))


# --- the cost meter --------------------------------------------------------------------------------------------------


def test_the_meter_counts_and_charges_nothing_offline(tape: Tape) -> None:
    tape([(hello(), completion())])
    meter = helpers.widgets.cost_meter()
    assert "last answer none yet" in re.sub(r"\s+", " ", text(meter.totals))
    client().chat.completions.create(**hello())
    meter.refresh()
    assert rows(meter.totals) == [
        ["requests", "1"],
        ["prompt tokens", "3"],
        ["completion tokens", "2"],
        ["cost in the answers", "$0.25"],
        ["last answer", "openai/gpt-4o-mini by OpenAI: 3 + 2 tokens, $0.25, source: recorded (standin)"],
    ]
    assert "Only live answers are charged" in text(meter.totals)
    assert text(meter.budget) == "Live, these answers would have cost $0.25 (the whole bar: $1.00). Nothing is charged"
    assert 'value="0.25"' in meter.budget.value
    assert ["charged to you", "$0 of a budget of $0.50"] in meter.first_state().rows


def test_the_meter_charges_live_answers(tape: Tape) -> None:
    tape([(hello(), completion())])
    client().chat.completions.create(**hello())
    current().log.entries[0].source = "live"
    current().mode = "live"
    meter = helpers.widgets.cost_meter()
    assert "$0.25 of $0.50 charged" in text(meter.budget) and 'value="0.25"' in meter.budget.value


def test_the_meter_follows_the_other_widgets(tape: Tape) -> None:
    tape([(asked(LANES[0]), streamed())])
    meter, explorer = helpers.widgets.cost_meter(), helpers.widgets.routing_explorer(endpoints("z-ai/glm-5.3-flash"))
    explorer.send.click()
    assert rows(meter.totals)[0] == ["requests", "1"]

    async def run() -> None:
        panel = panel_of(models=LANES[:1])
        panel.start.click()
        await panel.task

    asyncio.run(run())
    assert rows(meter.totals)[0] == ["requests", "2"]


def test_shown_twice_the_meter_is_one_and_has_one_hook(tape: Tape) -> None:
    tape([(hello(), completion())])
    shell = InteractiveShell.instance()
    try:
        before = len(shell.events.callbacks["post_run_cell"])
        first, second = helpers.widgets.cost_meter(), helpers.widgets.cost_meter()
        assert first is second
        assert len(shell.events.callbacks["post_run_cell"]) == before + 1
        client().chat.completions.create(**hello())
        shell.run_cell("1")
        assert rows(first.totals)[0] == ["requests", "1"]
        first.box.close()
        assert helpers.widgets.cost_meter() is not first
        assert len(shell.events.callbacks["post_run_cell"]) == before + 1
    finally:
        InteractiveShell.clear_instance()


def test_the_sound_player_joins_a_sample_that_was_cut_in_two(tape: Tape) -> None:
    player, sent = helpers.widgets.sound_player(8_000), []
    player._sound.send = lambda message, buffers: sent.append(bytes(buffers[0]))
    sound = bytes(range(200)) * 4
    for piece in (sound[:1], sound[1:2], sound[2:7], sound[7:401], sound[401:]):
        player.add(piece)
    assert b"".join(sent) == sound and all(len(piece) % 2 == 0 for piece in sent)
    assert player.seconds == 400 / 8_000
    for rate in (0, 7_999, 1e5, "fast"):
        with pytest.raises(ValueError, match="rate is a whole number from 8,000 to 96,000"):
            helpers.widgets.sound_player(rate)
