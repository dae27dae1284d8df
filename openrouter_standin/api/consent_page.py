"""The page on which somebody lets an app make a key: plain HTML without a script, for wide and narrow, light and dark."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from ..errors import Response

KEPT = ("callback_url", "code_challenge", "code_challenge_method", "limit", "usage_limit_type", "expires_at", "key_label",
        "workspace_id")  # fmt: skip
"""What the form sends on."""
HEADERS = {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}
STYLE = """
:root { color-scheme: light dark; --back: #f4f4f7; --card: #fff; --text: #1b1b24; --soft: #585868; --line: #d5d5df;
  --strong: #4338ca; --on-strong: #fff; --note: #fff6dc; --note-text: #5a4300; }
@media (prefers-color-scheme: dark) { :root { --back: #121218; --card: #1d1d26; --text: #ececf3; --soft: #adadbf;
  --line: #3d3d4c; --strong: #b4b0ff; --on-strong: #15122e; --note: #3a300f; --note-text: #ffe9a8; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem; background: var(--back);
  color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
main { width: 100%; max-width: 28rem; padding: 1.5rem; background: var(--card); border: 1px solid var(--line);
  border-radius: 1rem; }
h1 { margin: 0 0 .75rem; font-size: 1.35rem; line-height: 1.3; overflow-wrap: anywhere; }
p, dl { margin: 0 0 1rem; }
main > :last-child { margin-bottom: 0; }
.note { padding: .6rem .8rem; border-radius: .6rem; background: var(--note); color: var(--note-text); font-size: .9rem; }
dl { display: grid; grid-template-columns: auto 1fr; gap: .25rem 1rem; padding-top: 1rem; border-top: 1px solid var(--line); }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
.choices { display: flex; flex-wrap: wrap; gap: .75rem; }
button { flex: 1 1 8rem; min-height: 2.75rem; padding: .5rem 1rem; border: 1px solid var(--soft); border-radius: .6rem;
  background: transparent; color: inherit; font: inherit; font-weight: 600; cursor: pointer; }
button.allow { border-color: var(--strong); background: var(--strong); color: var(--on-strong); }
button:focus-visible { outline: 3px solid var(--strong); outline-offset: 2px; }
code { display: block; margin-bottom: 1rem; padding: .75rem; border: 1px solid var(--line); border-radius: .6rem; overflow-wrap: anywhere; }
"""
NOTE = "This is the offline stand-in for OpenRouter. No account is behind it, and no money."


def page(body: str, status: int = 200) -> Response:
    """The response with this page."""
    return {"status": status, "headers": dict(HEADERS), "ms": 60, "body": body.encode("utf-8", "replace")}


def consent_page(
    app: str, label: str, limit: float | None, reset: str | None, expires_at: str | None, fields: Mapping[str, str]
) -> str:
    """Who asks, for what, and two buttons. `app`: the host of its callback; empty where the code is shown on the page.
    `limit`: US dollars. `fields`: what the page was asked with."""
    who = app or "An app without a callback"
    spend = f"${limit:.2f}{f', {reset}' if reset else ' in all'}" if limit is not None else "without a limit of its own"
    rows = [("Goes back to", app or "no address: the code is shown here"), ("May spend", spend)]
    rows += [("Called", label)] if label else []
    rows += [("Ends", expires_at)] if expires_at else []
    listed = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in rows)
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{escape(fields[name])}">' for name in KEPT if name in fields
    )
    return _whole(
        f"{who} wants a key of yours",
        f"<p>The key can call models. At the service, what it uses is charged to your account.</p><dl>{listed}</dl>"
        f'<form method="post" action="/auth">{hidden}<div class="choices">'
        '<button class="allow" name="decision" value="allow">Allow</button>'
        '<button name="decision" value="deny">Deny</button></div></form>',
    )


def code_page(code: str) -> str:
    """The code itself, for an app that no browser can reach."""
    told = "Paste it into the app. It works once, and for ten minutes."
    return _whole("Your code", f"<code>{escape(code)}</code><p>{told}</p>")


def problem_page(problem: str) -> str:
    """What is wrong with the address, in one sentence."""
    return _whole("No key was made", f"<p>{escape(problem)}</p>")


def _whole(title: str, inner: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)} · OpenRouter stand-in</title><style>{STYLE}</style></head>"
        f'<body><main><h1>{escape(title)}</h1><p class="note">{NOTE}</p>{inner}</main></body></html>'
    )
