"""A bounded load on the stand-in's server, on loopback: `python tools/bench.py load`, or for another server `python tools/benches/load.py URL`. Without a URL it starts a server itself.

Prints for 1, 16, 128 and 500 connections, plain and streamed, kept alive and new: requests a second, the median and the
99th percentile of the time of a request, and how many failed. It ends by itself.
"""

from __future__ import annotations

import asyncio
import json
import re
import statistics
import subprocess
import sys
import threading
import time
from urllib.parse import urlsplit

CONNECTIONS = (1, 16, 128, 500)
REQUESTS = 2000
"""Requests in each round, over all its connections."""
LIMIT_S = 60
"""Seconds after which a request counts as failed."""


def request_bytes(host: str, path: str, stream: bool, keep: bool) -> bytes:
    """One chat request as it stands on the wire."""
    body = {"model": "openai/gpt-4o-mini", "max_tokens": 40, "messages": [{"role": "user", "content": "Hi"}]}
    text = json.dumps({**body, "stream": stream}).encode()
    head = f"POST {path}/chat/completions HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer sk-or-any\r\n"
    head += f"content-type: application/json\r\nconnection: {'keep-alive' if keep else 'close'}\r\n"
    return head.encode() + f"content-length: {len(text)}\r\n\r\n".encode() + text


async def ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, data: bytes) -> None:
    """Send a request and read its answer to the end. Raises `ValueError` for anything but a 200."""
    writer.write(data)
    head = await reader.readuntil(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise ValueError(head[:40])
    length = re.search(rb"content-length: (\d+)", head.lower())
    if length:
        await reader.readexactly(int(length[1]))
        return
    while size := int(await reader.readline(), 16):
        await reader.readexactly(size + 2)
    await reader.readline()


async def client(host: str, port: int, data: bytes, times: list[float], count: int, keep: bool) -> int:
    """`count` requests one after another, on one connection or each on a new one. Returns how many failed."""
    failed, pair = 0, None
    for _ in range(count):
        began, good = time.perf_counter(), False
        try:
            async with asyncio.timeout(LIMIT_S):
                pair = pair or await asyncio.open_connection(host, port)
                await ask(*pair, data)
            times.append(time.perf_counter() - began)
            good = True
        except (OSError, ValueError, asyncio.IncompleteReadError, TimeoutError):
            failed += 1
        if pair and not (good and keep):
            pair[1].close()
            pair = None
    if pair:
        pair[1].close()
    return failed


async def measure(url: str) -> None:
    """Every round; one line each."""
    parts = urlsplit(url)
    print(f"{'connections':>11} {'kind':>8} {'kept':>5} {'req/s':>7} {'p50 ms':>8} {'p99 ms':>8} {'failed':>6}")
    for connections in CONNECTIONS:
        for stream in (False, True):
            for keep in (True, False):
                data = request_bytes(parts.netloc, parts.path, stream, keep)
                times: list[float] = []
                count = max(1, REQUESTS // connections)
                began = time.perf_counter()
                jobs = [client(parts.hostname, parts.port, data, times, count, keep) for _ in range(connections)]
                failed = sum(await asyncio.gather(*jobs))
                spent = time.perf_counter() - began
                ranks = statistics.quantiles(times, n=100) if len(times) > 1 else [0.0] * 99
                print(
                    f"{connections:>11} {'stream' if stream else 'plain':>8} {'yes' if keep else 'no':>5}"
                    f" {len(times) / spent:>7.0f} {ranks[49] * 1000:>8.1f} {ranks[98] * 1000:>8.1f} {failed:>6}",
                    flush=True,
                )


def main(url: str | None = None) -> None:
    """Measure the server at the URL, or one that is started for this."""
    if url:
        asyncio.run(measure(url))
        return
    command = [sys.executable, "-m", "openrouter_standin", "--port", "0", "--speed", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8") as server:
        try:
            url = re.search(r"http://\S+", server.stdout.readline())[0]
            threading.Thread(target=server.stdout.read, daemon=True).start()  # unread, its lines would stop it
            asyncio.run(measure(url))
        finally:
            server.terminate()


if __name__ == "__main__":
    main(*sys.argv[1:2])
