"""The owner of a batch on one machine: money, one pause for all, what is repeated, what is kept, and what stops it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from typing import Any

import pytest

pytest.importorskip("aiolimiter")

import storm
import tickets
from batch import Batch, Stopped
from places import Counting, counting, tickets_of

from openrouter_standin import Faults


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Counting]:
    with counting(latency=0.01) as server:
        monkeypatch.setenv("OPENROUTER_BASE_URL", server.url)
        monkeypatch.setenv("OPENROUTER_API_KEY", "sk-or-any")
        yield server


def run(batch: Batch, count: int) -> Batch:
    asyncio.run(batch.run(tickets_of(count), tickets.ask_async))
    return batch


def job(file: Any = ":memory:", **options: Any) -> Batch:
    return Batch(file, **{"key": tickets.key, "most": tickets.MOST, **options})


def rows_of(batch: Batch) -> list[tuple[Any, ...]]:
    return batch.store.execute("SELECT id, answer, status, reason FROM rows ORDER BY id").fetchall()


def test_every_row_is_asked_once_and_kept_for_the_next_run(server: Counting, tmp_path: Any) -> None:
    done = run(job(tmp_path / "answers.db"), 100)
    assert [(number, answer) for number, answer, *_ in rows_of(done)] == [(n, "bug") for n in range(100)]
    assert done.spent == pytest.approx(server.state.usage) and not done.failed and not done.not_asked
    again = run(job(tmp_path / "answers.db"), 120)
    assert server.asked.total() == 120 and len(rows_of(again)) == 120
    assert again.spent == pytest.approx(server.state.usage)
    assert server.connections <= 2 * 32  # a client for each call would make 120


def test_another_task_is_another_key(monkeypatch: pytest.MonkeyPatch) -> None:
    row, other = tickets_of(2)
    before = tickets.key(row)
    assert tickets.key(dict(row)) == before != tickets.key(other) and tickets.key({**row, "text": "new"}) != before
    monkeypatch.setattr(tickets, "TASK", "Answer in German.")
    assert tickets.key(row) != before


def cost_of_one(server: Counting) -> float:
    run(job(), 1)
    cost, server.state.usage = server.state.usage, 0.0
    return cost


def test_the_cap_is_never_passed(server: Counting) -> None:
    cost = cost_of_one(server)
    batch = run(job(at_once=128, cap=cost * 200.5, most=cost), 400)
    assert server.state.usage <= batch.cap and len(rows_of(batch)) == 200 and batch.not_asked == 200
    batch.cap *= 10
    assert len(rows_of(run(batch, 400))) == 400 and batch.not_asked == 0


def test_calls_at_ten_times_the_price_pass_the_cap_by_those_in_flight(server: Counting) -> None:
    cost = cost_of_one(server)
    batch = run(job(at_once=128, cap=cost * 200, most=cost / 10), 1000)
    assert 0 < server.state.usage <= batch.cap + 128 * cost and batch.not_asked > 0
    assert batch.most == pytest.approx(cost)


def test_a_call_that_may_have_been_paid_counts(server: Counting) -> None:
    cost = cost_of_one(server)
    server.faults = Faults(certificate=True, for_attempts=1)  # the line breaks without an answer
    batch = run(job(most=cost), 10)
    assert len(rows_of(batch)) == 10 and batch.spent == pytest.approx(11 * cost)


def test_money_of_rows_without_an_answer_counts_in_the_next_run_too(server: Counting, tmp_path: Any) -> None:
    server.faults = Faults(certificate=True)
    batch = run(job(tmp_path / "answers.db", most=0.0001, tries=2), 3)
    assert len(batch.failed) == 3 and batch.spent == pytest.approx(6 * 0.0001)
    assert job(tmp_path / "answers.db").spent == pytest.approx(batch.spent)


def test_a_storm_of_429s_loses_rows_of_the_sdk_and_none_of_the_batch(server: Counting) -> None:
    server.latency = 0.2
    server.faults = Faults(rate_limited=["*"], for_attempts=48, retry_after=1)
    lost = asyncio.run(storm.lost_by_sdk(tickets_of(80), at_once=16))
    assert lost >= 8  # 16 where 16 rows use their 3 tries at once; on a slow machine some come later and find it calm
    server.faults = Faults(rate_limited=["*"], for_attempts=48, retry_after=1)
    batch = run(job(at_once=16), 80)
    assert len(rows_of(batch)) == 80 and not batch.failed


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [({"credits": 0}, "402: .*0 rows are kept"), ({"status": 503}, "No answer for 0.5 seconds"), (None, "401: ")],
)
def test_what_holds_for_every_row_stops_all_with_one_sentence(
    server: Counting, fault: dict[str, Any] | None, sentence: str
) -> None:
    if fault is None:
        server.key = "another"
    else:
        server.faults = Faults(**fault)
    with pytest.raises(Stopped, match=sentence):
        run(job(at_once=16, patience=0.5), 400)
    assert server.asked.total() <= 64


def test_a_pause_that_is_longer_than_the_patience_stops_at_once(server: Counting) -> None:
    server.faults = Faults(rate_limited=["*"], retry_after=3600)
    with pytest.raises(Stopped, match="No answer for 600 seconds"):
        run(job(at_once=16), 40)
    assert server.asked.total() <= 16


def test_errors_that_pass_are_repeated_and_then_left_for_the_next_run(server: Counting) -> None:
    server.faults = Faults(status=529, for_attempts=5)
    assert len(rows_of(run(job(), 20))) == 20
    server.faults = Faults(status=503)
    batch = run(job(tries=2), 4)
    assert set(batch.failed) == {0, 1, 2, 3} and not rows_of(batch)
    server.faults = None
    assert len(rows_of(run(batch, 4))) == 4 and not batch.failed


def test_a_row_that_is_refused_for_good_is_kept_with_its_reason_and_not_asked_again(
    server: Counting, tmp_path: Any
) -> None:
    duckdb = pytest.importorskip("duckdb")
    server.faults = Faults(flagged="violence", for_attempts=1)
    batch = run(run(job(), 10), 10)
    assert server.asked.total() == 10
    batch.write_parquet(tmp_path / "rows.parquet")
    table = duckdb.sql(f"SELECT * FROM '{tmp_path / 'rows.parquet'}'")
    assert dict(zip(table.columns, map(str, table.types), strict=True)) == {
        "id": "INTEGER",
        "answer": "VARCHAR",
        "cost": "DOUBLE",
        "status": "INTEGER",
        "provider": "VARCHAR",
        "reason": "VARCHAR",
    }
    found = table.fetchall()
    assert len(found) == 10
    assert [(status, "flagged" in reason) for _, answer, _, status, _, reason in found if answer is None] == [
        (403, True)
    ]


def test_so_many_a_minute(server: Counting) -> None:
    began = time.monotonic()
    run(job(per_minute=1200), 20)
    assert time.monotonic() - began >= 0.9  # two at once, then one each 50 ms: it cannot be quicker
