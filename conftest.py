"""For the whole run: kernels and snippets get the socket guard; at the end, nothing may have tried to leave loopback."""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from importlib.util import find_spec
from pathlib import Path

import pytest

GUARD = Path(__file__).parent / "tests" / "guard"
LOG = "COOKBOOK_GUARD_LOG"


def pytest_configure(config: pytest.Config) -> None:
    """Set up what kernels and child processes inherit. Workers inherit it from the controller."""
    if find_spec("nbval"):  # an environment beside the course has none, and runs no notebook
        config.pluginmanager.import_plugin("kernels")
    os.environ["COOKBOOK_MODE"] = "ci"
    if not hasattr(config, "workerinput"):
        handle, path = tempfile.mkstemp(prefix="cookbook-guard-")
        os.close(handle)
        os.environ[LOG] = path
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(GUARD), os.environ.get("PYTHONPATH")]))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail the run when a process tried to leave loopback, or when a notebook's kernel ran without the guard."""
    if hasattr(session.config, "workerinput"):
        return
    lines = Path(os.environ[LOG]).read_text("utf-8").splitlines()
    words = Counter(line.split()[0] for line in lines)
    kernels = sum("ipykernel_launcher" in line for line in lines if line.startswith("loaded"))
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    # only cells that ran: a deselected notebook needs no kernel, and one that is missing from the log is a failure
    ran = [
        r for found in reporter.stats.values() for r in found if isinstance(r, pytest.TestReport) and r.when == "call"
    ]
    notebooks = {file for r in ran if (file := r.nodeid.partition("::")[0]).endswith(".ipynb")}
    session.config.stash[SUMMARY] = (
        f"loopback only: {words['loaded']} guarded processes, {kernels} of them kernels, {words['blocked']} attempts to leave"
    )
    if words["blocked"] or kernels < len(notebooks):
        session.config.stash[SUMMARY] += " (this fails the run)"
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


SUMMARY = pytest.StashKey[str]()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """The figures that tests recorded, and what the guard saw, just before the summary line."""
    for report in terminalreporter.stats.get("passed", []):
        for name, text in getattr(report, "user_properties", []):
            if name == "summary" and report.when == "call":
                terminalreporter.write_line(text)
    if SUMMARY in config.stash:
        terminalreporter.write_line(config.stash[SUMMARY])
