"""The checkers of 05-tracing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..session import current
from .verdict import Verdict, judged, not_yet, right, shown, told

PROMPT, REPLY = "my parcel is late again", "we are sorry"
# The attributes of a real span of openinference-instrumentation-openai 0.1.66, with short texts.
SPAN = {
    "llm.system": "openai",
    "input.value": f'{{"messages": [{{"role": "user", "content": "{PROMPT}"}}]}}',
    "output.value": f'{{"choices": [{{"message": {{"content": "{REPLY}"}}}}]}}',
    "llm.invocation_parameters": '{"model": "meta-llama/llama-3.1-8b-instruct", "max_tokens": 60}',
    "llm.input_messages.0.message.content": PROMPT,
    "llm.model_name": "meta-llama/llama-3.1-8b-instruct",
    "llm.token_count.total": 48,
    "llm.output_messages.0.message.content": REPLY,
}


@judged
def slow_span(answer: Any, spans: Iterable[Any]) -> Verdict:
    """The step in which most of the time goes: a span with a name of its own whose work is not another step's."""
    clock, spans = current().log.recorded, list(spans)
    took = {s.name: clock(s.end_time) - clock(s.start_time) for s in spans}
    ids = {s.context.span_id for s in spans}
    roots = {s.name for s in spans if s.parent is None or s.parent.span_id not in ids}
    steps = {name: ms for name, ms in took.items() if name not in roots and name != "ChatCompletion"}
    if not steps:
        return not_yet("spans holds no steps: run the cell that answers the letter once more.")
    slowest = max(steps, key=steps.__getitem__)
    if not isinstance(answer, str):
        return not_yet(f"give the name of a span as a text, not {shown(answer)}. There are: {', '.join(took)}.")
    answer = next((name for name in took if name.lower() == answer.strip().lower()), answer)
    if answer not in took:
        return not_yet(f"no span is called {shown(answer)}. There are: {', '.join(took)}.")
    if answer in roots:
        return not_yet(f"{answer!r} holds the whole program: it is slow because one of its children is. Which one?")
    if answer == "ChatCompletion":
        return not_yet("several spans bear that name. Name the step that one of them belongs to.")
    if answer != slowest:
        return not_yet(f"{answer!r} takes {took[answer]:,.0f} ms. Another step takes longer: look for the longest bar.")
    share = steps[slowest] / sum(steps.values())
    return right(
        f"{slowest!r} takes {steps[slowest]:,.0f} ms, {share:.0%} of the steps' time. A quicker provider would help (lesson 03)."
    )


@judged
def words_hidden(answer: Any) -> Verdict:
    """Settings of TraceConfig after which no text of prompt or answer is left, and the token count is."""
    from openinference.instrumentation import TraceConfig

    if not isinstance(answer, dict):
        return not_yet(f"the settings are a dict such as {{'hide_inputs': True}}, not {shown(answer)}.")
    known = TraceConfig.__dataclass_fields__
    for name, value in answer.items():
        if name not in known:
            return not_yet(f"TraceConfig knows no {shown(name)}.")
        if name.startswith("hide_") and not isinstance(value, bool | None):
            return not_yet(f"{name} takes True or False, not {shown(value)}.")
    try:
        config = TraceConfig(**answer)
    except (TypeError, ValueError) as problem:
        return not_yet(f"TraceConfig refuses this: {told(problem)}.")
    left = {key: config.mask(key, value) for key, value in SPAN.items()}
    prompts = [key for key, value in left.items() if PROMPT in str(value)]
    replies = [key for key, value in left.items() if REPLY in str(value)]
    if prompts and replies:
        return not_yet(f"nothing is hidden where it counts: {prompts[0]} and {replies[0]} still hold text.")
    if prompts:
        return not_yet(f"the answer is hidden, but the customer's words are still in {' and '.join(prompts)}.")
    if replies:
        return not_yet(f"the prompt is hidden, but the model's words are still in {' and '.join(replies)}.")
    if left.get("llm.token_count.total") is None:
        return not_yet("the words are gone, and the token counts with them.")
    return right(
        "no word of customer or model is left in the span, and the token counts are still there. Error messages may quote both."
    )
