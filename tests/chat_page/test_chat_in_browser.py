"""The chat page in headless Chromium: keys, stop, reload, hostile words, errors, narrow and dark, and what axe says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from visitor import LONG_S, Pace, Tab

Axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe

Open = Callable[..., Tab]
WORDS = " ".join(f"word{n}" for n in range(200))
MARKDOWN = """The tide follows the **moon**:

1. see [tides](https://example.org/tides)
2. `code`

| port | high |
|---|---|
| Husum | 14:10 |

```python
print("high tide")
```

> quoted *words*
"""
HOSTILE = """<img src=x onerror="document.title='hacked'"> <script>document.title='hacked'</script>

[click](javascript:document.title='hacked') [data](data:text/html,<script>1</script>) ![x](https://evil.example/x.png)

[**<b>bold</b>**](https://example.org/"onmouseover="document.title='hacked')

| <svg onload=document.title='hacked'> | b |
|---|---|
| <iframe src=javascript:alert(1)> | d |

"""


def test_a_conversation_by_keyboard(open_page: Open, standin: Any) -> None:
    standin.script["When?"] = MARKDOWN
    tab = open_page()
    page = tab.page
    assert page.evaluate("document.activeElement.id") == "question", "one may type at once"
    page.keyboard.type("When?")
    page.keyboard.press("Shift+Enter")
    assert tab.typed() == "When?\n"
    page.keyboard.press("Backspace")
    page.keyboard.press("Enter")
    tab.says("The answer is complete.")
    assert tab.typed() == "" and page.evaluate("document.activeElement.id") == "question"
    answer = page.locator(".answer")
    assert answer.locator("strong").inner_text() == "moon" and answer.locator("ol li").count() == 2
    assert answer.locator("td").all_inner_texts() == ["Husum", "14:10"]
    assert answer.locator("pre code").inner_text() == 'print("high tide")'
    assert answer.locator("a").get_attribute("href") == "https://example.org/tides"
    assert page.locator("#aloud").inner_text() != "", "a screen reader reads the answer once, when it is there"
    assert page.locator(".foot").inner_text().startswith("z-ai/glm-5.3-flash · $0.0000")
    assert page.locator("#spent").inner_text().startswith("This conversation: $0.0000")


@pytest.mark.parametrize("how", ["Escape", "click"])
def test_stop_keeps_what_was_said_and_the_service_sees_it(how: str, open_page: Open, standin: Any) -> None:
    standin.script["Hi"] = WORDS
    tab = open_page(models=("openai/gpt-4o-mini",))
    pace = Pace(standin, 40)
    tab.send("Hi")
    tab.page.get_by_text("word3 ").wait_for()
    assert pace.held.wait(LONG_S)
    assert not tab.page.get_by_role("button", name="Send").is_visible()
    if how == "click":
        tab.page.get_by_role("button", name="Stop").click()
    else:
        tab.page.keyboard.press("Escape")
    tab.says("Stopped.")
    pace.go_on()
    assert pace.gone.wait(LONG_S) and pace.sent < 100
    [said] = tab.answers()
    assert WORDS.startswith(said) and len(said) > 20
    assert tab.page.evaluate("document.activeElement.id") == "question"
    foot = tab.page.locator(".foot")
    foot.get_by_text("Stopped. · openai/gpt-4o-mini · $0.0").wait_for()  # the cost is looked up after a second
    tab.page.reload()
    tab.loaded()
    assert tab.answers() == [said]


def test_a_reload_keeps_the_conversation_and_what_was_typed(open_page: Open) -> None:
    tab = open_page()
    tab.ask("first")
    tab.page.get_by_label("Message", exact=True).fill("half a sen")
    tab.page.reload()
    tab.loaded()
    assert tab.answers() == ["Nothing special."] and tab.typed() == "half a sen"
    assert tab.page.locator(".question").all_inner_texts() == ["first"]


def test_a_reload_in_the_middle_stops_the_answer_and_keeps_what_was_said(open_page: Open, standin: Any) -> None:
    standin.script["Hi"] = WORDS
    tab = open_page(models=("openai/gpt-4o-mini",))
    pace = Pace(standin, 40)
    tab.send("Hi")
    tab.page.get_by_text("word3 ").wait_for()
    tab.page.reload()
    tab.page.get_by_text("word3 ").wait_for()
    pace.go_on()
    assert pace.gone.wait(LONG_S)
    assert WORDS.startswith(tab.answers()[0])


def test_two_browsers_keep_apart(open_page: Open) -> None:
    ada = open_page()
    ada.ask("a secret")
    bob = open_page(of=ada)
    assert bob.answers() == []
    bob.ask("something else")
    ada.page.reload()
    ada.loaded()
    assert ada.page.locator(".question").all_inner_texts() == ["a secret"]


def test_hostile_words_stay_words(open_page: Open, standin: Any) -> None:
    standin.script[HOSTILE.strip()] = HOSTILE + "x" * 2000
    tab = open_page(width=400, question_chars=5000, answer_tokens=20_000, history_tokens=50_000, dollars=1)
    asked: list[str] = []
    tab.page.on("request", lambda request: asked.append(request.url))
    tab.ask(HOSTILE.strip())
    page = tab.page
    made = page.evaluate("[...new Set([...document.querySelectorAll('#turns *')].map(e => e.localName))].sort()")
    assert not {"img", "script", "svg", "iframe", "b"} & set(made)
    links = page.evaluate("[...document.querySelectorAll('#turns a')].map(a => a.href)")
    assert all(link.startswith("https://") for link in links)
    attributes = (
        "[...document.querySelectorAll('#turns *')].flatMap(e => e.getAttributeNames()).filter(n => n.startsWith('on'))"
    )
    assert page.evaluate(attributes) == []
    assert page.title() == "Chat" and "<img src=x" in page.locator(".question").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "long words break"
    assert all(url.startswith(tab.address) for url in asked), "nothing of another host is loaded"


def test_no_text_is_too_much_for_the_markdown(open_page: Open) -> None:
    tab = open_page()
    marks = [
        "*",
        "**",
        "`",
        "```",
        "[",
        "](",
        "- ",
        "1. ",
        ">",
        "> ",
        "#",
        "|",
        "|-|",
        "_",
        "*a",
        "`a ",
        "[a](",
        "http://",
    ]
    texts = [mark * 3000 for mark in marks] + [(mark + "a\n") * 1000 for mark in marks] + ["", "\n", "|a|\n|-|"]
    shown = """async texts => {
        const { rendered } = await import('/static/markdown.js')
        return texts.map(text => { const box = document.createElement('div'); box.append(...rendered(text)); return box.textContent.length })
    }"""
    lengths = tab.page.evaluate(shown, texts)
    assert len(lengths) == len(texts) and lengths[4] == 3000, "marks without a partner stay text"


@pytest.mark.parametrize(
    ("faults", "words"),
    [
        ({"credits": 0.0}, "The credit of this page is used up."),
        ({"rate_limited": ["*"], "retry_after": 20}, "again in 20 seconds"),
        ({"down": ["*"]}, "The provider of this model is down."),
        ({"error_in_200": True}, "Send the message again"),
    ],
)
def test_an_error_is_told_and_the_text_is_not_lost(
    faults: dict[str, Any], words: str, open_page: Open, standin: Any
) -> None:
    tab = open_page()
    with standin.faults(**faults):
        tab.send("a long thought")
        tab.notice(words)
    assert tab.typed() == "a long thought" and tab.answers() == []
    tab.page.keyboard.press("Enter")
    tab.says("The answer is complete.")
    assert tab.page.get_by_role("alert").is_hidden()


def test_a_stream_that_breaks_keeps_its_words(open_page: Open, standin: Any) -> None:
    standin.script["Hi"] = WORDS
    tab = open_page(models=("openai/gpt-4o-mini",))
    with standin.faults(break_after=30):
        tab.send("Hi")
        tab.page.locator(".foot").get_by_text("Send the message again").wait_for()
    assert WORDS.startswith(tab.answers()[0]) and tab.answers()[0]


def test_limits_are_told(open_page: Open) -> None:
    tab = open_page(question_chars=10)
    tab.send("x" * 11)
    tab.notice("This message has 11 characters; 10 are allowed.")
    assert tab.typed() == "x" * 11
    tab.errors.clear()  # Chromium writes each status of 400 and more to the console


def test_the_model_is_chosen_and_a_new_conversation_begun(open_page: Open, standin: Any) -> None:
    tab = open_page()
    choice = tab.page.get_by_label("Model")
    assert "$0.15 in, $0.60 out" in choice.inner_text()
    choice.select_option("openai/gpt-4o-mini")
    tab.ask("Hi")
    assert standin.requests[-1]["model"] == "openai/gpt-4o-mini"
    tab.page.get_by_role("button", name="New conversation").click()
    tab.page.locator(".answer").wait_for(state="detached")
    assert choice.input_value() == "openai/gpt-4o-mini"
    tab.ask("Again")
    assert len(standin.requests[-1]["messages"]) == 2


def test_a_user_connects_by_mouse(open_page: Open, standin: Any) -> None:
    tab = open_page(users_pay=True)
    tab.notice("Connect your OpenRouter account to chat.")
    tab.page.get_by_role("button", name="Connect your OpenRouter account").click()
    tab.page.get_by_role("button", name="Allow").click()
    tab.page.wait_for_url(f"{tab.address}/")
    tab.notice("Your OpenRouter account is connected.")
    tab.ask("Hi")
    assert standin.requests[-1].headers["authorization"] != f"Bearer {standin.key}"
    cookies = tab.page.context.cookies()
    assert [cookie["httpOnly"] for cookie in cookies if cookie["name"].startswith("chat_")] == [True]
    assert "sk-or" not in tab.page.content() and "sk-or" not in str(tab.page.context.storage_state())
    tab.page.get_by_role("button", name="Disconnect").click()
    tab.notice("Disconnected: this page has forgotten the key.")
    tab.page.get_by_role("button", name="Connect your OpenRouter account").wait_for()


@pytest.mark.parametrize(("width", "dark"), [(1000, False), (400, False), (1000, True)])
def test_axe_finds_nothing(width: int, dark: bool, open_page: Open, standin: Any) -> None:
    standin.script["When?"] = MARKDOWN
    tab = open_page(width=width, dark=dark, users_pay=False)
    tab.ask("When?")
    with standin.faults(down=["*"]):
        tab.send("Hi")
        tab.notice("The provider of this model is down.")
    found = Axe().run(tab.page).response["violations"]
    assert not found, [(v["id"], n["html"][:200]) for v in found for n in v["nodes"]]
    assert tab.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
