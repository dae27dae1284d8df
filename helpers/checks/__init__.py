"""The checkers of the exercises, one file a lesson: `helpers.checks.routing_options.cap_price(answer)`.

A checker sends nothing; it says what would happen, and what to look at next.
"""

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType


def __getattr__(name: str) -> ModuleType:
    """A lesson's checkers are loaded when it first asks for them: those of a framework need its package."""
    known = [module.name for module in iter_modules(__path__) if module.name not in ("sending", "verdict")]
    if name not in known:
        raise AttributeError(f"helpers.checks has no {name!r}; it has: {', '.join(known)}")
    return import_module(f".{name}", __name__)
