"""Settings, keys and money: which mode, where the key comes from, and the budget that stops a kernel."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import openai
import pytest

import helpers
from canned import Canned, serve
from helpers import budget
from helpers.replay.scrub import FAKE_KEY
from helpers.session import KEY, current
from support import LESSON, async_client, client, completion, hello, streamed, text_of

REAL = "sk-or-v1-" + "ab12" * 16


@pytest.fixture
def live(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """`live(url)` starts a lesson in live mode whose requests go to a server on loopback."""

    def begin(url: str) -> None:
        monkeypatch.setenv(KEY, REAL)
        helpers.start(LESSON)
        aim(monkeypatch, url)

    return begin


def aim(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    """Send the running lesson's requests to this server."""
    parts = urlsplit(url)
    monkeypatch.setattr(
        current(), "address", lambda host: {"scheme": "http", "host": parts.hostname, "port": parts.port}
    )


def test_live_adds_up_cost_and_refuses_the_next_request_once_the_budget_is_spent(
    live: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COOKBOOK_BUDGET_USD", "0.7")
    events = [(at, text) for at, text in streamed()["events"]]
    with serve([Canned(body=completion(cost=0.25)["body"]), Canned(events=[text for _, text in events])]) as url:
        live(url)
        answer = client().chat.completions.create(**hello())
        assert "live" in repr(helpers.receipt(answer))
        assert text_of(client().chat.completions.create(**hello(), stream=True)) == "p0 p1 p2 "
        with pytest.raises(helpers.BudgetSpent, match=r"\$0\.7500 of its \$0\.70") as caught:
            client().chat.completions.create(**hello())
    assert "COOKBOOK_BUDGET_USD" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert "$0.75" in repr(helpers.spent())
    assert "live" in repr(helpers.timeline(answer))


def test_a_key_that_was_saved_from_a_notebook_makes_the_next_kernel_live(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("helpers.keys.getpass", lambda prompt: REAL)
    helpers.save_key()
    canned = Canned(body=completion()["body"])
    with serve([canned]) as url:
        helpers.start(LESSON)
        assert current().mode == "live"
        aim(monkeypatch, url)
        answer = client().chat.completions.create(**hello())
    assert canned.asked["authorization"] == f"Bearer {REAL}"
    assert "live" in repr(helpers.receipt(answer))


def test_a_live_stream_of_the_responses_api_counts_towards_the_budget(live: Callable) -> None:
    done = {"type": "response.completed", "response": {"id": "resp-1", "usage": {"total_tokens": 5, "cost": 0.75}}}
    events = ["event: response.completed\ndata: " + json.dumps(done), "data: [DONE]"]
    with serve([Canned(events=events)]) as url:
        live(url)
        list(client().responses.create(model="m", input="x", stream=True))
        with pytest.raises(helpers.BudgetSpent, match=r"\$0\.7500"):
            client().responses.create(model="m", input="x", stream=True)


def test_a_stream_that_was_left_early_counts_as_reserved(live: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COOKBOOK_BUDGET_USD", "0.02")
    with serve([Canned(events=["data: {}"] * 3) for _ in range(2)]) as url:
        live(url)
        for _ in range(2):
            client().chat.completions.create(**hello(max_tokens=50), stream=True).close()
        with pytest.raises(helpers.BudgetSpent, match=r"about \$0\.0200"):
            client().chat.completions.create(**hello(max_tokens=50))


def test_fifty_calls_at_once_do_not_pass_the_budget(live: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COOKBOOK_BUDGET_USD", "0.05")
    dear = [Canned(body=completion(cost=0.01)["body"]) for _ in range(50)]

    async def one(ours: Any, number: int) -> bool:
        try:
            await ours.chat.completions.create(**hello(f"question {number}", max_tokens=50))
            return True
        except helpers.BudgetSpent:
            return False

    async def all_at_once() -> list[bool]:
        ours = async_client(max_retries=0)
        return await asyncio.gather(*(one(ours, n) for n in range(50)))

    with serve(dear) as url:
        live(url)
        assert sum(asyncio.run(all_at_once())) == 5
        live(url)  # the first cell again: the sum stays
        with pytest.raises(helpers.BudgetSpent, match=r"\$0\.0500"):
            client().chat.completions.create(**hello(max_tokens=50))


def test_fifty_threads_at_once_do_not_pass_the_budget(live: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COOKBOOK_BUDGET_USD", "0.05")
    with serve([Canned(body=completion(cost=0.01)["body"]) for _ in range(50)]) as url:
        live(url)
        ours = client(max_retries=0)

        def one(number: int) -> bool:
            try:
                return bool(ours.chat.completions.create(**hello(f"question {number}", max_tokens=50)))
            except helpers.BudgetSpent:
                return False

        with ThreadPoolExecutor(50) as pool:
            assert sum(pool.map(one, range(50))) == 5


def test_time_outs_count_as_reserved_each_time(live: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COOKBOOK_BUDGET_USD", "0.05")
    silent = [Canned(events=["data: {}"], gate=threading.Semaphore(0)) for _ in range(10)]
    with serve(silent) as url:
        live(url)
        with pytest.raises(helpers.BudgetSpent, match=r"\$0\.0500"):
            for number in range(10):
                with contextlib.suppress(openai.APITimeoutError):
                    client(timeout=0.05, max_retries=1).chat.completions.create(**hello(str(number), max_tokens=9))
        assert sum(bool(answer.asked) for answer in silent) <= 5
        for answer in silent:
            answer.gate.release()


@pytest.mark.parametrize("cost", [float("nan"), -1, "x", None, True, float("inf")])
def test_an_absurd_cost_counts_as_reserved(live: Callable, monkeypatch: pytest.MonkeyPatch, cost: Any) -> None:
    monkeypatch.setenv("COOKBOOK_BUDGET_USD", "0.01")
    body = completion()["body"]
    body["usage"]["cost"] = cost
    with serve([Canned(body=body)]) as url:
        live(url)
        client().chat.completions.create(**hello(max_tokens=9))
        with pytest.raises(helpers.BudgetSpent):
            client().chat.completions.create(**hello(max_tokens=9))
        assert helpers.calls() and helpers.spent()


def test_a_line_that_never_stood_costs_nothing_and_keeps_nothing_reserved(live: Callable) -> None:
    live("http://127.0.0.1:9")  # nothing listens there
    for _ in range(3):
        with pytest.raises(openai.APIConnectionError):
            client(max_retries=0).chat.completions.create(**hello(max_tokens=9))
    assert budget.KERNEL.spent == budget.KERNEL.reserved == 0


def test_a_refusal_costs_nothing_and_a_request_that_may_cost_too_much_is_named(
    live: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COOKBOOK_BUDGET_USD", "0.01")
    with serve([Canned(status=404, body={"error": {"message": "no", "code": 404}})] * 3) as url:
        live(url)
        for _ in range(3):
            with pytest.raises(openai.NotFoundError):
                client(max_retries=0).chat.completions.create(**hello(max_tokens=9))
        assert budget.KERNEL.spent == budget.KERNEL.reserved == 0
        with pytest.raises(helpers.BudgetSpent, match="max_tokens"):
            client().chat.completions.create(**hello(model="openai/gpt-5.5"))


def test_faults_come_from_the_stand_in_also_in_live_mode(live: Callable) -> None:
    with serve([]) as url:
        live(url)
        with helpers.faults(credits=0), pytest.raises(Exception, match="402"):
            client().chat.completions.create(**hello())
        with helpers.faults():
            answer = client().chat.completions.create(**hello(max_tokens=60))
    assert "fault on demand" in repr(helpers.receipt(answer))


def test_without_a_key_lessons_replay_and_the_fake_key_counts_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    helpers.start(LESSON)
    assert os.environ[KEY] == FAKE_KEY
    assert current().mode == "replay"
    helpers.start(LESSON)
    assert current().mode == "replay"
    helpers.stop()
    assert KEY not in os.environ
    monkeypatch.setenv(KEY, FAKE_KEY)
    helpers.start(LESSON)
    assert current().mode == "replay"


@pytest.mark.parametrize("line", [f"{KEY}=", f'{KEY}=" {REAL} "'])
def test_an_empty_or_blank_line_of_env_does_not_reach_the_session_s_key(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, line: str
) -> None:
    monkeypatch.setattr("helpers.settings._colab_secret", lambda: REAL)
    (tmp_path / ".env").write_text(f"{line}\nMY_SETTING=1\n")
    helpers.start(LESSON)
    assert (current().mode, os.environ[KEY], os.environ["MY_SETTING"]) == ("live", REAL, "1")
    helpers.stop()
    assert KEY not in os.environ and "MY_SETTING" not in os.environ


def test_langsmith_forgets_what_it_read_before_the_lesson(monkeypatch: pytest.MonkeyPatch) -> None:
    utils = pytest.importorskip("langsmith.utils")  # not in the matrix
    monkeypatch.setenv("LANGSMITH_TRACING", "true")
    utils.get_env_var.cache_clear()
    assert utils.tracing_is_enabled()
    helpers.start(LESSON)
    assert not utils.tracing_is_enabled()
    helpers.stop()
    assert utils.tracing_is_enabled()
    utils.get_env_var.cache_clear()


def test_what_a_reader_sets_while_a_lesson_runs_stays_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGSMITH_TRACING_V2", "true")
    helpers.start(LESSON)
    assert os.environ["LANGSMITH_TRACING_V2"] == "false"
    monkeypatch.setenv(KEY, REAL)
    helpers.stop()
    assert (os.environ["LANGSMITH_TRACING_V2"], os.environ[KEY]) == ("true", REAL)


def test_a_key_in_the_environment_or_in_env_means_live(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    (tmp_path / ".env").write_text(f"{KEY}={REAL}\nCOOKBOOK_BUDGET_USD=0.25\n")
    helpers.start(LESSON)
    assert (current().mode, current().budget, os.environ[KEY]) == ("live", 0.25, REAL)
    assert "live" in capsys.readouterr().out
    helpers.stop()
    (tmp_path / ".env").write_text(f"{KEY}={REAL}\nCOOKBOOK_MODE=replay\n")
    helpers.start(LESSON)
    assert (current().mode, os.environ[KEY]) == ("replay", FAKE_KEY)
    helpers.stop()
    (tmp_path / ".env").unlink()
    monkeypatch.setenv(KEY, REAL)
    helpers.start(LESSON)
    assert current().mode == "live"
    helpers.stop()
    assert os.environ[KEY] == REAL


def test_ci_never_uses_a_real_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY, REAL)
    monkeypatch.setenv("COOKBOOK_MODE", "ci")
    helpers.start(LESSON)
    assert os.environ[KEY] == FAKE_KEY
    assert current().speed == 0


@pytest.mark.parametrize(
    ("name", "value", "named"),
    [
        ("COOKBOOK_MODE", "fast", "fast"),
        ("COOKBOOK_MODE", "live", "settings/keys"),
        ("COOKBOOK_SPEED", "quick", "COOKBOOK_SPEED"),
        ("COOKBOOK_SPEED", "-1", "COOKBOOK_SPEED"),
        ("COOKBOOK_BUDGET_USD", "much", "COOKBOOK_BUDGET_USD"),
    ],
)
def test_a_bad_setting_is_one_sentence(monkeypatch: pytest.MonkeyPatch, name: str, value: str, named: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(helpers.SettingError, match=named) as caught:
        helpers.start(LESSON)
    assert "\n" not in str(caught.value)
    assert KEY not in os.environ or os.environ[KEY] != FAKE_KEY


def test_helpers_before_start_say_what_to_do() -> None:
    with pytest.raises(RuntimeError, match=r"helpers\.start"):
        helpers.spent()


def test_an_unknown_helper_is_named() -> None:
    with pytest.raises(AttributeError, match="recipt"):
        helpers.recipt  # noqa: B018


def test_a_new_host_of_a_lesson_is_recorded_too(monkeypatch: pytest.MonkeyPatch) -> None:
    helpers.start(LESSON, hosts=["local.example"])
    assert current().reach("local.example") == "ours"
    assert current().reach("elsewhere.example") == "refuse"
    assert current().reach("127.0.0.1") == "pass"
