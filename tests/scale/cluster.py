"""A program of the tests: Dask's scheduler with workers. It says its address and the ids of its processes, and ends with its input.

`python cluster.py WORKERS THREADS`
"""

from __future__ import annotations

import json
import sys

import dask
from distributed import LocalCluster
from workers import SETTINGS


def main(workers: int, threads: int) -> None:
    dask.config.set(SETTINGS)
    with LocalCluster(
        n_workers=workers, threads_per_worker=threads, host="127.0.0.1", dashboard_address=None
    ) as cluster:
        pids = [nanny.pid for nanny in cluster.workers.values()]
        print(json.dumps({"address": cluster.scheduler_address, "pids": pids}), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
