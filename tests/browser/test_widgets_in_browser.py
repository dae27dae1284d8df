"""The widgets in a real browser, by mouse and by keyboard. What is typed at a widget never reaches the notebook."""

from __future__ import annotations

from typing import Any

import pytest

NARROW = {"width": 700, "height": 1500}
LAPTOP = {"width": 1280, "height": 800}
SHORTCUTS = ("x", "b", "a", "d", "d", "m", "z", "ArrowDown", "ArrowUp")
"""What cuts, adds, turns and leaves a cell in JupyterLab's command mode."""


@pytest.mark.parametrize(
    ("lesson", "labels"),
    [
        ("02-model-ids", ["Takes", "tools", "Free models only (ids that end in :free)", "$/M prompt"]),
        ("04-streaming", ["Speed", "Start"]),
        ("06-outlive-failures", ["sort", "allow_fallbacks", "take one down", "Reset", "Show the other fields"]),
    ],
)
def test_no_key_that_is_typed_at_a_control_reaches_the_notebook(open_tab: Any, lesson: str, labels: list[str]) -> None:
    tab = open_tab(lesson)
    for name in labels:
        control = tab.label(name) if tab.label(name).count() else tab.button(name)
        control.focus()
        tab.keys(*SHORTCUTS)
        assert tab.cells() == tab.had, name
    tab.page.locator(".cookbook-table, .widget-textarea textarea").first.click()
    tab.keys("x", "d", "d")  # with the mouse the same; the number of cells is looked at again at the end


def test_after_a_restart_of_the_kernel_a_widget_says_that_it_is_dead(open_tab: Any) -> None:
    tab = open_tab("02-model-ids")
    tab.page.click(".lm-MenuBar-itemLabel:text-is('Kernel')")
    tab.page.click(".lm-Menu-itemLabel:text-is('Restart Kernel…') >> visible=true")
    tab.page.locator(".jp-Dialog .jp-mod-accept").click()
    tab.waits_for("^✗ The kernel was restarted or has ended: nothing here works any more. Run this cell again.$")
    assert tab.page.evaluate("() => document.querySelector('.cookbook-box [inert] input') !== null")
    tab.picture("widget-dead")
    tab.errors = [e for e in tab.errors if "jp-" in e]  # the debugger's own complaints about a restart
    tab.goes_on = False  # and more of them come later


def test_the_model_browser_by_mouse(open_tab: Any) -> None:
    tab = open_tab("02-model-ids")
    tab.label("Takes").select_option("image")
    tab.label("tools").check()
    tab.label("Highest prompt price, $ per million tokens").fill("0.1")
    tab.label("Shortest context, tokens").fill("200000")
    tab.label("Without variants, aliases and routers").check()
    tab.waits_for(r"^17 of 423 models match\.$")
    tab.button("$/M prompt").click()
    tab.page.wait_for_selector("th[aria-sort='ascending']:has-text('prompt')")
    first, second = (tab.page.locator(".cookbook-row").nth(n).inner_text() for n in (0, 1))
    assert tab.label("Id to copy").input_value() == first
    tab.page.locator(".cookbook-table tbody tr").nth(1).locator("td").last.click()
    tab.page.wait_for_selector(f".cookbook-row[aria-pressed='true']:text-is('{second}')")
    assert tab.label("Id to copy").input_value() == second != first
    tab.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab.button("Copy: Id to copy").click()
    tab.waits_for(r"^Copied\.$")
    assert tab.clipboard() == second
    tab.label("Shortest context, tokens").fill("many")
    tab.waits_for("^✗ Not read: the shortest context takes .* The list below is still the one before")
    assert "200000, not 'many'" in tab.page.locator(".cookbook-what-is-wrong:visible").inner_text()
    tab.picture("widget-model-browser")
    tab.label("Shortest context, tokens").fill("")
    tab.label("Free models only (ids that end in :free)").check()
    tab.waits_for(r"^(\d+ of 423 models match|No model matches)")


def test_the_model_browser_by_keyboard(open_tab: Any) -> None:
    tab = open_tab("02-model-ids", NARROW)
    tab.focus("Text in id or name")
    tab.page.keyboard.type("gemini")
    tab.waits_for(r"^33 of 423 models match")  # while it is typed
    tab.focus("Free models only (ids that end in :free)")
    tab.keys("Space")
    tab.waits_for("^No model matches: loosen a filter")
    tab.keys("Space")
    tab.waits_for(r"^33 of 423 models match")
    tab.button("$/M prompt").focus()
    tab.keys("Enter")
    tab.page.wait_for_selector("th[aria-sort='ascending']:has-text('prompt')")
    assert tab.focused().startswith("$/M prompt"), "the focus stays where it was"
    tab.tabs_to(tab.page.locator(".cookbook-row").first.inner_text())
    tab.keys("ArrowDown", "ArrowDown", "Enter")
    third = tab.page.locator(".cookbook-row").nth(2).inner_text()
    tab.page.wait_for_selector(f".cookbook-row[aria-pressed='true']:text-is('{third}')")
    assert tab.label("Id to copy").input_value() == third
    tab.picture("widget-model-browser-narrow")


def test_the_routing_explorer_by_mouse(open_tab: Any) -> None:
    tab = open_tab("06-outlive-failures", LAPTOP)
    assert tab.extra_body() == "{}"
    box = tab.page.locator(".cookbook-box").last
    assert box.bounding_box()["height"] < 560, "controls and plan fit on a laptop's screen"
    tab.label("order").fill("together, fireworks")
    tab.button("Show the other fields").click()
    tab.label("require_parameters").check()
    tab.button("Hide the other fields").click()
    tab.label("sort").select_option("price")
    tab.label("take one down").select_option("together")
    tab.waits_for(r"^33 endpoints stay\.")
    tab.copies("{'provider': {'order': ['together', 'fireworks'], 'require_parameters': True, 'sort': 'price'}}")
    tab.button("Send").click()
    tab.waits_for(r"^✓ Fireworks answered\. Cost: \$0\.\d+\. Source: stand-in")
    folded = tab.page.locator("details", has_text="Receipt and attempts")
    row = folded.locator("tr", has_text="tried, status 502")
    assert not folded.evaluate("details => details.open")
    folded.locator("summary").click()
    row.wait_for()
    assert "Together" in row.inner_text()
    tab.picture("widget-routing-explorer")
    tab.label("order").fill("together")
    tab.keys("Tab")
    tab.copies("{'provider': {'order': ['together'], 'require_parameters': True, 'sort': 'price'}}")
    tab.label("allow_fallbacks").uncheck()
    tab.waits_for(r"^1 endpoint stays; 32 are out\. Now out: ")
    row = tab.page.locator("tr.out.changed").first.inner_text()
    assert "was " in row and "not in order, and allow_fallbacks is off (order)" in row
    tab.picture("widget-routing-explorer-changed")
    tab.button("Send").click()
    tab.waits_for("^✗ Nobody answered. .*502")
    tab.label("max_price prompt, $/M").fill("cheap")
    tab.keys("Tab")
    tab.waits_for("^✗ Not read: provider.max_price.prompt takes dollars per million tokens, not 'cheap'")
    assert tab.page.locator(".cookbook-what-is-wrong:visible").inner_text().startswith("provider.max_price.prompt")
    tab.picture("widget-routing-explorer-refused")
    tab.button("Reset").click()
    tab.waits_for(r"^33 endpoints stay\.$")
    tab.copies("{}")
    assert tab.label("order").input_value() == ""
    assert tab.label("take one down").input_value() == "nobody" and tab.label("allow_fallbacks").is_checked()


def test_the_routing_explorer_by_keyboard(open_tab: Any) -> None:
    tab = open_tab("06-outlive-failures", NARROW)
    tab.focus("order")
    tab.page.keyboard.type("modal")
    assert tab.tabs_to("sort") == 1
    tab.keys("ArrowDown", "ArrowDown")  # a drop-down that is shut listens to the arrows
    tab.page.wait_for_function(
        "() => [...document.querySelectorAll('textarea')].some(t => t.value.includes(\"'sort': \"))"
    )
    before = tab.tabs_to("Send")
    assert 1 + before <= 10
    tab.keys("Space")
    tab.waits_for("^✓ Modal answered")
    assert "'order': ['modal'], 'sort': " in tab.extra_body()
    folded = tab.page.locator("details", has_text="Receipt and attempts")
    folded.locator("summary").focus()
    tab.keys("Space")
    assert folded.evaluate("details => details.open")
    tab.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab.button("Copy: extra_body").focus()
    tab.keys("Enter")
    tab.waits_for(r"^Copied\.$")
    assert tab.clipboard() == tab.extra_body()
    tab.picture("widget-routing-explorer-narrow")


def test_the_streaming_panel_by_mouse(open_tab: Any) -> None:
    tab = open_tab("04-streaming")
    box = tab.page.locator(".cookbook-box").last
    assert tab.button("Stop").is_disabled()
    height = box.bounding_box()["height"]
    tab.label("Speed").select_option(label="no waiting")
    tab.button("Start").click()
    tab.waits_for(r"^✓ Finished\.$")
    figures = tab.page.locator(".cookbook-widget", has_text="first word after")
    assert (
        figures.count() >= 2
        and "at real pace: first thought" in figures.first.inner_text()
        and "pace are invented" in figures.first.inner_text()
    )
    assert box.bounding_box()["height"] == height, "the page below does not move"
    assert tab.page.locator(".cookbook-race i.text").count() > 50
    tab.picture("widget-streaming-panel")
    tab.label("Speed").select_option(label="a quarter of the pace")
    tab.button("Start").click()
    tab.page.wait_for_timeout(3500)  # the first words are there, the last are not, on a slow machine either
    tab.picture("widget-streaming-panel-running")
    tab.button("Stop").click()
    tab.waits_for("^Stopped")
    tab.picture("widget-streaming-panel-stopped")


def test_the_streaming_panel_by_keyboard(open_tab: Any) -> None:
    tab = open_tab("04-streaming", NARROW)
    tab.focus("Prompt")
    tab.keys("Control+A")
    tab.page.keyboard.type("My own question")
    assert tab.tabs_to("Speed") == 1
    tab.keys("Home", "ArrowDown", "ArrowDown", "ArrowDown")
    assert tab.chosen("Speed") == "10 times as fast"
    assert tab.tabs_to("Start") == 1
    tab.keys("Enter")
    tab.waits_for(r"^✓ Finished\.$")
    words = tab.page.locator(".cookbook-words")
    assert "No model wrote this." in words.first.inner_text()
    tab.focus("Speed")
    tab.keys("Home")
    assert tab.chosen("Speed") == "a quarter of the pace"
    assert tab.tabs_to("Start") == 1
    tab.keys("Space")
    tab.page.wait_for_timeout(1200)
    assert tab.tabs_to("Stop") == 1
    tab.keys("Space")
    tab.waits_for("^Stopped")
    tab.picture("widget-streaming-panel-narrow")


def test_the_sound_player_gets_every_piece_though_they_come_before_it_is_drawn(open_tab: Any) -> None:
    tab = open_tab("26-speech")
    said = tab.page.locator(".cookbook-sound [role=status]")
    said.wait_for()
    tab.page.wait_for_function(
        "() => document.querySelector('.cookbook-sound [role=status]').textContent.includes('5.1 seconds have arrived')"
    )
    button = tab.page.locator(".cookbook-sound button")
    for _ in range(2):
        before = button.inner_text()
        button.click()
        tab.page.wait_for_function(
            "was => document.querySelector('.cookbook-sound button').textContent !== was", arg=before
        )
    tab.picture("sound-player")
