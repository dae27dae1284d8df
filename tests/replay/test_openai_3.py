"""docs/openai-3.md, sentence by sentence: what a program notices when openai goes from httpx to httpx2."""

from __future__ import annotations

import importlib.metadata
import json
from typing import Any

import openai
import pytest

if int(openai.__version__.partition(".")[0]) < 3:
    pytest.skip("about openai 3", allow_module_level=True)
httpx, httpx2 = pytest.importorskip("httpx"), pytest.importorskip("httpx2")

NOBODY = {"base_url": "http://127.0.0.1:9/v1", "api_key": "none", "max_retries": 0}
ANSWER = {"id": "1", "object": "chat.completion", "created": 1, "model": "m", "choices": []}


def ask(client: openai.OpenAI) -> Any:
    return client.chat.completions.create(model="m", messages=[{"role": "user", "content": "Hi"}])


def test_openai_brings_httpx2_and_neither_httpx_nor_certifi() -> None:
    needed = [line.partition(";")[0] for line in importlib.metadata.requires("openai") if "extra ==" not in line]
    assert any(line.startswith("httpx2") for line in needed)
    assert not [line for line in needed if line.startswith(("httpx<", "httpx>", "certifi"))]


def test_a_client_of_httpx_still_works() -> None:
    transport = httpx.MockTransport(lambda request: httpx.Response(200, json=ANSWER))
    assert ask(openai.OpenAI(**NOBODY, http_client=httpx.Client(transport=transport))).id == "1"


def test_a_client_of_httpx2_and_the_sdks_own_with_settings_work() -> None:
    transport = httpx2.MockTransport(lambda request: httpx2.Response(200, json=ANSWER))
    for client in (httpx2.Client(transport=transport), openai.DefaultHttpx2Client(transport=transport)):
        assert ask(openai.OpenAI(**NOBODY, http_client=client)).id == "1"


def test_the_cause_of_an_error_and_the_raw_response_are_objects_of_httpx2() -> None:
    with pytest.raises(openai.APIConnectionError) as caught:
        ask(openai.OpenAI(**NOBODY))
    assert isinstance(caught.value.__cause__, httpx2.ConnectError)
    assert not isinstance(caught.value.__cause__, httpx.HTTPError)
    client = httpx2.Client(transport=httpx2.MockTransport(lambda request: httpx2.Response(200, json=ANSWER)))
    raw = openai.OpenAI(**NOBODY, http_client=client).chat.completions.with_raw_response.create(model="m", messages=[])
    assert isinstance(raw.http_response, httpx2.Response)


def test_a_stream_whose_line_drops_raises_an_error_of_the_sdk() -> None:
    class Broken(httpx2.SyncByteStream):
        def __iter__(self) -> Any:
            yield f"data: {json.dumps({**ANSWER, 'object': 'chat.completion.chunk'})}\n\n".encode()
            raise httpx2.ReadError("the line dropped")

    kind = {"content-type": "text/event-stream"}
    transport = httpx2.MockTransport(lambda request: httpx2.Response(200, headers=kind, stream=Broken()))
    client = openai.OpenAI(**NOBODY, http_client=httpx2.Client(transport=transport))
    chunks = client.chat.completions.create(model="m", messages=[], stream=True)
    assert next(chunks).id == "1"
    with pytest.raises(openai.APIConnectionError):
        next(chunks)


def test_a_patch_of_httpx_sees_no_request(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []
    monkeypatch.setattr(httpx.Client, "send", lambda self, *arguments, **named: seen.append(arguments))
    with pytest.raises(openai.APIConnectionError):
        ask(openai.OpenAI(**NOBODY))
    assert seen == []
