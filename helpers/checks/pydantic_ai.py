"""The checkers of 32-pydantic-ai: settings as the OpenRouter model would send them, a class tried on made-up answers."""

from __future__ import annotations

from typing import Any

from .routing_options import FIGURES, GLM, only_by_figures, plan_of
from .sending import MESSAGES, Wire, attempts, sent_by, waited
from .verdict import Verdict, called, judged, not_yet, right, shown

FINE = [
    {"order": "B-12345678", "euros": 2},
    {"order": "A-17", "euros": 1},
    {"order": "Z-4", "euros": 100},
    {"order": "M-123456", "euros": 50},
    {"order": "Q-1090", "euros": 99},
    {"order": "K-007", "euros": 9},
]
PATTERN = "Which argument of Field takes a pattern?"
WHOLE = "Does the pattern hold from the first to the last character?"
WRONG = [
    ({"order": "A-17", "euros": 101}, "101 euros pass. Which argument of Field sets the largest number?"),
    ({"order": "A-17", "euros": 0}, "0 euros pass. Which argument of Field sets the smallest number?"),
    ({"order": "A-17", "euros": 12.5}, "12.5 euros pass, which is not a whole number. Which type is?"),
    ({"order": "17", "euros": 5}, f"the order '17' passes, although it has no letter. {PATTERN}"),
    ({"order": "see A-17 please", "euros": 5}, f"'see A-17 please' passes. {WHOLE}"),
    ({"order": "A-17 please", "euros": 5}, f"'A-17 please' passes. {WHOLE}"),
    ({"order": "a-17", "euros": 5}, "'a-17' passes, and a is not between A and Z."),
    ({"order": "AB-17", "euros": 5}, "'AB-17' passes, which has two letters."),
    ({"order": "A-", "euros": 5}, "'A-' passes, which has no digits. Which sign asks for one or more?"),
    ({"order": "A-x", "euros": 5}, "'A-x' passes, although x is not a digit."),
    ({"order": "A17", "euros": 5}, "'A17' passes, which has no dash."),
    ({"order": "A 17", "euros": 5}, "'A 17' passes, which has a space where the dash should be."),
    ({"order": "A.17", "euros": 5}, "'A.17' passes, which has a dot where the dash should be."),
    ({"order": "A--17", "euros": 5}, "'A--17' passes, which has two dashes."),
    ({"order": "A-1-7", "euros": 5}, "'A-1-7' passes, which has a dash among its digits."),
    ({"order": "A-x9", "euros": 5}, "'A-x9' passes, although x is not a digit."),
    ({"order": "Ä-17", "euros": 5}, "'Ä-17' passes, and Ä is not between A and Z."),
    ({"order": " A-17", "euros": 5}, "' A-17' passes, with a space in front. Is something stripped?"),
    ({"order": "A-17\n", "euros": 5}, "'A-17' with a line break behind it passes: $ alone lets one through."),
    ({"order": "A-17", "euros": -1}, "-1 euros pass. Which argument of Field sets the smallest number?"),
    ({"order": "A-17", "euros": "twelve"}, "the text 'twelve' passes as an amount. Which type is a whole number?"),
    ({"order": 17, "euros": 5}, "the number 17 passes as an order. Which type is a text?"),
    ({"order": "A-17"}, "an answer without euros passes: a default fills the gap."),
    ({"euros": 5}, "an answer without an order passes: a default fills the gap."),
    ({"order": "A-17", "euros": None}, "None passes as an amount. Does the type allow it?"),
    ({"order": None, "euros": 5}, "None passes as an order. Does the type allow it?"),
]  # fmt: skip


@judged
def settings_arrive(answer: Any) -> Verdict:
    """Together, then Fireworks, no other provider, low effort: as settings that an openrouter: model sends."""
    from pydantic_ai.models.openai import OpenAIChatModelSettings
    from pydantic_ai.models.openrouter import OpenRouterModelSettings

    if not isinstance(answer, dict):
        return not_yet("give a dict of settings, such as {'max_tokens': 200}.")
    known = {*OpenRouterModelSettings.__annotations__, *OpenAIChatModelSettings.__annotations__}
    dropped = [name for name in answer if name not in known]
    if dropped:
        return not_yet(f"{shown(dropped[0])} is the name of no setting: it would be dropped without a word.")
    if "openrouter_provider" not in answer:
        inside = answer.get("extra_body")
        if isinstance(inside, dict) and "provider" in inside:
            return not_yet("extra_body would arrive too, but there is a setting for it, openrouter_provider: use that.")
        return not_yet("no routing arrives: the provider object belongs into the setting openrouter_provider.")
    plan = plan_of(answer["openrouter_provider"])
    if isinstance(plan, Verdict):
        return plan
    body = sent_by("Pydantic AI", lambda wire: waited(_asked(answer, wire)))
    if isinstance(body, Verdict):
        return body
    asked = list(dict.fromkeys(e.slug for e in plan.kept))
    if [{e.slug for e in group} for group in plan.groups[:2]] != [{"together"}, {"fireworks"}]:
        return not_yet(f"asked in turn: {', '.join(asked[:3])}. Which field gives an order?")
    if only_by_figures(answer["openrouter_provider"], "together", "fireworks"):
        return not_yet(FIGURES.replace("Together is first", "Together and Fireworks come in this order"))
    if len(asked) > 2:
        return not_yet(
            f"behind the two, {len(asked) - 2} other{'s'[: len(asked) > 3]} may answer. Which field forbids it?"
        )
    tried = [attempt["provider"] for attempt in attempts(body, down=["together"])]
    if body["model"] != GLM or body.get("models") or body.get("preset") or tried[:2] != ["Together", "Fireworks"]:
        return not_yet("another model or preset goes out than the agent's own, which nobody asked for: leave it out.")
    wrong = _thinks(answer, body)
    return (
        not_yet(wrong)
        if wrong
        else right(
            "Together, then Fireworks, no other provider, with low effort; and all of it goes out with the request."
        )
    )


async def _asked(settings: dict[str, Any], wire: Wire) -> None:
    """One request of an agent with an openrouter: model and these settings, made by Pydantic AI's own code."""
    from openai import AsyncOpenAI, DefaultAsyncHttpxClient
    from pydantic_ai.direct import model_request
    from pydantic_ai.messages import ModelRequest
    from pydantic_ai.models.openrouter import OpenRouterModel
    from pydantic_ai.providers.openrouter import OpenRouterProvider

    client = AsyncOpenAI(
        base_url="https://openrouter.ai/api/v1",
        api_key="none",
        max_retries=0,
        http_client=DefaultAsyncHttpxClient(transport=wire),
    )
    model = OpenRouterModel(GLM, provider=OpenRouterProvider(openai_client=client))
    prompt = [ModelRequest.user_text_prompt(MESSAGES[0]["content"])]
    await model_request(model, prompt, model_settings=settings, instrument=False)


def _thinks(answer: dict[str, Any], body: dict[str, Any]) -> str:
    """What is wrong with the thinking that goes out in `body`; empty when its effort is low."""
    thinks, effort = body.get("reasoning") or {}, body.get("reasoning_effort")
    if effort and thinks:
        return "two settings name an effort, and both would be sent. One is enough."
    asked = effort or thinks.get("effort")
    if asked and asked != "low":
        return f"its effort is {shown(asked)}, not 'low'."
    if isinstance(answer.get("extra_body"), dict) and {"reasoning", "reasoning_effort"} & answer["extra_body"].keys():
        return (
            "reasoning in extra_body would arrive too, but there is a setting for it, openrouter_reasoning: use that."
        )
    if not asked:
        return "nothing here asks for low effort. Which setting holds {'effort': …}?"
    if thinks.get("max_tokens") is not None or thinks.get("enabled") is False:
        return "effort stands alone: a number of tokens or enabled: False beside it says something else."
    return ""


@judged
def refund_class(answer: Any) -> Verdict:
    """The class takes what a refund may be and refuses everything else."""
    from pydantic import BaseModel

    if not (isinstance(answer, type) and issubclass(answer, BaseModel)):
        return not_yet("give the class itself, made from BaseModel.")
    if set(answer.model_fields) != {"order", "euros"}:
        return not_yet(
            f"the class has the fields {', '.join(answer.model_fields) or 'none'}; it needs order and euros."
        )
    for fields in FINE:
        problem = _refused(answer, fields)
        if problem:
            return not_yet(f"a good refund, {fields}, is refused: {problem}.")
        made = called(lambda fields: answer(**fields), fields)
        if (made.order, made.euros) != (fields["order"], fields["euros"]):
            return not_yet(f"of {fields} the class keeps {shown(made)}. Does a validator return its value?")
    for fields, sentence in WRONG:
        if not _refused(answer, fields):
            return not_yet(sentence)
    return right("letter, dash and digits, 1 to 100 euros; anything else is an error that the model is told about.")


def _refused(made: type, fields: dict[str, Any]) -> str:
    """Why the class takes no such fields; empty when it takes them. A validator of one's own may raise anything."""
    from pydantic import ValidationError

    try:
        called(lambda fields: made(**fields), fields)
    except ValidationError as problem:
        return problem.errors()[0]["msg"]
    except Exception as problem:
        return type(problem).__name__
    return ""
