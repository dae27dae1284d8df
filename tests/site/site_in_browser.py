"""The built site in headless Chromium: search, copy, both themes, two widths, axe, no other host. `make site-test` runs it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

from built import MISSING, SITE, pages
from static_server import serving

if not SITE.is_dir():
    pytest.skip(MISSING, allow_module_level=True)
Axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe
screenshot = pytest.importorskip("screenshot")
if screenshot.find_chromium() is None:
    pytest.skip("no Chromium here: the site was not tried in a browser", allow_module_level=True)

# What people look for, in their words, and the lesson that answers it.
SEARCHED = {
    "tool calling loop": "11",
    "streamed tool calls": "11",
    "structured outputs pydantic": "10",
    "parse strict schema": "10",
    "embeddings retrieval": "20",
    "rerank documents": "20",
    "why does my prompt cache not hit": "16",
    "prompt caching": "16",
    "reasoning_details tool loop": "12",
    "where is the generated image": "18",
    "generate a picture": "18",
    "web search citations": "19",
    "send an image": "17",
    "send a PDF": "17",
    "free models limits": "15",
    "402 budget": "15",
    "key with a limit": "15",
    "guardrails": "15",
    "evaluation model as judge": "21",
    "llm as a judge": "21",
    "chat page streaming to browser": "24",
    "ollama": "35",
    "litellm": "37",
    "speech to text": "26",
    "text to speech": "26",
    "OAuth PKCE": "24",
    "presets": "37",
    "MCP server tools": "37",
    "responses API": "30",
    "agents SDK": "31",
    "video generation": "18",
    "batch API": "22",
    "which SDK should I use": "37",
    "service tier flex": "15",
    "github models": "25",
    "python agent sdk": "37",
    "messages API anthropic SDK": "37",
    "BYOK key of my own": "25",
}
LOOKED_AT = (
    "index.html",
    "docs/tasks.html",
    "notebooks/02-model-ids.html",
    "notebooks/21-compare-models-and-providers.html",
    "search.html?q=cache",
)
SIZES = {"wide": {"width": 1280, "height": 900}, "phone": {"width": 400, "height": 800}}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving(SITE) as server:
        yield server.url


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        running = play.chromium.launch(executable_path=screenshot.find_chromium(), args=screenshot.FLAGS)
        yield running
        running.close()


class Visit:
    """One page in one tab. `errors`: what the console said; `elsewhere`: requests to other hosts."""

    def __init__(self, browser: Any, address: str, size: str = "wide", theme: str = "light") -> None:
        # the system's own scheme is the other one: the switch of the site must win
        scheme = "light" if theme == "dark" else "dark"
        self.context = browser.new_context(viewport=SIZES[size], color_scheme=scheme)
        self.context.add_init_script(
            f"localStorage.setItem('mode', '{theme}'); localStorage.setItem('theme', '{theme}')"
        )
        self.page, self.address = self.context.new_page(), address
        self.errors: list[str] = []
        self.elsewhere: list[str] = []
        self.page.on("console", lambda m: self.errors.append(m.text) if m.type == "error" else None)
        self.page.on("pageerror", lambda e: self.errors.append(str(e)))
        self.page.on("request", self._asked)
        self.page.on("response", lambda r: self.errors.append(f"{r.status} {r.url}") if r.status >= 400 else None)

    def _asked(self, request: Any) -> None:
        if urlsplit(request.url).scheme.startswith("http") and not request.url.startswith(self.address):
            self.elsewhere.append(request.url)

    def opens(self, path: str) -> Any:
        self.page.goto(self.address + path, wait_until="networkidle")
        return self.page

    def hits(self, question: str) -> list[str]:
        """The pages that the search finds, best first, each once."""
        page = self.opens(f"search.html?q={quote(question)}")
        page.wait_for_function("document.querySelector('.search-summary')?.textContent.match(/finished|did not match/)")
        found = page.eval_on_selector_all("ul.search > li > a", "all => all.map(a => new URL(a.href).pathname)")
        return list(dict.fromkeys(found))


@pytest.fixture
def visit(browser: Any, address: str) -> Iterator[Any]:
    """`visit("phone", "dark")` opens a tab; at the end its console was silent and no other host was asked."""
    made: list[Visit] = []

    def begin(*settings: str) -> Visit:
        made.append(Visit(browser, address, *settings))
        return made[-1]

    yield begin
    for one in made:
        one.context.close()
        assert not one.errors
        assert not one.elsewhere


def test_search_finds_what_people_look_for(visit: Any) -> None:
    tab = visit()
    found = {question: tab.hits(question)[:3] for question in SEARCHED}
    missed = {q: hits for q, hits in found.items() if not any(f"/{SEARCHED[q]}-" in hit for hit in hits)}
    assert not missed, "\n".join(f"{q!r} ({SEARCHED[q]}): {hits}" for q, hits in missed.items())


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_nothing(size: str, theme: str, visit: Any) -> None:
    tab, found = visit(size, theme), []
    for path in LOOKED_AT:
        page = tab.opens(path)
        assert page.evaluate("document.documentElement.dataset.theme") == theme
        result = Axe().run(page, options={"preload": False})  # else it asks for a style sheet at a wrong address
        found += [f"{path}: {v['id']}: {v['nodes'][0]['html'][:200]}" for v in result.response["violations"]]
    assert not found, "\n".join(found)


def test_no_page_is_wider_than_a_phone(visit: Any) -> None:
    tab, found = visit("phone"), []
    for path in pages():
        tab.page.goto(tab.address + path.relative_to(SITE).as_posix(), wait_until="load")
        over = tab.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        found += [f"{path.name}: {over} px"] if over > 0 else []
    assert not found


def test_a_task_is_copied_at_once_and_the_list_can_be_narrowed(visit: Any) -> None:
    tab = visit()
    tab.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = tab.opens("docs/tasks.html")
    page.get_by_role("button", name="Copy the code: call a model through OpenRouter in ten lines").click()
    copied = page.evaluate("() => navigator.clipboard.readText()")
    assert copied.startswith("import os\n") and "chat.completions.create(" in copied
    compile(copied, "copied", "exec")
    page.get_by_label("Show only").fill("pdf scan")
    assert 0 < page.locator(".task:visible").count() < 5


def test_charts_are_dark_in_the_dark_theme(visit: Any) -> None:
    page = visit("wide", "dark").opens("notebooks/21-compare-models-and-providers.html")
    chart = page.locator("div.cell_output img").first
    assert chart.get_attribute("alt")
    assert chart.evaluate("e => getComputedStyle(e).colorScheme") == "dark"
    assert chart.evaluate("e => getComputedStyle(e).filter") == "none"
