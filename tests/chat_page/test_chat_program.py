"""The chat page as a program of its own, and as a part of one: both end, and nothing of them is left."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from typing import Any

import httpx
import pytest

from course import ROOT
from visitor import LONG_S

FOLDER = ROOT / "helpers" / "lesson_files" / "24-chat-page"


def listen_to_ctrl_c() -> None:
    """For the new program: a suite that runs in the background ignores Ctrl+C, and so would what it starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def run(*arguments: str, **variables: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(FOLDER), "PYTHONUNBUFFERED": "1", **variables}
    pipe, first = subprocess.PIPE, None if os.name == "nt" else listen_to_ctrl_c
    command = [sys.executable, *arguments]
    return subprocess.Popen(command, env=environment, text=True, stdout=pipe, stderr=pipe, preexec_fn=first)


def test_the_command_serves_until_it_is_interrupted(standin: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    program = run(
        "-m", "chat_page", "--port", str(port), OPENROUTER_API_KEY=standin.key, OPENROUTER_BASE_URL=standin.url
    )
    assert program.stdout.readline() == f"The chat is at http://127.0.0.1:{port}. Ctrl+C ends it.\n"
    assert "<title>Chat</title>" in httpx.get(f"http://127.0.0.1:{port}").text
    program.send_signal(signal.SIGINT)
    told, complaints = program.communicate(timeout=LONG_S)
    assert (told, complaints, program.returncode) == ("The chat has ended.\n", "", 0)


@pytest.mark.parametrize(
    ("variables", "words"),
    [({"OPENROUTER_API_KEY": ""}, "OPENROUTER_API_KEY is not set"), ({"OPENROUTER_API_KEY": "none"}, "is in use")],
)
def test_the_command_says_in_a_sentence_why_it_cannot(variables: dict[str, str], words: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        program = run("-m", "chat_page", "--port", str(taken.getsockname()[1]), **variables)
        _, complaints = program.communicate(timeout=LONG_S)
    assert words in complaints and complaints.count("\n") == 1 and program.returncode == 1


def test_it_ends_with_the_program_that_started_it() -> None:
    code = "import chat_page; print(chat_page.start(api_key='none').address)"
    program = run("-c", code)
    told, complaints = program.communicate(timeout=LONG_S)
    assert (complaints, program.returncode) == ("", 0)
    with pytest.raises(httpx.ConnectError):
        httpx.get(told.strip())
