"""The batch as a program of its own: `python job.py ANSWERS.db ROWS AT_ONCE`. Kill it when you like, and start it again."""

import asyncio
import sys

import tickets
from batch import Batch


async def main(file, rows, at_once):
    batch = Batch(file, key=tickets.key, at_once=at_once, cap=1.0, most=tickets.MOST)
    await batch.run(tickets.made_up(rows), tickets.ask_async)
    print(f"{len(batch.failed)} failed, {batch.not_asked} not asked, ${batch.spent:.4f}")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
