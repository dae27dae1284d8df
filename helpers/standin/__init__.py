"""The offline OpenRouter: `answer(request, world) -> response`, from dated facts.

It models the documented service (envelope, routing, cost, errors), not a
language model. It imports nothing from the rest of `helpers`.
"""

from .answer import answer
from .keys import MANAGEMENT
from .routing import Plan, plan
from .weather import Weather
from .world import World

NAME = "openrouter-standin"
"""How the stand-in's HTTP server calls itself in its `server` header."""

__all__ = ["MANAGEMENT", "NAME", "Plan", "Weather", "World", "answer", "plan"]
