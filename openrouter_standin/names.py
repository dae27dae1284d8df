"""Names that both sides of a connection must agree on."""

NAME = "openrouter-standin"
"""How the server calls itself in its `server` header."""
LOOPBACK = ("127.0.0.1", "localhost", "::1")
"""The names of this machine."""
FAULTS_HEADER = "x-standin-faults"
"""The request header that asks for faults: the fields of `Faults` as JSON, such as {"down": ["together"]}."""
WORDS_HEADER = "x-standin-words"
"""The response header that names the local model that wrote an answer, or says why none did."""
MANAGEMENT = "sk-or-v1-management"
"""A key that begins so may call /keys."""
KEY_FORM = "sk-or-"
"""How every key of OpenRouter begins. A token of another form is not looked up (open-webui#30103, 2026-09)."""


def kind_of_key(token: str, *accepted: str | None) -> str:
    """What a token is: "session" when it is one of `accepted` (None: any key is), "none" when there is none, "malformed" when
    it is not of OpenRouter's form, else "other"."""
    if not token:
        return "none"
    if token in accepted:
        return "session"
    if not token.startswith(KEY_FORM):
        return "malformed"
    return "session" if None in accepted else "other"
