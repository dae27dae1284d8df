"""What of a conversation is sent again, what it may cost, and what is said of errors: without a server."""

from __future__ import annotations

import pytest

from chat_page.conversation import Conversation, Refused, Turn, check_question, tokens_of
from chat_page.models import Model
from chat_page.problems import words_of
from chat_page.settings import Settings

MODEL = Model("a/b", "B", 1e-6, 2e-6, 100_000)
SETTINGS = Settings(api_key="none", system="Be brief.", answer_tokens=100, history_tokens=100, dollars=0.01)


def talk(*sizes: int) -> Conversation:
    """A conversation with questions of so many characters."""
    return Conversation(
        [Turn(str(n) * size, "a/b", 0.001, answer=f"answer {n}", cost=0.0) for n, size in enumerate(sizes)]
    )


def test_what_does_not_fit_is_dropped_from_the_old_end() -> None:
    messages, left_out = talk(30, 210, 30).messages_for("now?", MODEL, SETTINGS)
    assert left_out == 2
    assert [m["role"] for m in messages] == ["system", "user", "assistant", "user"]
    assert messages[0]["content"] == "Be brief." and messages[1]["content"] == "2" * 30
    assert sum(tokens_of(m["content"]) for m in messages) <= SETTINGS.history_tokens


def test_the_models_own_context_counts_too() -> None:
    small = Model("a/b", "B", 0, 0, 160)
    _, left_out = talk(90, 90, 30).messages_for("now?", small, SETTINGS)
    assert left_out == 2
    with pytest.raises(Refused, match=r"too long for this model\. Shorten it"):
        talk().messages_for("x" * 300, small, SETTINGS)


def test_an_answer_without_a_word_is_not_sent() -> None:
    conversation = Conversation([Turn("first", "a/b", 0.001, answer="", cost=0.0, note="Stopped.")])
    messages, left_out = conversation.messages_for("second", MODEL, SETTINGS)
    assert [m["content"] for m in messages] == ["Be brief.", "second"] and left_out == 0


def test_the_estimate_is_high_for_every_script() -> None:
    assert tokens_of("x" * 400) > 100 and tokens_of("潮" * 100) > 100


def test_what_is_not_known_yet_counts_with_the_most_that_it_may_have_cost() -> None:
    conversation = talk(30)
    assert conversation.spent == 0
    conversation.turns[0].cost = None
    assert conversation.spent == 0.001
    assert conversation.reserve([], MODEL, SETTINGS) == pytest.approx(0.0002)
    conversation.turns[0].at_most = 0.0099
    with pytest.raises(Refused, match=r"could cost \$0.0002, and \$0.0001 of the \$0.01 .* Start a new conversation"):
        conversation.reserve([], MODEL, SETTINGS)


@pytest.mark.parametrize("question", ["", " \n", None, 3, ["Hi"]])
def test_a_question_has_words(question: object) -> None:
    with pytest.raises(Refused, match="Write a message first"):
        check_question(question, SETTINGS)


@pytest.mark.parametrize(
    ("status", "wait", "users_pay", "words"),
    [
        (401, "", False, "does not take the key of this page. The owner"),
        (401, "", True, "Connect your account again"),
        (402, "", False, "credit of this page is used up. The owner"),
        (402, "", True, "https://openrouter.ai/settings/credits"),
        (429, "20", False, "again in 20 seconds"),
        (429, "1", False, "again in 1 second,"),
        (429, "<b>", False, "again in a moment"),
        (502, "", False, "is down. Send the message again"),
        (599, "", False, "Something went wrong at OpenRouter"),
    ],
)
def test_each_error_has_words_and_a_way_on(status: int, wait: str, users_pay: bool, words: str) -> None:
    assert words in words_of(status, users_pay, wait)


def test_settings_say_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENROUTER_API_KEY", raising=False)
    with pytest.raises(ValueError, match="OPENROUTER_API_KEY is not set"):
        Settings()
    assert Settings(users_pay=True).base_url == "https://openrouter.ai/api/v1"
    with pytest.raises(ValueError, match="models names no model"):
        Settings(api_key="none", models=())
    assert "sk-or" not in repr(Settings(api_key="sk-or-v1-secret"))
