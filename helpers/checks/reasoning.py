"""The checkers of 12-reasoning: a `reasoning` object put to the stand-in, and a stored message sent back to three families."""

from __future__ import annotations

from typing import Any

from openai.types.chat import ChatCompletionMessage

from .sending import MESSAGES, ask
from .verdict import Verdict, judged, not_yet, right, shown, tried

NANO = "openai/gpt-5-nano"
FAMILIES = ("google/gemini-3-flash-preview", "deepseek/deepseek-v4-flash", "anthropic/claude-haiku-4.5")
FIELDS = ("effort", "max_tokens", "exclude", "enabled", "summary")
QUESTION = {"role": "user", "content": 'When does the parcel "A-17" arrive?'}
TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "find_parcel",
            "description": "When a parcel arrives",
            "parameters": {"type": "object", "properties": {"parcel": {"type": "string"}}, "required": ["parcel"]},
        },
    }
]


@judged
def quick_answers(answer: Any) -> Verdict:
    """The least effort that a model which must think takes, and no thoughts in the answer."""
    if not isinstance(answer, dict):
        return not_yet(f"the reasoning object is a dict such as {{'effort': 'high'}}, not {shown(answer)}.")
    if "reasoning" in answer:
        return not_yet("write the inside of the reasoning object only.")
    reply = ask({"model": NANO, "max_tokens": 2000, "messages": MESSAGES, "reasoning": answer})
    if isinstance(reply, Verdict):
        return reply
    effort = answer.get("effort")
    strange = [name for name in answer if name not in FIELDS]
    if strange:
        return not_yet(f"{shown(strange[0])} is no field of reasoning: it takes {', '.join(FIELDS)}.")
    if effort is None and answer.get("max_tokens") is not None:
        return not_yet("a budget is a ceiling; the task asks for the lowest effort that the model takes.")
    if effort is None:
        return not_yet(f"no effort is named, so {NANO} thinks at its default, medium.")
    if effort != "minimal":
        return not_yet(
            f"with effort {shown(effort)} it thinks more than it must. Which effort does it take that is lower?"
        )
    message = reply["choices"][0]["message"]
    if message.get("reasoning"):
        return not_yet("the effort is right, but the thoughts are still in the answer. Which field keeps them out?")
    spent = reply["usage"]["completion_tokens_details"]["reasoning_tokens"]
    return right(
        f"it thinks as little as it may, and nothing of it is shown; {spent} tokens of thought are still charged."
    )


@judged
def keeps_thoughts(answer: Any) -> Verdict:
    """A function whose dicts can be sent back in a tool loop, whatever the family wants to see again."""
    if not callable(answer):
        return not_yet(f"stored is a function that takes a message, not {shown(answer)}.")
    for model in FAMILIES:
        request = {"model": model, "max_tokens": 2000, "tools": TOOLS, "reasoning": {"effort": "high"}}
        first = ask({**request, "messages": [QUESTION]})
        if isinstance(first, Verdict):
            return first
        sent = first["choices"][0]["message"]
        kept = tried(f"{model}: stored raises", answer, ChatCompletionMessage.model_validate(sent))
        if not isinstance(kept, dict) or not kept.get("tool_calls"):
            return not_yet(f"{model}: stored gives a dict with the calls in it, not {shown(kept)}.")
        if kept.get("content") not in (sent.get("content"), None, ""):
            return not_yet(
                f"{model}: content is kept as {shown(kept['content'])}, and that is not what the model said."
            )
        asked = [call["function"]["arguments"] for call in sent["tool_calls"]]
        if [(c.get("function") or {}).get("arguments") for c in kept["tool_calls"]] != asked:
            return not_yet(f"{model}: the arguments of the call are not the ones that the model wrote.")
        if kept.get("reasoning_details") != sent["reasoning_details"]:
            what = "are missing" if not kept.get("reasoning_details") else "have changed"
            return not_yet(f"{model}: the reasoning details {what} in what is sent back.")
        result = {"role": "tool", "tool_call_id": sent["tool_calls"][0]["id"], "content": "Monday"}
        second = ask({**request, "messages": [QUESTION, kept, result]})
        if isinstance(second, Verdict):
            return second
    plain = ChatCompletionMessage(role="assistant", content="Hello")
    kept = tried("a message without thoughts ends in", answer, plain)
    if isinstance(kept, dict) and "content" not in kept:
        return not_yet("of a message without calls the content is missing, and it is all that it has.")
    if not isinstance(kept, dict) or kept.get("content") != "Hello" or kept.get("role") != "assistant":
        return not_yet(f"a message without thoughts and calls is kept as {shown(kept)}.")
    return right(f"the loop goes on with {len(FAMILIES)} families, and a message without thoughts is kept too.")
