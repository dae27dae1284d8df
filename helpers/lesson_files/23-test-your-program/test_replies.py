"""The tests of replies.py. `openrouter_standin` comes with the package; no key, no network."""

from pathlib import Path

import openai
import pytest
from replies import MODELS, Desk, OverBudget, Unavailable

LATE, BROKEN = "Where is order 4711?", "The lamp is cracked."


@pytest.fixture
def waited():
    return []


@pytest.fixture
def desk(openrouter_standin, waited):
    openrouter_standin.script = Path(__file__).with_name("answers.toml")
    return Desk(openrouter_standin.url, openrouter_standin.key, sleep=waited.append)


def test_a_letter_is_sorted(desk, openrouter_standin):
    assert desk.sort(LATE) == "late"
    [request] = openrouter_standin.requests
    assert request["tools"][0]["function"]["name"] == "file_letter" and request["max_tokens"] == 200
    assert 0 < desk.spent < 0.001


@pytest.mark.parametrize("fault", [{"malformed_call": True}, {"filtered": True}])
def test_what_cannot_be_read_goes_to_a_person(desk, openrouter_standin, fault):
    openrouter_standin.faults(**fault)
    assert desk.sort(LATE) == "unsorted"


def test_a_kind_that_does_not_exist_goes_to_a_person(desk):
    assert desk.sort("Hm.") == "unsorted"


def test_another_model_steps_in(desk, openrouter_standin):
    openrouter_standin.faults(down=["openai", "azure"])
    assert desk.sort(LATE) == "late"
    assert openrouter_standin.requests[0]["models"] == MODELS


def test_it_waits_as_long_as_it_is_told(desk, openrouter_standin, waited):
    openrouter_standin.faults(rate_limited=["*"], retry_after=3, for_attempts=2)
    assert desk.sort(LATE) == "late"
    assert waited == [3, 3] and len(openrouter_standin.requests) == 3


def test_it_gives_up_after_four_tries(desk, openrouter_standin, waited):
    openrouter_standin.faults(down=["*"])
    with pytest.raises(Unavailable):
        desk.sort(LATE)
    assert waited == [1, 2, 4] and len(openrouter_standin.requests) == 4


def test_an_error_inside_a_200_is_tried_again(desk, openrouter_standin, waited):
    openrouter_standin.faults(error_in_200=True, for_attempts=1)
    assert desk.sort(LATE) == "late" and waited == [1]


def test_a_wrong_request_is_not_repeated(openrouter_standin, waited):
    desk = Desk(openrouter_standin.url, "sk-or-wrong", sleep=waited.append)
    with pytest.raises(openai.AuthenticationError):
        desk.sort(LATE)
    assert waited == []


def test_an_empty_account_is_said_at_once(desk, openrouter_standin, waited):
    openrouter_standin.faults(credits=0)
    with pytest.raises(OverBudget):
        desk.sort(LATE)
    assert waited == [] and len(openrouter_standin.requests) == 1


def test_the_budget_of_the_desk_holds(desk, openrouter_standin):
    desk.budget = 0.00002
    with pytest.raises(OverBudget):
        for _ in range(10):
            desk.sort(LATE)
    assert len(openrouter_standin.requests) < 10


def test_a_reply_comes_whole_and_is_paid(desk):
    text, whole = desk.write(BROKEN)
    assert whole and "sorry" in text and "keep the old one" in text
    assert desk.spent > 0


@pytest.mark.parametrize("form", ["documented", "bare", "finish-only"])  # as providers really did it
def test_a_stream_that_breaks_keeps_what_came(desk, openrouter_standin, form):
    openrouter_standin.faults(break_after=8, break_as=form)
    text, whole = desk.write(BROKEN)
    assert not whole and "I am so sorry" in text and "keep" not in text
