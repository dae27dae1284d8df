"""Faults on demand in a lesson: which requests meet them, in tasks and threads."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import openai
import pytest

import helpers
from support import GLM, LESSON, async_client, client, hello


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COOKBOOK_SPEED", "0")


def test_faults_take_names_and_tags_and_hold_in_threads_of_their_block() -> None:
    helpers.start(LESSON)
    ours = client(max_retries=0)

    def one(number: int) -> int:
        try:
            ours.chat.completions.create(
                **hello(str(number), max_tokens=60, model=GLM), extra_body={"provider": {"only": ["together"]}}
            )
        except openai.APIStatusError as error:
            return error.status_code
        return 200

    for down in (["Together"], "together", ["together/fp8"]):
        with helpers.faults(down=down), ThreadPoolExecutor(8) as pool:
            assert set(pool.map(one, range(40))) == {502}
    assert one(1) == 200


def test_overlapping_tasks_meet_their_own_faults_and_leave_none_behind() -> None:
    helpers.start(LESSON)
    entered: list[asyncio.Event] = []

    async def status(ours: Any, number: int) -> int:
        try:
            await ours.chat.completions.create(**hello(f"question {number}", max_tokens=60))
            return 200
        except openai.APIStatusError as refused:
            return refused.status_code

    async def task(number: int, fault: dict[str, Any]) -> int:
        ours = async_client(max_retries=0)
        with helpers.faults(**fault):
            entered[number].set()
            await entered[1 - number].wait()  # both blocks are open now
            found = await status(ours, number)
        assert await status(ours, number + 10) == 200
        return found

    async def outside() -> int:
        await entered[0].wait()
        return await status(async_client(max_retries=0), 99)

    async def run() -> list[int]:
        entered.extend([asyncio.Event(), asyncio.Event()])
        return await asyncio.gather(task(0, {"status": 503}), task(1, {"status": 529}), outside())

    assert asyncio.run(run()) == [503, 529, 200]
    assert client().chat.completions.create(**hello("after", max_tokens=60)).choices


def test_a_thread_with_a_block_of_its_own_is_not_hit_by_another_threads_block() -> None:
    helpers.start(LESSON)
    first_is_in, second_is_done = threading.Event(), threading.Event()
    seen: dict[str, int] = {}

    def ask(name: str) -> None:
        try:
            client(max_retries=0).chat.completions.create(**hello(name, max_tokens=60))
            seen[name] = 200
        except openai.APIStatusError as refused:
            seen[name] = refused.status_code

    def first() -> None:
        with helpers.faults(status=503):
            first_is_in.set()
            second_is_done.wait(30)
            ask("first")

    def second() -> None:
        first_is_in.wait(30)
        with helpers.faults(status=529):
            ask("second")
        ask("second, after its block")
        second_is_done.set()

    threads = [threading.Thread(target=job) for job in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert seen == {"first": 503, "second": 529, "second, after its block": 200}
    with pytest.raises(ValueError, match="status"), helpers.faults(status=999):
        pass
