"""A shop's desk for letters: it sorts a letter, and writes a reply. The program that lesson 23 tests.

Settings: OPENROUTER_API_KEY, and OPENROUTER_BASE_URL for another address.
"""

import json
import os
import time

import openai

MODELS = ["openai/gpt-4o-mini", "mistralai/mistral-nemo"]  # the second steps in when the first fails
KINDS = ["late", "broken", "invoice", "praise"]
PASSES = {408, 429, 500, 502, 503, 504, 524, 529}
FORM = {"type": "object", "properties": {"kind": {"enum": KINDS}}, "required": ["kind"]}
TOOL = {"type": "function", "function": {"name": "file_letter", "parameters": FORM}}


class Unavailable(Exception):
    """Nobody answers now: try later."""


class OverBudget(Exception):
    """The money for today is spent, here or at OpenRouter."""


class Desk:
    """`budget`: US dollars of this desk. `sleep`: how it waits; a test hands in its own."""

    def __init__(self, base_url=None, api_key=None, budget=0.01, sleep=time.sleep):
        address = base_url or os.environ.get("OPENROUTER_BASE_URL", "https://openrouter.ai/api/v1")
        self.client = openai.OpenAI(
            base_url=address, api_key=api_key or os.environ["OPENROUTER_API_KEY"], max_retries=0
        )
        self.budget, self.spent, self.sleep = budget, 0.0, sleep

    def sort(self, letter):
        """One of KINDS, or "unsorted": then a person looks."""
        answer = self._ask(letter, "File the letter by a call of file_letter.", tools=[TOOL])
        try:
            kind = json.loads(answer.choices[0].message.tool_calls[0].function.arguments)["kind"]
        except (TypeError, IndexError, KeyError, ValueError):  # no call, or one that cannot be read
            return "unsorted"
        return kind if kind in KINDS else "unsorted"

    def write(self, letter):
        """The reply, and whether it is whole."""
        text, ended = "", None
        try:
            for chunk in self._ask(letter, "Write a short, kind reply.", stream=True):
                for choice in chunk.choices:
                    text += choice.delta.content or ""
                    ended = choice.finish_reason or ended
                self.spent += chunk.usage.cost if chunk.usage else 0
        except openai.APIError:  # the stream broke: what came is kept
            return text, False
        return text, ended == "stop"

    def _ask(self, letter, task, tries=4, **more):
        if self.spent >= self.budget:
            raise OverBudget(f"${self.spent:.4f} are spent")
        messages = [{"role": "system", "content": task}, {"role": "user", "content": letter}]
        pause = 0.0
        for attempt in range(tries):
            if attempt:
                self.sleep(pause)
            pause = 2**attempt
            try:
                answer = self.client.chat.completions.create(
                    model=MODELS[0], messages=messages, max_tokens=200, extra_body={"models": MODELS}, **more
                )
            except openai.APIConnectionError:
                continue
            except openai.APIStatusError as error:
                if error.status_code == 402:
                    raise OverBudget(error.message) from error
                if error.status_code not in PASSES:
                    raise
                named = error.response.headers.get("retry-after", "")
                pause = float(named) if named.isdigit() else pause
                continue
            if "stream" in more:
                return answer
            if answer.choices:  # an error can come with the status 200: then there are none
                self.spent += answer.usage.cost
                return answer
        raise Unavailable(f"no answer in {tries} tries")
