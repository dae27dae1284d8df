"""The doctor on machines that are broken in one way each: it names the thing in one sentence, and shows no key."""

from __future__ import annotations

import importlib.metadata
import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from course import ROOT
from helpers import doctor
from openrouter_standin import StandIn

KEY = "sk-or-v1-" + "5e" * 32


def run(*arguments: str, python: tuple[str, ...] = (sys.executable,), **settings: str) -> subprocess.CompletedProcess:
    environment = {k: v for k, v in os.environ.items() if k not in ("OPENROUTER_API_KEY",)}
    command = [*python, str(ROOT / "helpers" / "doctor.py"), *arguments]
    return subprocess.run(
        command, env={**environment, **settings}, capture_output=True, encoding="utf-8", timeout=60, check=False
    )


@pytest.fixture
def well(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which all is well, whatever this one is like."""
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(doctor, "PORT", _free_port())
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def old_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 13, "final", 0))


def missing_package(monkeypatch: pytest.MonkeyPatch) -> None:
    version = importlib.metadata.version

    def without(name: str) -> str:
        if name == "anywidget":
            raise importlib.metadata.PackageNotFoundError(name)
        return version(name)

    monkeypatch.setattr(importlib.metadata, "version", without)


def old_openai(monkeypatch: pytest.MonkeyPatch) -> None:
    version = importlib.metadata.version
    monkeypatch.setattr(importlib.metadata, "version", lambda name: "0.28.1" if name == "openai" else version(name))


def other_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    from jupyter_client.kernelspec import KernelSpecManager

    spec = SimpleNamespace(argv=["/somewhere/else/bin/python", "-m", "ipykernel_launcher"])
    monkeypatch.setattr(KernelSpecManager, "get_kernel_spec", lambda self, name: spec)
    monkeypatch.setattr(shutil, "which", lambda name: name)


def taken_port(monkeypatch: pytest.MonkeyPatch) -> None:
    server = socket.create_server(("127.0.0.1", 0))
    monkeypatch.setattr(doctor, "PORT", server.getsockname()[1])
    monkeypatch.setattr(doctor, "_kept_open", server, raising=False)


def untrusted(monkeypatch: pytest.MonkeyPatch) -> None:
    from nbformat.sign import NotebookNotary

    monkeypatch.setattr(NotebookNotary, "check_signature", lambda self, notebook: False)


def read_only_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**given: Any) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(doctor.tempfile, "NamedTemporaryFile", refuse)


def full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=200_000_000))


def a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")


def no_git(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)


def broken_course(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "REPLAYED", "raise RuntimeError('the recording is damaged')")


def slow_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "WAIT_S", 0.2)
    monkeypatch.setattr(doctor, "REPLAYED", "import time; time.sleep(60)")


MACHINES: list[tuple[Callable[[pytest.MonkeyPatch], None], str, str]] = [
    (old_python, "Python", r"This is Python 3\.10\.13, and the course needs 3\.11"),
    (missing_package, "packages", r"Not installed for this Python: anywidget\. Run `make lab`"),
    (old_openai, "packages", r"openai 0\.28\.1 \(needs >=1\.109,<4\)"),
    (other_kernel, "kernel", r"another Python, /somewhere/else/bin/python: run `jupyter kernelspec remove"),
    (taken_port, "port", r"Port \d+ is in use"),
    (untrusted, "trust", r"not trusted, so charts are missing"),
    (read_only_folder, "folder", r"notebooks cannot be written \(Read-only file system\)"),
    (full_disk, "folder", r"The disk has 0\.2 GB left"),
    (a_proxy, "proxy", r"HTTPS_PROXY is set, .* set NO_PROXY=localhost,127\.0\.0\.1"),
    (no_git, "git", r"git is not installed"),
    (broken_course, "offline", r"No answer is replayed \(RuntimeError: the recording is damaged\)"),
    (slow_machine, "offline", r"took over .* seconds"),
]


@pytest.mark.parametrize(("broken", "name", "sentence"), MACHINES, ids=[m[0].__name__ for m in MACHINES])
def test_a_broken_machine_is_named_in_one_sentence(
    well: None, monkeypatch: pytest.MonkeyPatch, broken: Callable[..., None], name: str, sentence: str
) -> None:
    if broken not in (untrusted, broken_course, slow_machine):
        monkeypatch.setattr(doctor, "COURSE_RUNS", [doctor.kernel])  # the others take seconds
    broken(monkeypatch)
    wrong = [found for found in doctor.findings() if not found.well and (found.name != "trust" or name == "trust")]
    assert [found.name for found in wrong] == [name]
    assert re.search(sentence, wrong[0].text) and wrong[0].text.endswith((".", "it."))


def test_a_proxy_that_leaves_this_machine_alone_is_well(well: None, monkeypatch: pytest.MonkeyPatch) -> None:
    a_proxy(monkeypatch)
    monkeypatch.setenv("NO_PROXY", "localhost, 127.0.0.1")
    assert doctor.proxy() == ("proxy", True, "HTTPS_PROXY, and not for this machine")


@pytest.mark.parametrize(
    ("about", "well", "sentence"),
    [
        ({"expires_at": "2026-01-31T00:00:00Z", "limit_remaining": 3.0}, False, "expired on 2026-01-31"),
        ({"expires_at": None, "limit_remaining": 0}, False, "limit is used up"),
        (
            {"expires_at": "2999-01-01T00:00:00+00:00", "limit_remaining": 2.5},
            True,
            "2.50 dollars left, until 2999-01-01",
        ),
        ({"expires_at": None, "limit_remaining": None}, True, "valid, no limit, no expiry"),
    ],
)
def test_what_the_service_says_of_a_key(about: dict[str, Any], well: bool, sentence: str) -> None:
    found = doctor._about_key(about)
    assert found.well is well and sentence in found.text


def test_a_key_is_asked_about_over_http_and_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    with StandIn() as standin:
        monkeypatch.setenv("OPENROUTER_BASE_URL", standin.url)
        monkeypatch.setenv("OPENROUTER_API_KEY", standin.key)
        assert doctor.key(ask=True).text.startswith("valid, ")
        monkeypatch.setenv("OPENROUTER_API_KEY", KEY)
        refused = doctor.key(ask=True)
    assert not refused.well and "401" in refused.text and KEY[9:] not in refused.text
    assert doctor.key(ask=True).text.startswith("The service could not be asked")
    assert doctor.key() == ("key", True, "there is one; --key asks the service about it")


def test_the_command_prints_a_line_each_or_json_and_tells_by_its_status() -> None:
    shown = run(OPENROUTER_API_KEY=KEY)
    lines = shown.stdout.splitlines()
    assert len(lines) == 10 and all(line[0] in "✓✗" for line in lines) and KEY[9:] not in shown.stdout + shown.stderr
    assert shown.returncode == any(line[0] == "✗" for line in lines)
    told = json.loads(run("--json").stdout)
    assert [set(one) for one in told] == [{"name", "well", "text"}] * 10


def test_the_call_that_it_makes_is_recorded() -> None:
    """In mode ci a request that is not recorded is an error."""
    settings = {**os.environ, "COOKBOOK_MODE": "ci", "COOKBOOK_SPEED": "0"}
    command = [sys.executable, "-c", doctor.REPLAYED]
    done = subprocess.run(command, env=settings, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0 and "answered" in done.stdout, done.stderr[-500:]


def test_without_any_package_it_says_so_once() -> None:
    bare = run(python=(sys.executable, "-I", "-S"))
    assert bare.returncode == 1 and "Not installed for this Python: openai, " in bare.stdout
    assert bare.stdout.count("✗") == 1 and "Traceback" not in bare.stdout + bare.stderr


def test_an_old_python_can_read_it() -> None:
    source = (ROOT / "helpers" / "doctor.py").read_text("utf-8")
    compile(source, "doctor.py", "exec")
    import ast

    ast.parse(source, feature_version=(3, 8))
