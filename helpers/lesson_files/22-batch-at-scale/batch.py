"""A job of many calls that may be killed at any time. One process owns it: places, pace, pause, money, and a file of answers.

batch = Batch("answers.db", key=tickets.key, at_once=128, cap=1.0, most=tickets.MOST)
await batch.run(rows, tickets.ask_async)
batch.write_parquet("answers.parquet")
"""

import asyncio
import random
import sqlite3
import time
from contextlib import asynccontextmanager

from aiolimiter import AsyncLimiter
from tqdm.auto import tqdm

COLUMNS = ("id", "answer", "cost", "status", "provider", "reason")
TABLES = """
CREATE TABLE IF NOT EXISTS rows (key TEXT PRIMARY KEY, id, answer, cost REAL, status, provider, reason);
CREATE TABLE IF NOT EXISTS unanswered (cost REAL); -- what each try without an answer may have cost
"""


class Stopped(Exception):
    """The job cannot go on. What was answered is kept: mend the cause, and run it again."""


class CapReached(Exception):
    """The next call may cost more than is left."""


class Batch:
    """`ask(row)` is awaited for every row that the file does not have, `at_once` at a time.

    `key(row)`: under what its answer is kept. `per_minute`: calls that begin in a minute, at most. `cap`: US dollars for
    the whole job, earlier runs of the same file included. `most`: what one call may cost; a dearer one raises it.
    `tries`: for a row that fails. `patience`: seconds without any answer after which the job stops.
    """

    def __init__(self, file, key, at_once=32, per_minute=None, cap=1.0, most=0.0001, tries=5, patience=600):
        self.key, self.at_once, self.per_minute, self.cap, self.most = key, at_once, per_minute, cap, most
        self.tries, self.patience = tries, patience
        self.store = sqlite3.connect(file, isolation_level=None)  # no transaction: a row is kept at once
        self.store.execute("PRAGMA journal_mode = WAL")  # written without waiting for the disk, and whole after a kill
        self.store.execute("PRAGMA synchronous = NORMAL")
        self.store.executescript(TABLES)
        both = "SELECT cost FROM rows UNION ALL SELECT cost FROM unanswered"
        self.spent = self.store.execute(f"SELECT total(cost) FROM ({both})").fetchone()[0]
        self.running, self.limit, self.until, self.pauses, self.heard = 0, None, 0.0, 0, 0.0
        self.failed, self.not_asked = {}, 0

    # --- the rows ----------------------------------------------------------------------------------------------------

    async def run(self, rows, ask, bar=True):
        """Ask for what is left, with a progress bar. Rows that failed for now are in `failed`: the next run asks again."""
        kept = {key for (key,) in self.store.execute("SELECT key FROM rows")}
        every = {self.key(row): row for row in rows}
        left = {key: row for key, row in every.items() if key not in kept}
        if self.per_minute:
            burst = max(1, self.per_minute / 600)  # a tenth of a second's worth: not a minute's worth at the start
            self.limit = AsyncLimiter(burst, burst * 60 / self.per_minute)
        self.failed, self.not_asked, self.heard, self.until = {}, len(left), time.monotonic(), 0.0
        todo = iter(left.items())
        with tqdm(total=len(every), initial=len(every) - len(left), mininterval=0.5, disable=not bar) as bar:
            try:
                async with asyncio.TaskGroup() as group:
                    for _ in range(min(self.at_once, len(left))):
                        group.create_task(self._place(todo, ask, bar))
            except ExceptionGroup as problems:  # a hundred places may say the same
                raise problems.exceptions[0] from None

    async def _place(self, todo, ask, bar):
        """One of the places: takes the next row until none is left, or no money."""
        for key, row in todo:
            try:
                result = await self._answer(row, ask)
            except CapReached:
                return
            self.not_asked -= 1
            if result["outcome"] == "passes":
                self.failed[row["id"]] = result["reason"]
            else:
                values = [result[name] for name in COLUMNS]
                self.store.execute("INSERT OR IGNORE INTO rows VALUES (?, ?, ?, ?, ?, ?, ?)", (key, *values))
            bar.update()

    async def _answer(self, row, ask):
        """Ask until there is an answer, or no try is left."""
        tried = 0
        while True:
            async with self._turn():
                result = await ask(row)
                if result["cost"] is None:
                    result["cost"] = 0.0
                    self.spent += self.most
                    self.store.execute("INSERT INTO unanswered VALUES (?)", (self.most,))
                self.spent += result["cost"]
                self.most = max(self.most, result["cost"])  # it was more than you thought
            if result["outcome"] == "stops":
                raise Stopped(f"{result['status']}: {result['reason']} {self._kept()}")
            if result["outcome"] != "passes":
                self.heard, self.pauses = time.monotonic(), 0
                return result
            if max(self.until, time.monotonic()) - self.heard > self.patience:
                raise Stopped(f"No answer for {self.patience} seconds, {result['reason']}. {self._kept()}")
            if result["status"] == 429 or result["retry_after"] is not None:
                self._pause(result)  # everybody's: it does not count as a try of this row
                continue
            tried += 1
            if tried == self.tries:
                return result
            await asyncio.sleep(2**tried * random.uniform(0.25, 0.5))

    # --- when a call may begin ---------------------------------------------------------------------------------------

    @asynccontextmanager
    async def _turn(self):
        """Money for one more call is put aside; then the pause of all and the pace are waited for."""
        while self.running and self.spent + self.most * (self.running + 1) > self.cap:
            await asyncio.sleep(0.05)  # what is running may cost that much, and mostly costs less
        if self.spent + self.most > self.cap:
            raise CapReached
        self.running += 1
        try:
            while True:
                while (pause := self.until - time.monotonic()) > 0:
                    await asyncio.sleep(pause + random.uniform(0, 0.25))  # not all back at once
                if self.limit:
                    await self.limit.acquire()
                if time.monotonic() >= self.until:  # no pause has begun meanwhile
                    break
            yield
        finally:
            self.running -= 1

    def _pause(self, result):
        """One pause for all after a 429: what it names, else one, two, four … seconds."""
        now = time.monotonic()
        if now >= self.until:  # the first of those that were sent together
            self.pauses += 1
        named = result["retry_after"]
        self.until = max(self.until, now + (min(2 ** (self.pauses - 1), 60) if named is None else named))

    # --- the answers -------------------------------------------------------------------------------------------------

    def write_parquet(self, path):
        """Every row that is in the file: its answer, or the reason why it has none."""
        import duckdb  # only needed here

        found = self.store.execute(f"SELECT {', '.join(COLUMNS)} FROM rows ORDER BY rowid").fetchall()
        rows = [dict(zip(COLUMNS, row, strict=True)) for row in found]
        typed = (
            "r.id, r.answer::TEXT answer, r.cost::DOUBLE cost, r.status::INT status, "
            "r.provider::TEXT provider, r.reason::TEXT reason"
        )
        table = duckdb.connect().sql(f"SELECT {typed} FROM (SELECT unnest($rows) r)", params={"rows": rows})
        table.write_parquet(str(path))

    def _kept(self):
        number = self.store.execute("SELECT count(*) FROM rows").fetchone()[0]
        return f"{number} rows are kept: mend it, and run the same again."
