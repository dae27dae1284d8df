"""The checkers of the exercises, one file a lesson.

A checker sends nothing; it says what would happen, and what to look at next.
"""

from . import (
    agents_sdk,
    client_setup,
    langchain,
    model_ids,
    pydantic_ai,
    routing_options,
    start_here,
    streaming,
    tracing,
)

__all__ = [
    "agents_sdk",
    "client_setup",
    "langchain",
    "model_ids",
    "pydantic_ai",
    "routing_options",
    "start_here",
    "streaming",
    "tracing",
]
