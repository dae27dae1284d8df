"""Kernels that are reached through files instead of ports, for every run that nobody watches.

A client chooses five free ports and tells them to the kernel, which binds them a second later. A suite that opens thousands
of connections meanwhile takes one of them now and then, and then the kernel ends without a word: "Kernel didn't respond in
60 seconds". Files in a folder of its own cannot be taken. Windows has no such files: ports stay there.

As a plugin of pytest (`-p kernels`) it gives nbval these kernels; as a command it is pytest with this plugin.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from jupyter_client import AsyncKernelManager, KernelManager
from traitlets import default


class ThroughFiles:
    """For a kernel manager: where its kernel listens."""

    @default("transport")
    def _transport_default(self) -> str:
        return "tcp" if os.name == "nt" else "ipc"

    @default("ip")
    def _ip_default(self) -> str:
        if self.transport == "tcp":
            return "127.0.0.1"
        return str(Path(tempfile.mkdtemp(prefix="kernel-")) / "at")

    def cleanup_ipc_files(self) -> None:
        """Remove the files, and the folder that was made for them."""
        super().cleanup_ipc_files()
        if self.transport == "ipc":
            shutil.rmtree(Path(self.ip).parent, ignore_errors=True)


class FileKernelManager(ThroughFiles, KernelManager):
    """For nbval."""


class AsyncFileKernelManager(ThroughFiles, AsyncKernelManager):
    """For nbclient."""


def execute(notebook: Any, timeout_s: int, **options: Any) -> None:
    """Run a notebook's cells in a fresh kernel; the outputs are in it afterwards. `timeout_s`: for one cell, in seconds.
    `options`: those of nbclient's `NotebookClient`, such as `allow_errors`, without which the first error is raised."""
    from nbclient import NotebookClient  # not when nbval alone is wanted

    NotebookClient(
        notebook, timeout=timeout_s, coalesce_streams=True, kernel_manager_class=AsyncFileKernelManager, **options
    ).execute()


def pytest_configure(config: pytest.Config) -> None:
    """nbval takes the manager's class from its own module and has no option for it (nbval 0.11)."""
    import nbval.kernel

    nbval.kernel.KernelManager = FileKernelManager


if __name__ == "__main__":
    sys.exit(pytest.main(["-p", "kernels", *sys.argv[1:]]))
