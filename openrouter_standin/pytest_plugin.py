"""The pytest fixture `openrouter_standin`: an offline OpenRouter for one test. Found by pytest through its entry point."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .running import StandIn


@pytest.fixture
def openrouter_standin() -> Iterator[StandIn]:
    """An offline OpenRouter on a free loopback port: `url`, `key`, `requests`, `faults(...)`, `script`. It does not wait."""
    with StandIn() as standin:
        yield standin
