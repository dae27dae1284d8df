"""Let Dask's workers ask, on this machine or on many: what `Batch.run` awaits in place of `tickets.ask_async`.

dask.config.set(SETTINGS)  # before the cluster starts
async with Client(address, asynchronous=True) as client:
    await batch.run(rows, on_workers(client, tickets.ask))
"""

import asyncio
from concurrent.futures import CancelledError

from batch import Stopped
from distributed import KilledWorker

SETTINGS = {
    "distributed.scheduler.allowed-failures": 0,  # else Dask asks, and pays, again by itself when a worker dies: three times
    "distributed.worker.profile.enabled": False,  # it looks at every thread a hundred times a second
}
TOGETHER_S = 0.01
GONE = "Dask's scheduler is gone. Start one, and run the same again with a new Client."


def on_workers(client, ask):
    """`client`: a Client made with `asynchronous=True`. `ask`: a function of a module that the workers can import."""
    waiting = []

    def hand_over():
        """What came in the last hundredth of a second goes to the scheduler together: a graph for each costs 3 ms of CPU."""
        places, rows = zip(*waiting, strict=True)
        waiting.clear()
        futures = client.map(ask, rows, pure=False, retries=0) if client.status == "running" else [None] * len(rows)
        for place, future in zip(places, futures, strict=True):
            if not place.done():  # nobody waits any more when the job was stopped meanwhile
                place.set_result(future)

    async def one(row):
        loop = asyncio.get_running_loop()
        if not waiting:
            loop.call_later(TOGETHER_S, hand_over)
        place = loop.create_future()
        waiting.append((place, row))
        try:
            future = await place
            if future is None:
                raise Stopped(GONE)
            return await future
        except KilledWorker:  # its call may have been paid; the owner of the job decides whether it is made again
            lost = {"answer": None, "cost": None, "status": None, "retry_after": None, "provider": None}
            return {"id": row["id"], "outcome": "passes", **lost, "reason": "its worker died"}
        except (CancelledError, OSError) as gone:
            raise Stopped(GONE) from gone

    return one
