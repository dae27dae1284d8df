"""What the session says to a reader: about a name that is misspelt, and in a script about answers that were not recorded."""

from __future__ import annotations

import subprocess
import sys

import pytest

import helpers


def test_a_misspelt_lesson_or_fault_is_asked_about(capsys: pytest.CaptureFixture[str]) -> None:
    helpers.start("03-routing-optons")
    try:
        assert "no recording. Is it '03-routing-options'? Every answer comes from" in capsys.readouterr().out
        with pytest.raises(ValueError, match=r"There is no fault 'fre_used'\. Is it 'free_used'\?"):
            helpers.faults(fre_used="per-day")
        with pytest.raises(ValueError, match=r"There is no fault 'zzz'\. There are .*break_after, .*down, "):
            helpers.faults(zzz=1)
    finally:
        helpers.stop()


SCRIPT = """
import os, helpers
helpers.start("00-start-here")
from openai import OpenAI
client = OpenAI(base_url="https://openrouter.ai/api/v1", api_key=os.environ["OPENROUTER_API_KEY"])
for row in range(3):
    client.chat.completions.create(model="openai/gpt-4o-mini", messages=[{"role": "user", "content": f"row {row}"}], max_tokens=9)
"""


def test_a_script_says_at_the_first_request_and_at_its_end_what_was_not_recorded() -> None:
    env = {"PATH": "", "COOKBOOK_MODE": "replay", "COOKBOOK_SPEED": "0", "COOKBOOK_PROGRESS": "off"}
    done = subprocess.run([sys.executable, "-c", SCRIPT], env=env, capture_output=True, text=True, check=True)
    lines = done.stderr.splitlines()
    assert len(lines) == 2, lines
    assert lines[0].startswith("Not recorded: 1 request was answered by the offline stand-in.")
    assert lines[1] == "Not recorded, in all: 3 requests."
