"""What `make lab` reads and writes notebooks with: the language's details are filled in on opening and left out on saving.

JupyterLab completes them as soon as a kernel runs, which would mark a notebook as changed that nobody touched, ask on
closing it, and show in a diff which Python a reader has.
"""

from __future__ import annotations

from typing import Any

from ipykernel.ipkernel import IPythonKernel
from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager

SHORT = {"name": "python"}
"""How a stored notebook names its language."""


class Contents(AsyncLargeFileManager):
    """The server's own manager of files, with this one difference."""

    async def get(self, path: str, *more: Any, **named: Any) -> dict[str, Any]:
        model = await super().get(path, *more, **named)
        if model["type"] == "notebook" and model.get("content") is not None:
            metadata = model["content"]["metadata"]
            if metadata.get("language_info") == SHORT:
                metadata["language_info"] = dict(IPythonKernel.language_info)
        return model

    async def save(self, model: dict[str, Any], path: str = "") -> dict[str, Any]:
        if model.get("type") == "notebook" and model.get("content") is not None:
            metadata = model["content"].get("metadata", {})
            if metadata.get("language_info", {}).get("name") == "python":
                metadata["language_info"] = dict(SHORT)
        return await super().save(model, path)
