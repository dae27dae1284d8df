"""A program of the tests: one batch, asked on this machine, or by Dask's workers where a file names their scheduler.

`python drive.py FILE ROWS AT_ONCE [ADDRESS_FILE]`. When the scheduler is gone it waits for another address in the file.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import tickets
from batch import Batch, Stopped
from places import tickets_of


async def main(file: str, rows: int, at_once: int, address_file: Path | None) -> None:
    batch = Batch(file, key=tickets.key, at_once=at_once, most=tickets.MOST)
    if address_file is None:
        await batch.run(tickets_of(rows), tickets.ask_async)
    else:
        await by_workers(batch, rows, address_file)
    print(json.dumps({"failed": len(batch.failed), "spent": batch.spent}), flush=True)


async def by_workers(batch: Batch, rows: int, address_file: Path) -> None:
    from distributed import Client
    from workers import on_workers

    used = ""
    while True:
        while (address := address_file.read_text("utf-8")) == used:
            await asyncio.sleep(0.05)
        used = address
        async with Client(address, asynchronous=True) as dask:
            try:
                await batch.run(tickets_of(rows), on_workers(dask, tickets.ask))
                return
            except Stopped as stopped:
                print(json.dumps({"stopped": str(stopped)}), flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]) if sys.argv[4:] else None))
