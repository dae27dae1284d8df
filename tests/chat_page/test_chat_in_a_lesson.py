"""The chat page inside a lesson: what the SDK asks in its thread is replayed, at the recorded pace."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import chat_page
import helpers
from helpers.session import current
from support import streamed
from visitor import Visitor

BODY = {
    "model": "openai/gpt-4o-mini",
    "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}],
    "max_tokens": 2000,
    "stream": True,
}


def test_a_recorded_stream_is_replayed_at_its_pace(tape: Callable[..., None], clock: Any) -> None:
    tape([(BODY, streamed((100, 200, 300)))], speed=1)
    with chat_page.serve(models=("openai/gpt-4o-mini",), system="Be brief.") as address:
        visitor = Visitor(address)
        end = visitor.ask("Hi", "openai/gpt-4o-mini")
        visitor.close()
    assert end["turn"]["answer"] == "p0 p1 p2 " and end["turn"]["cost"] == end["spent"] == 0.5
    recorded = current().log.entries[-1]
    assert recorded.source == "recorded" and [at for at, _ in recorded.events][-1] == 300
    assert clock.now() >= 0.3, "it was waited for, as when it was recorded"


def test_faults_of_a_cell_reach_the_page(tape: Callable[..., None], clock: Any) -> None:
    tape([])
    with chat_page.serve() as address, helpers.faults(down=["*"]):
        visitor = Visitor(address)
        assert visitor.ask("Hi")["turn"]["note"].startswith("The provider of this model is down.")
        visitor.close()
