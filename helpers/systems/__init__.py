"""Systems that a lesson starts beside itself, most in an environment of their own; without it, what was recorded is replayed."""

from .address import Address, address
from .arize_phoenix import Phoenix, phoenix
from .letta_code import Letta, letta
from .otlp import Collector, collector
from .process import NotRunning
from .served import Served, serve
from .service import Service, service

__all__ = [
    "Address",
    "Collector",
    "Letta",
    "NotRunning",
    "Phoenix",
    "Served",
    "Service",
    "address",
    "collector",
    "letta",
    "phoenix",
    "serve",
    "service",
]
