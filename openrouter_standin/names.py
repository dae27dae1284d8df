"""Names that both sides of a connection must agree on."""

NAME = "openrouter-standin"
"""How the server calls itself in its `server` header."""
FAULTS_HEADER = "x-standin-faults"
"""The request header that asks for faults: the fields of `Faults` as JSON, such as {"down": ["together"]}."""
MANAGEMENT = "sk-or-v1-management"
"""A key that begins so may call /keys."""
