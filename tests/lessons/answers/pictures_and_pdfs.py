"""Answers to the exercises of 17-pictures-and-pdfs: for each checker the unedited one, wrong ones, right ones."""

from __future__ import annotations

from typing import Any

Messages = list[dict[str, Any]]


def engine(name: Any, **more: Any) -> dict[str, Any]:
    return {"plugins": [{"id": "file-parser", "pdf": {"engine": name}}], **more}


def unedited(messages: Messages, said: dict[str, Any], question: str) -> Messages:
    return [*messages, {"role": "assistant", "content": said["content"]}, {"role": "user", "content": question}]


def follow_up(messages: Messages, said: dict[str, Any], question: str) -> Messages:
    answered = {"role": "assistant", "content": said["content"]}
    if said.get("annotations"):
        answered["annotations"] = said["annotations"]
    return [*messages, answered, {"role": "user", "content": question}]


def whole(messages: Messages, said: dict[str, Any], question: str) -> Messages:
    """Sends the message back as it came."""
    return [*messages, said, {"role": "user", "content": question}]


def in_parts(messages: Messages, said: dict[str, Any], question: str) -> Messages:
    return [
        *follow_up(messages, said, question)[:-1],
        {"role": "user", "content": [{"type": "text", "text": question}]},
    ]


def appends(messages: Messages, said: dict[str, Any], question: str) -> Messages:
    messages.append(said)
    messages.append({"role": "user", "content": question})
    return messages


def as_tuple(messages: Messages, said: dict[str, Any], question: str) -> Any:
    return tuple(follow_up(messages, said, question))


class Conversation:
    def __call__(self, messages: Messages, said: dict[str, Any], question: str) -> Messages:
        return follow_up(messages, said, question)


def question_alone(messages: Messages, said: dict[str, Any], question: str) -> Messages:
    return [{"role": "user", "content": question}]


def without_file(messages: Messages, said: dict[str, Any], question: str) -> Messages:
    """Drops the file, which then nobody can speak about."""
    text = [{"role": "user", "content": "What is the total of this invoice?"}]
    return [*text, *follow_up(messages, said, question)[1:]]


def without_answer(messages: Messages, said: dict[str, Any], question: str) -> Messages:
    return [*messages, {"role": "user", "content": question}]


def file_again(messages: Messages, said: dict[str, Any], question: str) -> Messages:
    return [
        *messages,
        {"role": "assistant", "content": said["content"]},
        *messages[:1],
        {"role": "user", "content": question},
    ]


def always(messages: Messages, said: dict[str, Any], question: str) -> Messages:
    return [
        *messages,
        {"role": "assistant", "content": said["content"], "annotations": said["annotations"]},
        {"role": "user", "content": question},
    ]


def empty_ones(messages: Messages, said: dict[str, Any], question: str) -> Messages:
    return [
        *messages,
        {"role": "assistant", "content": said["content"], "annotations": said.get("annotations", [])},
        {"role": "user", "content": question},
    ]


def in_the_question(messages: Messages, said: dict[str, Any], question: str) -> Messages:
    """Puts the annotations where the service does not look."""
    return [
        *messages,
        {"role": "assistant", "content": said["content"]},
        {"role": "user", "content": f"{question} {said.get('annotations')}"},
    ]


CASES: dict[str, tuple[Any, list[Any], list[Any]]] = {
    "free_reader": (
        {},
        [
            engine("native"),
            {"plugins": [{"id": "file-parser", "engine": "cloudflare-ai"}]},
            {"plugins": [{"id": "file-parser", "enabled": False, "pdf": {"engine": "cloudflare-ai"}}]},
            None,
            "cloudflare-ai",
            [],
            {"plugins": "cloudflare-ai"},
            {"plugins": []},
            {"plugins": [{"id": "file-parser"}]},
            {"plugins": [{"id": "pdf", "pdf": {"engine": "cloudflare-ai"}}]},
            {"extra_body": engine("cloudflare-ai")},
            engine("mistral-ocr"),
            engine("free"),
            engine(None),
            engine("cloudflare-ai", model="google/gemini-2.5-flash-lite"),
            engine("cloudflare-ai", messages=[{"role": "user", "content": "Hi"}]),
        ],
        [
            engine("cloudflare-ai"),
            engine("cloudflare-ai", max_tokens=1000),
            engine("cloudflare-ai", provider={"data_collection": "deny"}),
            engine("cloudflare-ai", temperature=0),
            engine("cloudflare-ai", user="ada"),
            {"plugins": [{"id": "file-parser", "enabled": True, "pdf": {"engine": "cloudflare-ai"}}]},
        ],
    ),
    "asks_again": (
        unedited,
        [None, [], list, lambda *three: None, lambda *three: "And?", lambda *three: [], question_alone, without_file, without_answer, file_again, always, empty_ones, in_the_question, lambda m, s, q: follow_up(m, s, q)[:-1], lambda m, s, q: follow_up(m, s, q)[::-1]],
        [follow_up, whole, in_parts, appends, as_tuple, Conversation(), Conversation().__call__, lambda m, s, q: follow_up(m, s, q)],
    ),
}  # fmt: skip
