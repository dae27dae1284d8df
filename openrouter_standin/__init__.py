"""The offline OpenRouter: an unofficial stand-in that answers by the documented rules, from dated facts, with no model.

It needs nothing but the standard library. `answer` is the whole service as a function; `StandIn` serves it over HTTP on a
free loopback port; `plan` applies the routing rules alone.
"""

from .app import answer
from .billing.ledger import PastUsage
from .endpoint import Endpoint
from .faults import Faults
from .routing.planner import plan
from .running import StandIn
from .state import State

FACTS_DATE = "2026-11-22"
"""The day on which the facts in data/ were last gathered; each file names its own date and source."""

__all__ = ["FACTS_DATE", "Endpoint", "Faults", "PastUsage", "StandIn", "State", "answer", "plan"]
