"""The package by itself: it needs nothing, knows nothing of the course, and serves other people's tests."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import openai
import pytest

from openrouter_standin import StandIn
from support import hello

PACKAGE = Path(sys.modules["openrouter_standin"].__file__).parent
ROOT = PACKAGE.parent
LESSONS = [p.stem for p in ROOT.joinpath("notebooks").glob("*.ipynb")]


def imported(path: Path) -> Iterator[str]:
    """The top-level names that a file imports from outside its package."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield (node.module or "").split(".")[0]


def test_it_imports_nothing_but_the_standard_library() -> None:
    for path in PACKAGE.rglob("*.py"):
        allowed = {"pytest"} if path.name == "pytest_plugin.py" else set()
        assert set(imported(path)) <= set(sys.stdlib_module_names) | allowed, path.name


def test_it_names_no_lesson_and_nothing_of_the_course() -> None:
    assert LESSONS
    for path in [*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.json")]:
        text = path.read_text("utf-8")
        assert not [lesson for lesson in LESSONS if lesson in text], path.name
        assert "helpers" not in text and "COOKBOOK" not in text, path.name


def test_it_serves_where_nothing_else_is_installed() -> None:
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
        "import json, urllib.request\n"
        "from openrouter_standin import StandIn\n"
        "with StandIn(script={'Hi': 'Hello'}) as standin:\n"
        "    body = {'model': 'openai/gpt-4o-mini', 'max_tokens': 9, 'messages': [{'role': 'user', 'content': 'Hi'}]}\n"
        "    head = {'Authorization': f'Bearer {standin.key}'}\n"
        "    asked = urllib.request.Request(standin.url + '/chat/completions', json.dumps(body).encode(), head)\n"
        "    print(json.load(urllib.request.urlopen(asked))['choices'][0]['message']['content'])\n"
        "print([n for n, m in sys.modules.items() if 'site-packages' in str(getattr(m, '__file__', ''))])\n"
    )
    done = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.splitlines() == ["Hello", "[]"], done.stderr


def test_a_script_says_what_it_is_given_and_can_be_added_to() -> None:
    with StandIn(script={"Hi": "Hello"}, unscripted="Nothing to say.") as standin:
        client = openai.OpenAI(base_url=standin.url, api_key=standin.key, max_retries=0)

        def said(prompt: str) -> str:
            return client.chat.completions.create(**hello(prompt, max_tokens=20)).choices[0].message.content

        assert [said("Hi"), said("Bye")] == ["Hello", "Nothing to say."]
        standin.script["Bye"] = "See you"
        assert said("Bye") == "See you"
        standin.script = {"Hi": "Hey"}
        assert [said("Hi"), said("Bye")] == ["Hey", "Nothing to say."]


def test_faults_hold_until_they_are_changed_or_their_block_ends(openrouter_standin: StandIn) -> None:
    client = openai.OpenAI(base_url=openrouter_standin.url, api_key=openrouter_standin.key, max_retries=0)

    def status() -> int:
        try:
            client.chat.completions.create(**hello(max_tokens=20))
            return 200
        except openai.APIStatusError as refused:
            return refused.status_code

    openrouter_standin.faults(status=503)
    assert status() == 503
    with openrouter_standin.faults(status=529):
        assert status() == 529
    assert status() == 503
    openrouter_standin.faults()
    assert status() == 200
    with pytest.raises(ValueError, match="grok"):
        openrouter_standin.faults(down=["grok"])


def test_requests_are_what_the_program_sent(openrouter_standin: StandIn) -> None:
    client = openai.OpenAI(base_url=openrouter_standin.url, api_key=openrouter_standin.key)
    provider = {"order": ["together"]}
    client.chat.completions.create(
        **hello(model="z-ai/glm-5.3-flash", max_tokens=300), extra_body={"provider": provider}
    )
    client.models.list()
    chat, listing = openrouter_standin.requests
    assert chat["provider"] == provider and chat.path == "/api/v1/chat/completions"
    assert (listing, listing.method, listing.path) == ({}, "GET", "/api/v1/models")
    assert "authorization" in listing.headers


def test_only_its_own_key_is_accepted(openrouter_standin: StandIn) -> None:
    client = openai.OpenAI(base_url=openrouter_standin.url, api_key="another", max_retries=0)
    with pytest.raises(openai.AuthenticationError):
        client.chat.completions.create(**hello())
