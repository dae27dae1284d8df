"""What a storm of 429s does to rows that the SDK repeats by itself: each call has its own pause, and gives up alone."""

import asyncio

import openai
import tickets


async def lost_by_sdk(rows, at_once=64, **options):
    """How many of these rows an ordinary client loses. `options`: of the client, such as `max_retries=8`."""
    todo, lost = iter(rows), []

    async def place():
        for row in todo:
            try:
                await client.chat.completions.create(**tickets.request(row))
            except openai.APIError:
                lost.append(row["id"])

    settings = tickets.settings()
    del settings["max_retries"]  # the SDK's default: two
    async with openai.AsyncOpenAI(**settings, **options) as client:
        await asyncio.gather(*(place() for _ in range(at_once)))
    return len(lost)
