"""The checkers of 17-pictures-and-pdfs: requests with a PDF file are put to the stand-in, which reads it and names the price."""

from __future__ import annotations

import base64
import copy
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from ..session import FILES
from .sending import ask
from .verdict import Unfit, Verdict, judged, not_yet, right, shown, tried

MODEL = "z-ai/glm-5.2"
"""A model that reads no files itself."""
BY_OCR = {"model": MODEL, "plugins": [{"id": "file-parser", "pdf": {"engine": "mistral-ocr"}}]}
BY_MODEL = {"model": "google/gemini-2.5-flash-lite"}
QUESTION = "And when is it to be paid?"


@cache
def _invoice() -> dict[str, Any]:
    """The lesson's PDF as a part of a message."""
    data = base64.b64encode(FILES.joinpath("17-pictures-and-pdfs", "invoice.pdf").read_bytes()).decode()
    return {
        "type": "file",
        "file": {"filename": "invoice.pdf", "file_data": f"data:application/pdf;base64,{data}"},
    }


def _first_messages() -> list[dict[str, Any]]:
    question = {"type": "text", "text": "What is the total of this invoice?"}
    return [{"role": "user", "content": [question, copy.deepcopy(_invoice())]}]


def _pages_cost(body: Mapping[str, Any]) -> float:
    """US dollars that the reading of pages cost, as the answer's pipeline says."""
    stages = body.get("openrouter_metadata", {}).get("pipeline") or []
    return sum(stage.get("cost_usd") or 0 for stage in stages)


def _read(body: Mapping[str, Any]) -> str:
    """The text that an engine found, empty where there is none."""
    found = body["choices"][0]["message"].get("annotations") or []
    return "\n".join(part.get("text", "") for each in found for part in each.get("file", {}).get("content", []))


@judged
def free_reader(answer: Any) -> Verdict:
    """The fields beside `messages` with which a written PDF is read for nothing, for a model that reads no files."""
    if not isinstance(answer, Mapping):
        return not_yet(f"answer is a dict of fields such as plugins, not {shown(answer)}.")
    taken = answer.keys() & {"model", "messages"}
    if taken:
        return not_yet(f"the {taken.pop()} stays as it is: which fields go beside it?")
    slip = _slip(answer)
    if slip:
        return not_yet(slip)
    body = ask({"model": MODEL, "messages": _first_messages(), "max_tokens": 500, **answer})
    if isinstance(body, Verdict):
        return body
    pages = _pages_cost(body)
    if pages:
        return not_yet(
            f"the page is read, for {pages} US dollars: ten thousand are {pages * 10_000:.0f}. Who reads for nothing?"
        )
    if "134.90" not in _read(body):
        return not_yet("nothing is charged for the page, but the text of the invoice does not reach the model.")
    return right("the text reaches the model, and you pay for its tokens only.")


def _slip(answer: Mapping[str, Any]) -> str:
    """A slip that the service would pass over in silence; empty where there is none."""
    if "extra_body" in answer:
        return "extra_body is a word of the SDK's, not a field: give what stands inside it."
    plugins = answer.get("plugins")
    for plugin in plugins if isinstance(plugins, list) else []:
        if isinstance(plugin, Mapping) and plugin.get("id") == "file-parser":
            if "engine" in plugin:
                return "the engine belongs under pdf: here it stands one level too high, and is not seen."
            if plugin.get("enabled") is False:
                return "this plugin is switched off (enabled), so its engine is not asked."
    return ""


@judged
def asks_again(answer: Any) -> Verdict:
    """A function that makes the messages of a second request; the stand-in says what the second request costs."""
    if not callable(answer):
        raise Unfit(f"follow_up is a function of messages, said and question, not {shown(answer)}.")
    for turn in (_read_by_ocr(), _third_turn(), _read_by_model()):
        given = copy.deepcopy((turn.messages, turn.said))
        found = tried(f"{turn.what}: your function raises", answer, *given, QUESTION)
        problem = turn.problem(found)
        if problem:
            return not_yet(f"{turn.what}: {problem}.")
    return right("the file is charged once, however many questions follow.")


@dataclass(frozen=True)
class Turn:
    """A conversation that goes on. `what`: how a sentence names it. `asked`: the fields beside `messages`. `said`: the
    message that came back."""

    what: str
    asked: dict[str, Any]
    messages: list[dict[str, Any]]
    said: dict[str, Any]

    def problem(self, found: Any) -> str:
        """What is wrong with the messages of the next request; empty when they are right."""
        if not isinstance(found, list | tuple) or not all(isinstance(one, Mapping) for one in found):
            return f"follow_up gives {shown(found)}, and a list of messages was asked for"
        before, new = list(found)[: len(self.messages)], list(found)[len(self.messages) :]
        if before != self.messages:
            return "what was sent before does not stand at the beginning as it was: the model forgets the file"
        if not new or new[-1].get("role") != "user" or QUESTION not in str(new[-1].get("content")):
            return "the last message is not the user's question"
        if not any(one.get("role") == "assistant" and one.get("content") == self.said["content"] for one in new):
            return "what the model said is missing: it would not know what came before"
        if "file_data" in str(new):
            return "the file is sent a second time, and its text is paid as tokens twice"
        body = ask({**self.asked, "messages": list(found), "max_tokens": 500})
        if isinstance(body, Verdict):
            return body.sentence.rstrip(".")
        if _pages_cost(body):
            return f"the file is read again, for {_pages_cost(body)} US dollars: nothing in your messages says that it was read"
        if "annotations" in self.said or not any("annotations" in one for one in new):
            return ""
        return "annotations are sent, and the message that came back has none"


def _said(messages: list[dict[str, Any]], asked: dict[str, Any]) -> dict[str, Any]:
    """The message that comes back, without fields that are empty."""
    body = ask({**asked, "messages": messages, "max_tokens": 500})
    if isinstance(body, Verdict):
        raise RuntimeError(body.sentence)
    return {name: value for name, value in body["choices"][0]["message"].items() if value is not None}


def _read_by_ocr() -> Turn:
    messages = _first_messages()
    return Turn("read by mistral-ocr", BY_OCR, messages, _said(messages, BY_OCR))


def _third_turn() -> Turn:
    """Annotations came with the first answer, and none with the second."""
    first = _read_by_ocr()
    messages = [*first.messages, first.said, {"role": "user", "content": "Who sent it?"}]
    return Turn("the third turn", BY_OCR, messages, _said(messages, BY_OCR))


def _read_by_model() -> Turn:
    messages = _first_messages()
    return Turn("read by the model itself", BY_MODEL, messages, _said(messages, BY_MODEL))
