"""LangChain's published suite for chat models, against the stand-in. Run by tests/test_outside.py.

What the suite asks of a model's wits, not of the protocol, stands in NEEDS_A_MODEL, with the reason.
"""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable, Iterator
from typing import Any
from unittest.mock import ANY

import httpx
import pytest
from langchain_core.messages import AIMessage
from langchain_openai import ChatOpenAI, OpenAIEmbeddings
from langchain_openrouter import ChatOpenRouter
from langchain_tests.integration_tests import ChatModelIntegrationTests, EmbeddingsIntegrationTests, chat_models
from langchain_tests.unit_tests import ChatModelUnitTests

from openrouter_standin.server import Server

MODEL, OTHER = "google/gemini-2.5-flash", "openai/gpt-4o-mini"
NEEDS_A_MODEL: dict[str, str] = {}
"""Name of a test of the suite → what it judges that no fixed words can give. Strict: one that passes is taken out."""

FILES = {
    ".png": base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8DwHwAFAAIBtd6cTQAAAABJRU5ErkJggg=="
    ),
    ".pdf": b"%PDF-1.1\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n",
    ".wav": b"RIFF" + (36).to_bytes(4, "little") + b"WAVEfmt " + bytes.fromhex("10000000010001004000000040000000010008")
    + b"\0data\0\0\0\0",
}  # fmt: skip
"""What the suite would fetch from the network, as small as it gets."""


@pytest.fixture(autouse=True, scope="class")
def stand_in(request: pytest.FixtureRequest) -> Iterator[Server]:
    """The stand-in on a free port for each class; its address is `self.url`."""
    with Server(speed=0) as running:
        threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        request.cls.url = running.url
        yield running
        running.shutdown()


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Nothing is traced, nothing is fetched, and what needs a model is expected to fail."""
    monkeypatch.setenv("LANGSMITH_TRACING", "false")
    monkeypatch.setattr(chat_models.httpx, "get", _file)
    monkeypatch.setattr(chat_models, "_get_base64_from_url", lambda url: base64.b64encode(_file(url).content).decode())
    if reason := NEEDS_A_MODEL.get(request.node.originalname):
        request.applymarker(pytest.mark.xfail(reason=reason, strict=True))


def _file(url: str, **_: Any) -> httpx.Response:
    return httpx.Response(200, content=FILES[url[-4:]])


@pytest.fixture
def snapshot() -> Callable[..., Any]:
    """The suite's one snapshot is of the client's own settings. Here only what it reads back counts."""
    return lambda name: ANY


class Capable:
    """What the model can do that both clients are asked for: the stand-in's catalogue says so."""

    url = ""
    supports_image_inputs = True
    supports_image_urls = True
    supports_pdf_inputs = True
    supports_audio_inputs = True
    supports_model_override = True
    model_override_value = OTHER
    has_tool_calling = True
    has_tool_choice = True
    has_structured_output = True
    returns_usage_metadata = True

    def settings(self, **more: Any) -> dict[str, Any]:
        return {"model": MODEL, "base_url": self.url, "api_key": "sk-or-any", "max_retries": 0, **more}

    def ask(self, question: str, stream: bool, **more: Any) -> AIMessage:
        model = self.chat_model_class(**{**self.chat_model_params, "max_tokens": 400, **more})
        if not stream:
            return model.invoke(question)
        first, *rest = model.stream(question)
        assert len(rest) > 2
        return sum(rest, start=first)


class WithChatOpenAI(Capable):
    chat_model_class = ChatOpenAI
    supports_json_mode = True
    supports_anthropic_inputs = True

    @property
    def chat_model_params(self) -> dict[str, Any]:
        return self.settings(stream_usage=True)


class WithChatOpenRouter(Capable):
    chat_model_class = ChatOpenRouter
    supports_json_mode = False  # the client has no such method: it warns and sends a schema
    supports_video_inputs = True

    @property
    def chat_model_params(self) -> dict[str, Any]:
        return self.settings(timeout=10_000)  # milliseconds, where the suite means 60 seconds


class TestChatOpenAI(WithChatOpenAI, ChatModelIntegrationTests):
    supported_usage_metadata_details = {
        "invoke": ["reasoning_output", "cache_read_input"],
        "stream": ["reasoning_output", "cache_read_input"],
    }

    def invoke_with_reasoning_output(self, *, stream: bool = False) -> AIMessage:
        said = self.ask("Why is the sky blue?", stream, reasoning_effort="low")
        assert said.usage_metadata["output_token_details"]["reasoning"] > 0
        return said

    def invoke_with_cache_read_input(self, *, stream: bool = False) -> AIMessage:
        self.ask("A long text. " * 2000, stream)
        return self.ask("A long text. " * 2000, stream)

    def test_who_answered(self, stand_in: Server) -> None:
        said = self.ask("Name one use.", False)
        made = stand_in.state._generations[said.response_metadata["id"]]
        assert said.response_metadata["model_provider"] == "openai"
        assert said.response_metadata["model_name"].startswith(MODEL)
        assert made["model"].startswith(MODEL)


class TestChatOpenAIResponses(WithChatOpenAI, ChatModelIntegrationTests):
    """The same client over POST /responses, where a tool may give back pictures and files."""

    supports_anthropic_inputs = False
    supports_image_tool_message = True
    supports_pdf_tool_message = True

    @property
    def chat_model_params(self) -> dict[str, Any]:
        return self.settings(use_responses_api=True)


class TestChatOpenRouter(WithChatOpenRouter, ChatModelIntegrationTests):
    supported_usage_metadata_details = {"invoke": ["reasoning_output"], "stream": ["reasoning_output"]}

    def invoke_with_reasoning_output(self, *, stream: bool = False) -> AIMessage:
        said = self.ask("Why is the sky blue?", stream, reasoning={"effort": "low"})
        assert said.additional_kwargs["reasoning_content"]
        assert said.usage_metadata["output_token_details"]["reasoning"] > 0
        return said

    def test_who_answered(self, stand_in: Server) -> None:
        said = self.ask("Name one use.", False)
        assert said.response_metadata["id"] in stand_in.state._generations
        assert said.response_metadata["cost"] > 0


class TestChatOpenAIUnit(WithChatOpenAI, ChatModelUnitTests):
    @property
    def init_from_env_params(self) -> tuple[dict[str, str], dict[str, Any], dict[str, Any]]:
        return {"OPENAI_API_KEY": "k"}, {"model": MODEL, "base_url": self.url}, {"openai_api_key": "k"}


class TestChatOpenRouterUnit(WithChatOpenRouter, ChatModelUnitTests):
    @property
    def init_from_env_params(self) -> tuple[dict[str, str], dict[str, Any], dict[str, Any]]:
        return {"OPENROUTER_API_KEY": "k"}, {"model": MODEL, "base_url": self.url}, {"openrouter_api_key": "k"}


class TestEmbeddings(EmbeddingsIntegrationTests):
    embeddings_class = OpenAIEmbeddings
    url = ""

    @property
    def embedding_model_params(self) -> dict[str, Any]:
        words = {"check_embedding_ctx_length": False}  # send texts: counting their tokens would fetch a vocabulary
        return {"model": "openai/text-embedding-3-small", "base_url": self.url, "api_key": "sk-or-any", **words}
