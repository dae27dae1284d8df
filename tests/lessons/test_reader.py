"""What readers do to a lesson: run every cell twice, change a prompt, change a routing option, take the key away."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from notebooks import PATHS, cells
from small_model import small_model

nbformat = pytest.importorskip("nbformat")
kernels = pytest.importorskip("kernels")

# Cells that are meant to send another request when they run again, as their text says.
GROWS = {"messages.append("}
CHANGES_THE_ACCOUNT = (": Zoe Late", "async def ask(handout")
"""What stands in cells that make keys or spend their money: run twice, what follows is not what was recorded."""


def run(notebook: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COOKBOOK_MODE", "replay")
    monkeypatch.setenv("COOKBOOK_SPEED", "0")
    monkeypatch.setenv("COOKBOOK_SYSTEMS", "replay")
    kernels.execute(notebook, 120, allow_errors=True)


def shown(cell: Any) -> str:
    return "".join(
        o.get("text", "") + o.get("evalue", "") + str(o.get("data", {}).get("text/plain", "")) for o in cell.outputs
    )


def failed(cell: Any) -> bool:
    return any(o.output_type == "error" for o in cell.outputs)


THREADS_BEFORE = "import threading; THREADS_BEFORE = {t.name for t in threading.enumerate()}"
# These stay until the kernel ends: the event loop's own pool for looking up names, the thread that redraws tqdm's bars, the
# one with which the kernel sends a large output, such as a film, two daemons that Langfuse's shutdown forgets, and the pool
# in which Dask packs large messages.
THREADS_LEFT = """
import threading
import helpers
helpers.stop()
new = [t for t in threading.enumerate() if t.name not in THREADS_BEFORE and not type(t).__module__.startswith(("zmq.", "langfuse."))]
stay = ("asyncio_", "tqdm_monitor", "OtelBatchSpanRecordProcessor", "Dask-Offload")
left = [t for t in new if not t.name.startswith(stay)]
for t in left:
    t.join(5)  # a call that nobody waits for any more may still be on its way
[t.name for t in left if t.is_alive()]
"""


@pytest.mark.parametrize("path", PATHS, ids=lambda p: p.stem)
def test_every_cell_twice_and_no_thread_is_left(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # A LangChain user may have both set. Offline no trace may leave, and no thread may try.
    monkeypatch.setenv("LANGSMITH_TRACING", "true")
    monkeypatch.setenv("LANGSMITH_API_KEY", "a-key-of-the-reader")
    notebook = nbformat.read(path, as_version=4)
    code = [c for c in notebook.cells if c.cell_type == "code"]
    code += [nbformat.v4.new_code_cell(c.solution, metadata={"tags": ["solution"]}) for c in cells(path) if c.solution]
    notebook.cells = []
    for cell in code:
        again = copy.deepcopy(cell)
        again.id += "x"
        notebook.cells += [cell, again]
    start, end = (nbformat.v4.new_code_cell(source) for source in (THREADS_BEFORE, THREADS_LEFT))
    run(nbformat.v4.new_notebook(cells=[start, *notebook.cells, end]), monkeypatch)
    assert shown(end) == "[]"
    changed = False
    for first, second in zip(notebook.cells[::2], notebook.cells[1::2], strict=True):
        if "solution" in first.metadata.get("tags", []):
            assert shown(first) == shown(second) and "Right: " in shown(first), shown(first)
        assert failed(first) == failed(second) == ("raises-exception" in first.metadata.get("tags", [])), shown(second)
        changed = changed or any(part in second.source for part in CHANGES_THE_ACCOUNT)
        if not changed and not any(second.source.startswith(start) for start in GROWS):
            assert "Not recorded" not in shown(second), second.source


def test_a_replayed_answer_can_be_looked_up_and_a_missing_package_is_one_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cells = [
        'import helpers, os, openai\nhelpers.start("04-streaming", needs=["no-such-package"])',
        'helpers.start("04-streaming")\n'
        'client = openai.OpenAI(base_url="https://openrouter.ai/api/v1", api_key=os.environ["OPENROUTER_API_KEY"])\n'
        "request = dict(max_tokens=100, model='meta-llama/llama-3.1-8b-instruct',\n"
        "    messages=[{'role': 'user', 'content': 'In one sentence: what is a chunk?'}])\n"
        "chunks = list(client.chat.completions.create(**request, stream=True))",
        'found = client.get(f"/generation?id={chunks[0].id}", cast_to=object)["data"]\n'
        'print(found["total_cost"] == chunks[-1].usage.cost, found["provider_name"] == chunks[0].provider, found["streamed"])',
        'client.get("/generation?id=gen-nobody", cast_to=object)',
        "with helpers.faults():\n    client.get(f'/generation?id={chunks[0].id}', cast_to=object)",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])
    run(notebook, monkeypatch)
    assert [failed(cell) for cell in notebook.cells] == [True, False, False, True, False]
    assert len(notebook.cells[0].outputs[0].traceback) == 1 and "no-such-package" in shown(notebook.cells[0])
    assert "Not recorded" not in shown(notebook.cells[1])
    assert shown(notebook.cells[2]).startswith("True True True\nNot recorded: 1 request")


def test_a_changed_prompt_and_a_changed_option_are_answered_and_labelled_under_the_cell(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cells = [
        'import helpers, os, openai\nhelpers.start("03-routing-options")\n'
        'client = openai.OpenAI(base_url="https://openrouter.ai/api/v1", api_key=os.environ["OPENROUTER_API_KEY"])\n'
        "def ask(text, **provider):\n"
        '    return client.chat.completions.create(model="z-ai/glm-5.3-flash", max_tokens=60,\n'
        '        messages=[{"role": "user", "content": text}], extra_body={"provider": provider})',
        'answer = ask("A prompt of my own", only=["novita"])\nprint(answer.provider, answer.choices[0].message.content.splitlines()[0])',
        'ask("Name one use of routing.", only=["azure"])',
        'print(ask("Name one use of routing.", sort="price").provider)',
        "helpers.receipt(answer)",
    ]  # fmt: skip
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])
    run(notebook, monkeypatch)
    start, changed, refused, wished, receipt = map(shown, notebook.cells)
    assert "replaying" in start and not failed(notebook.cells[0])
    assert changed.splitlines()[0] == "Novita No model wrote this."
    assert "Not recorded: 1 request in this cell" in changed
    assert "permits only: azure" in refused
    assert wished.startswith("OpenInference")
    assert "stand-in, not recorded" in receipt and "Not recorded" not in receipt


def test_under_a_cell_with_words_of_a_local_model_its_name_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    cells = [
        'import helpers, os, openai\nhelpers.start("03-routing-options")\n'
        'client = openai.OpenAI(base_url="https://openrouter.ai/api/v1", api_key=os.environ["OPENROUTER_API_KEY"])\n'
        "def ask(text, **more):\n"
        '    request = {"model": "z-ai/glm-5.3-flash", "messages": [{"role": "user", "content": text}], **more}\n'
        "    return client.chat.completions.create(**request).choices[0].message.content",
        'print(ask("one"), ask("two"))',
        'print(ask("three")[:20], ask("four", response_format={"type": "json_object"})[:1])',
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])
    with small_model() as model:
        monkeypatch.setenv("COOKBOOK_WORDS", model.url)
        run(notebook, monkeypatch)
    _, twice, mixed = map(shown, notebook.cells)
    assert twice.splitlines() == [
        "Small models write this. Small models write this.",
        "Not recorded: 2 requests in this cell were answered offline. The words are by tiny:1b on this machine, not by the"
        " model that was asked for; routing, cost and errors follow the documented service.",
    ]
    assert "Not recorded: 1 request in this cell was answered offline. The words are by tiny:1b" in mixed
    assert "no model wrote the words (what was written is not the JSON that was asked for)." in mixed
