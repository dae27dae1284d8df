"""The programs of 90-class-keys over HTTP: forty keys made, killed half-way, used, limited, raised, revoked; and their files."""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import openai
import pytest

from course import ROOT
from helpers.handouts import KEY, MINE_ALONE, Handouts
from notebooks import CODE
from openrouter_standin import StandIn

LESSON = "90-class-keys"
OTHERS = 130
"""Keys that the account has besides: more than a page of the list."""
STOP = 13
"""The key after which the program is killed: it is made, and its file is not written."""
BEGINNING = """
import sys
import time

sys.path.insert(0, {root!r})
from helpers.handouts import Handouts

RULES = {{"limit": 0.005, "limit_reset": "daily", "expires_at": "2027-06-30T18:00:00Z"}}
handouts = Handouts("class-keys")
CLASS = "class of 30 June"
put, count = Handouts.put, 0


def put_or_stop(self, name, made):
    global count
    count += 1
    if count == {stop}:
        print("stopped", flush=True)
        time.sleep(600)  # until the kill
    put(self, name, made)


Handouts.put = put_or_stop
"""


def names() -> list[str]:
    with (ROOT / "helpers" / "lesson_files" / LESSON / "class.csv").open(encoding="utf-8-sig", newline="") as file:
        return [row["name"] for row in csv.DictReader(file)]


def cell(holds: str) -> str:
    """The source of the lesson's cell with this line, without what it prints of itself."""
    return next(c.source for c in CODE if c.lesson == LESSON and holds in c.source).partition("\nprint(")[0]


def program(standin: StandIn, stop: int = 0) -> str:
    """The lesson's own cells that make the keys, against this stand-in."""
    parts = [
        BEGINNING.format(root=str(ROOT), stop=stop),
        cell("def class_keys"),
        cell("def make_keys"),
        f"print(make_keys({names()!r}))",
    ]
    return "\n\n".join(parts).replace("https://openrouter.ai/api/v1", standin.url)


def run(source: str, folder: Path) -> subprocess.Popen[str]:
    environment = {**os.environ, "OPENROUTER_MANAGEMENT_KEY": "sk-or-v1-management-of-the-school"}
    command = [sys.executable, "-c", source]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=folder, env=environment)


def manager(standin: StandIn) -> openai.OpenAI:
    return openai.OpenAI(base_url=standin.url, api_key="sk-or-v1-management-of-the-school", max_retries=0)


def participant(standin: StandIn, key: str) -> openai.OpenAI:
    return openai.OpenAI(base_url=standin.url, api_key=key, max_retries=0)


def listed(standin: StandIn) -> list[dict[str, Any]]:
    """Every key of the account, page by page."""
    rows: list[dict[str, Any]] = []
    while page := manager(standin).get(f"/keys?offset={len(rows)}", cast_to=object)["data"]:
        assert len(page) <= 100
        rows += page
    return rows


def say(client: openai.OpenAI, text: str = "Hello", **more: Any) -> Any:
    messages = [{"role": "user", "content": text}]
    return client.chat.completions.create(model="openai/gpt-4o-mini", messages=messages, max_tokens=50, **more)


def test_forty_keys_over_http(tmp_path: Path) -> None:
    with StandIn() as standin:
        for number in range(OTHERS):
            manager(standin).post("/keys", body={"name": f"program {number}"}, cast_to=object)
        killed = run(program(standin, stop=STOP), tmp_path)
        assert killed.stdout is not None and killed.stdout.readline() == "stopped\n"
        killed.kill()
        killed.communicate()
        said = [run(program(standin), tmp_path).communicate(timeout=120)[0] for _ in range(2)]
        assert [int(text.splitlines()[-1]) for text in said] == [40 - STOP + 1, 0]

        handouts = list(Handouts(tmp_path / "class-keys"))
        ours = {row["hash"]: row for row in listed(standin) if row["name"].startswith("class of 30 June")}
        assert sorted(handout.name for handout in handouts) == sorted(names())
        assert ours.keys() == {handout.hash for handout in handouts} and len(ours) == 40
        assert all(
            (row["limit"], row["limit_reset"]) == (0.005, "daily") and row["expires_at"] for row in ours.values()
        )
        assert not re.search(r"sk-or-v1-standin-\d", "".join(said))

        for handout in handouts:
            assert say(participant(standin, handout.key)).usage.cost > 0
        spent = {row["hash"]: row for row in listed(standin)}
        assert all(spent[handout.hash]["usage_daily"] > 0 for handout in handouts)
        check_limit_and_raise(standin, handouts[0])

        revoke = (cell("revoked = [") + "\nprint(len(revoked))").replace("https://openrouter.ai/api/v1", standin.url)
        assert run(revoke, tmp_path).communicate(timeout=60)[0] == "40\n"
        for handout in handouts:
            with pytest.raises(openai.AuthenticationError):
                say(participant(standin, handout.key))
        assert len(listed(standin)) == OTHERS
        assert not [r for r in standin.requests if any(h.key in str(r) for h in handouts)]


def check_limit_and_raise(standin: StandIn, handout: Any) -> None:
    """A request that could cost more than the key has left is refused in the service's words, until the limit is raised."""
    client = participant(standin, handout.key)
    dear = {"model": "anthropic/claude-opus-4.6", "max_tokens": 1000, "messages": [{"role": "user", "content": "Hi"}]}
    with pytest.raises(openai.APIStatusError, match="requires more credits, or fewer max_tokens") as refused:
        client.chat.completions.create(**dear)  # type: ignore[call-overload]
    assert refused.value.status_code == 402
    manager(standin).patch(f"/keys/{handout.hash}", body={"limit": 5}, cast_to=object)
    assert client.chat.completions.create(**dear).usage.cost > 0  # type: ignore[call-overload]


def test_a_folder_without_the_files_of_a_class_is_not_believed(tmp_path: Path) -> None:
    """On another machine, or in another folder: the keys in use stay as they are."""
    with StandIn() as standin:
        run(program(standin), tmp_path).communicate(timeout=120)
        before = listed(standin)
        (tmp_path / "elsewhere").mkdir()
        wrong = run(program(standin), tmp_path / "elsewhere")
        assert wrong.communicate(timeout=120)[0] == "" and wrong.returncode == 1
        assert listed(standin) == before


@pytest.fixture
def handouts(tmp_path: Path) -> Handouts:
    return Handouts(tmp_path / "class-keys")


def made(number: int) -> dict[str, Any]:
    return {"key": f"sk-or-v1-{number:064d}", "data": {"hash": f"hash {number}"}}


ODD = [
    "Ada Lovelace",
    "ada-lovelace",
    'O"Neil $HOME \\n #1',
    "../../elsewhere",
    "Émilie",
    "名前",
    ".",
    "con",
    "x" * 300,
]


def test_any_name_gets_a_file_of_its_own(handouts: Handouts) -> None:
    for number, name in enumerate(ODD):
        handouts.put(name, made(number))
    assert {handout.name: handout.key for handout in handouts} == {n: made(i)["key"] for i, n in enumerate(ODD)}
    assert all(handout.path.parent == handouts.folder for handout in handouts)
    handouts.put("ada-lovelace", made(50))  # made again
    assert len(list(handouts)) == len(ODD) and handouts["ada-lovelace"].hash == "hash 50"
    with pytest.raises(KeyError, match="no handout for 'Nobody'"):
        handouts["Nobody"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_only_the_owner_reads_a_file_and_git_none(handouts: Handouts) -> None:
    handouts.put("Ada", made(1))
    page = handouts.print_page("Keys", "until tonight")
    assert {path.stat().st_mode & 0o777 for path in (handouts["Ada"].path, page)} == {MINE_ALONE}
    assert handouts.folder.stat().st_mode & 0o077 == 0
    subprocess.run(["git", "init", "-q", str(handouts.folder.parent)], check=True)
    found = subprocess.run(
        ["git", "status", "--porcelain", "-uall"], cwd=handouts.folder, capture_output=True, text=True, check=True
    )
    assert found.stdout == ""


def test_a_file_is_whole_or_not_there(handouts: Handouts, monkeypatch: pytest.MonkeyPatch) -> None:
    handouts.put("Ada", made(1))

    def fails(*_: Any) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", fails)
        with pytest.raises(OSError, match="full"):
            handouts.put("Ada", made(2))
        with pytest.raises(OSError, match="full"):
            handouts.put("Ben", made(3))
    assert [handout.hash for handout in handouts] == ["hash 1"]
    handouts.put("Ben", made(4))
    assert [handout.hash for handout in handouts] == ["hash 1", "hash 4"]


def test_nothing_shows_a_key(handouts: Handouts) -> None:
    handouts.put("Ada", made(1))
    assert "sk-or" not in f"{handouts} {list(handouts)} {handouts['Ada']!r}"
    pandas = pytest.importorskip("pandas")
    assert "sk-or" not in pandas.DataFrame(handouts).to_string()


def test_the_page_has_a_card_for_each(handouts: Handouts) -> None:
    import segno

    for number, name in enumerate(["Ada", "<b>Ben</b>"]):
        handouts.put(name, made(number))
    page = handouts.print_page("Keys & more", "half a cent").read_text("utf-8")
    assert page.count("<section>") == page.count("<svg") == 2 and "&lt;b&gt;Ben" in page and "Keys &amp; more" in page
    assert f"{KEY}={made(1)['key']}" in page and "http" not in re.sub(r'xmlns="[^"]*"', "", page)
    assert segno.make(made(1)["key"], error="m").svg_inline(scale=3, border=2) in page


def test_clear_leaves_what_is_not_its_own(handouts: Handouts, capsys: pytest.CaptureFixture[str]) -> None:
    handouts.put("Ada", made(1))
    handouts.print_page("Keys", "")
    (handouts.folder / "notes.txt").write_text("mine")
    (handouts.folder / "ben.env.tmp").write_text("a killed program's")
    handouts.clear()
    assert capsys.readouterr().out == "Still in class-keys: notes.txt.\n"
    assert sorted(path.name for path in handouts.folder.iterdir()) == [".gitignore", "notes.txt"]
    (handouts.folder / "notes.txt").unlink()
    handouts.clear()
    assert not handouts.folder.exists()
    handouts.clear()
