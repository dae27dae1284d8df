"""Let Dask's workers ask, on this machine or on many: what `Batch.run` awaits in place of `tickets.ask_async`.

    async with Client(address, asynchronous=True) as dask:
        await batch.run(rows, on_workers(dask, tickets.ask))

Set `distributed.scheduler.allowed-failures` to 0 where the scheduler starts: else Dask itself asks again, and pays again,
for the rows of a worker that died, up to three times.
"""

from concurrent.futures import CancelledError

from batch import Stopped
from distributed import KilledWorker


def on_workers(dask, ask):
    """`dask`: a Client made with `asynchronous=True`. `ask`: a function of a module that the workers can import."""

    async def one(row):
        try:
            return await dask.submit(ask, row, pure=False, retries=0)
        except KilledWorker:  # its call may have been paid; the owner of the job decides whether it is made again
            lost = {"answer": None, "cost": None, "status": None, "retry_after": None, "provider": None}
            return {"id": row["id"], "outcome": "passes", **lost, "reason": "its worker died"}
        except (CancelledError, OSError) as gone:
            raise Stopped("Dask's scheduler is gone. Start one, and run the same again with a new Client.") from gone

    return one
