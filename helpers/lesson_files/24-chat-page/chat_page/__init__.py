"""A small chat page over OpenRouter that one can put before users: `with chat_page.serve() as address:`."""

from .serving import PortInUse, Running, serve, start
from .settings import Settings

__all__ = ["PortInUse", "Running", "Settings", "serve", "start"]
