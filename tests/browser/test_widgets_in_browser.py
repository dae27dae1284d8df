"""The widgets in a real browser, by mouse and by keyboard."""

from __future__ import annotations

from typing import Any

NARROW = {"width": 700, "height": 1500}


def test_the_model_browser_by_mouse(open_tab: Any) -> None:
    tab = open_tab("02-model-ids")
    tab.label("Takes").select_option("image")
    tab.label("tools").check()
    tab.label("Highest prompt price, $ per million tokens").fill("0.1")
    tab.keys("Tab")
    tab.label("Shortest context, tokens").fill("200000")
    tab.label("Without variants, aliases and routers").check()
    tab.waits_for(r"^17 of 423 models match\.$")
    tab.label("Sort by").select_option(index=1)
    first = tab.label("Matching models").evaluate("e => e.options[0].text")
    tab.label("Matching models").select_option(index=1)
    second = tab.label("Matching models").evaluate("e => e.options[1].text")
    tab.page.wait_for_function(
        "([l, v]) => [...document.querySelectorAll('input')].some(i => i.value === v)", arg=["", second]
    )
    assert tab.label("Id to copy").input_value() == second != first
    tab.label("Shortest context, tokens").fill("many")
    tab.keys("Tab")
    tab.waits_for("^Not read: the shortest context takes .* The list below is still the one before")
    tab.picture("widget-model-browser")
    tab.label("Shortest context, tokens").fill("")
    tab.label("Free models only (ids that end in :free)").check()
    tab.waits_for(r"^(\d+ of 423 models match|No model matches)")


def test_the_model_browser_by_keyboard(open_tab: Any) -> None:
    tab = open_tab("02-model-ids", NARROW)
    tab.focus("Text in id or name")
    tab.page.keyboard.type("claude")
    tab.keys("Enter")
    tab.waits_for(r"^\d\d of 423 models match")
    tab.focus("Free models only (ids that end in :free)")
    tab.keys("Space")
    tab.waits_for("^No model matches: loosen a filter")
    tab.keys("Space")
    tab.waits_for(r"^\d\d of 423 models match")
    tab.focus("Id to copy")
    tab.keys("Control+A")
    assert "claude" in tab.page.evaluate("() => getSelection().toString() || document.activeElement.value")
    tab.picture("widget-model-browser-narrow")


def test_the_routing_explorer_by_mouse(open_tab: Any) -> None:
    tab = open_tab("06-outlive-failures")
    assert tab.extra_body() == "{}"
    tab.label("order").fill("together, fireworks")
    tab.label("zdr").check()
    tab.label("sort").select_option("price")
    tab.label("together").check()
    tab.waits_for(r"^33 endpoints stay\.$")
    tab.copies("{'provider': {'order': ['together', 'fireworks'], 'zdr': True, 'sort': 'price'}}")
    tab.button("Send").click()
    tab.waits_for(r"^Fireworks answered\. Cost: \$0\.\d+\. Source: stand-in")
    folded = tab.page.locator("details", has_text="Receipt and attempts")
    row = folded.locator("tr", has_text="tried, status 502")
    assert not folded.evaluate("details => details.open")
    folded.locator("summary").click()
    row.wait_for()
    assert "Together" in row.inner_text()
    tab.picture("widget-routing-explorer")
    tab.label("allow_fallbacks").uncheck()
    tab.label("order").fill("together")
    tab.keys("Tab")
    tab.waits_for(r"^1 endpoint stays; 32 are out\.$")
    assert "out: not in order, and allow_fallbacks is off (order)" in tab.page.locator("tr.faint").first.inner_text()
    tab.button("Send").click()
    tab.waits_for("^Nobody answered. .*502")
    tab.label("max_price prompt, $/M").fill("cheap")
    tab.keys("Tab")
    tab.waits_for("^provider.max_price.prompt takes dollars per million tokens, not 'cheap'")
    tab.picture("widget-routing-explorer-refused")
    tab.button("Reset").click()
    tab.waits_for(r"^33 endpoints stay\.$")
    tab.copies("{}")
    assert tab.label("order").input_value() == ""
    assert not tab.label("together").is_checked() and tab.label("allow_fallbacks").is_checked()


def test_the_routing_explorer_by_keyboard(open_tab: Any) -> None:
    tab = open_tab("06-outlive-failures", NARROW)
    tab.focus("only")
    tab.page.keyboard.type("modal")
    tab.keys("Tab")
    tab.waits_for(r"^1 endpoint stays; 32 are out\.$")
    tab.focus("require_parameters")
    tab.keys("Space")
    tab.choose("sort", "Home", "ArrowDown", "ArrowDown", "ArrowDown")
    tab.page.wait_for_function(
        "() => [...document.querySelectorAll('textarea')].some(t => t.value.includes('latency'))"
    )
    assert tab.extra_body() == "{'provider': {'only': ['modal'], 'require_parameters': True, 'sort': 'latency'}}"
    tab.button("Send").focus()
    tab.keys("Space")
    tab.waits_for("^Modal answered")
    folded = tab.page.locator("details", has_text="Receipt and attempts")
    folded.locator("summary").focus()
    tab.keys("Space")
    assert folded.evaluate("details => details.open")
    tab.focus("extra_body to copy")
    tab.keys("Control+A")
    assert "modal" in tab.page.evaluate("() => getSelection().toString() || document.activeElement.value")
    tab.picture("widget-routing-explorer-narrow")


def test_the_streaming_panel_by_mouse(open_tab: Any) -> None:
    tab = open_tab("04-streaming")
    tab.label("Speed").select_option(label="no waiting")
    tab.button("Start").click()
    tab.waits_for(r"^Finished\.$")
    figures = tab.page.locator(".cookbook-widget", has_text="first word after")
    assert (
        figures.count() >= 2
        and "at real pace: first thought" in figures.first.inner_text()
        and "pace is invented" in figures.first.inner_text()
    )
    tab.picture("widget-streaming-panel")
    tab.label("Speed").select_option(label="a quarter of the pace")
    tab.button("Start").click()
    tab.page.wait_for_timeout(3500)  # the first words are there, the last are not, on a slow machine either
    tab.button("Stop").click()
    tab.waits_for("^Stopped")
    tab.picture("widget-streaming-panel-stopped")


def test_the_streaming_panel_by_keyboard(open_tab: Any) -> None:
    tab = open_tab("04-streaming", NARROW)
    tab.focus("Prompt")
    tab.keys("Control+A")
    tab.page.keyboard.type("My own question")
    tab.keys("Tab")
    tab.choose("Speed", "Home", "ArrowDown", "ArrowDown", "ArrowDown")
    assert tab.chosen("Speed") == "10 times as fast"
    tab.button("Start").focus()
    tab.keys("Enter")
    tab.waits_for(r"^Finished\.$")
    words = tab.page.locator(".cookbook-words")
    assert "No model wrote this." in words.first.inner_text()
    tab.choose("Speed", "Home")
    assert tab.chosen("Speed") == "a quarter of the pace"
    tab.button("Start").focus()
    tab.keys("Space")
    tab.page.wait_for_timeout(1200)
    tab.button("Stop").focus()
    tab.keys("Space")
    tab.waits_for("^Stopped")
    tab.picture("widget-streaming-panel-narrow")
