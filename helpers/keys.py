"""Put a key into .env from a notebook: asked for without being shown, and readable by you alone."""

from __future__ import annotations

import os
from getpass import getpass
from pathlib import Path

from .settings import KEY, PLACEHOLDER, SettingError


def save_key() -> None:
    """Ask for the OpenRouter key and write it into .env: the nearest one, else one beside the course's README.

    Raises `SettingError` with one sentence for what is no key. Other lines of the file stay as they are.
    """
    from dotenv import find_dotenv, set_key

    token = getpass("OpenRouter key (it is not shown while you type): ").strip().strip("\"'")
    if not token.startswith("sk-or-") or PLACEHOLDER.search(token):
        raise SettingError(
            "That is no key of OpenRouter's: one begins with sk-or-. Make one at https://openrouter.ai/settings/keys"
        )
    path = Path(find_dotenv(usecwd=True) or _home() / ".env")
    os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
    set_key(path, KEY, token, quote_mode="never")
    path.chmod(0o600)
    print(f"Saved in {path.name}, in the folder {path.parent.name}. Restart the kernel to go live.")


def _home() -> Path:
    """The course's folder: the nearest one with a README, from the working folder upwards."""
    here = Path.cwd()
    return next((folder for folder in (here, *here.parents) if (folder / "README.md").exists()), here)
