"""The recording format: reading what is broken, matching, serving repeats in order, explaining a miss, writing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from helpers.replay.layout import layout
from helpers.replay.matching import Cassette, describe, differences, without_repeats
from helpers.replay.recording import FOLDER, Recording, RecordingError
from support import completion, hello, request_of

GOOD = {"format": 1, "lesson": "03-x", "source": "standin", "recorded": "2026-11-22", "sdk": "", "exchanges": []}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('{"format": 1, "exchanges": [\n{"request": ', "line 2"),
        ("not json at all", "line 1"),
        (json.dumps({**GOOD, "format": 2}), "format 2"),
        (json.dumps([1, 2]), "an object"),
        (json.dumps({**GOOD, "exchanges": [{"request": request_of(hello())}]}), "exchange 1"),
        (
            json.dumps({**GOOD, "exchanges": [{"request": request_of(hello()), "response": {"status": 200}}]}),
            "neither body nor events",
        ),
        (
            json.dumps({**GOOD, "exchanges": [{"request": {"body": 1}, "response": {"status": 200, "body": 1}}]}),
            "request.method",
        ),
    ],
)
def test_a_broken_recording_gives_one_sentence_that_names_file_place_and_way_on(
    tmp_path: Path, text: str, named: str
) -> None:
    path = tmp_path / "03-x.json"
    path.write_text(text)
    with pytest.raises(RecordingError) as caught:
        Recording.load(path)
    assert str(path) in str(caught.value)
    assert named in str(caught.value)
    assert "make record NB=03" in str(caught.value)
    assert "\n" not in str(caught.value)


WHOLE = {"request": {"method": "GET", "path": "/x"}, "response": {"status": 200, "ms": 1, "body": {}}}


@pytest.mark.parametrize(
    ("response", "named"),
    [
        ({"status": 200, "ms": "5", "body": {}}, "response.ms"),
        ({"status": 200, "ms": None, "body": {}}, "response.ms"),
        ({"status": "200", "ms": 1, "body": {}}, "response.status"),
        ({"status": 200, "events": [["1", "data: {}"]]}, "response.events.0.0"),
        ({"status": 200, "events": [[1, 5]]}, "response.events.0.1"),
        ({"status": 200, "events": [[1]]}, "response.events.0"),
        ({"status": 200, "ms": 1, "body": {}, "headers": {"x": 5}}, "response.headers.x"),
        ({"failure": 5, "ms": 1}, "response.failure"),
        ({"ms": 1}, "neither a status nor a failure"),
        ({"status": 200}, "neither body nor events"),
        ({"status": 200, "body": {}}, "no ms"),
        ({"status": 200, "ms": 1, "body_file": "shared/gone.json"}, "shared/"),
    ],
)
def test_an_inner_value_of_a_wrong_type_is_named_with_its_exchange(tmp_path: Path, response: dict, named: str) -> None:
    path = tmp_path / "03-x.json"
    wrong = {**WHOLE, "response": response}
    path.write_text(json.dumps({"format": 1, "lesson": "x", "exchanges": [WHOLE, wrong]}))
    with pytest.raises(RecordingError) as caught:
        Recording.load(path)
    assert named in str(caught.value) and "\n" not in str(caught.value)
    assert "exchange 2" in str(caught.value) or "shared/" in named


@pytest.mark.parametrize("text", ["[" * 100_000, '{"format": ' + "1" * 5000 + "}"])
def test_json_that_python_cannot_hold_is_one_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "03-x.json"
    path.write_text(text)
    with pytest.raises(RecordingError, match="Invalid JSON"):
        Recording.load(path)


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "03-x.json"
    path.write_bytes(b'{"format": 1, "lesson": "\xff\xfe"}')
    with pytest.raises(RecordingError, match="Invalid JSON"):
        Recording.load(path)


def test_what_is_saved_is_read_back_the_same(tmp_path: Path) -> None:
    exchanges = [{"request": request_of(hello("é → 日本")), "response": completion("ß\n")}]
    made = Recording("03-x", "standin", "2026-11-22", "openai 3", exchanges)
    made.save(tmp_path / "03-x.json")
    raw = (tmp_path / "03-x.json").read_bytes()
    assert b"\r" not in raw
    assert "日本".encode() in raw
    assert raw.startswith(b'{\n "format": 1,\n "lesson"')
    assert Recording.load(tmp_path / "03-x.json") == made
    assert [p.name for p in tmp_path.iterdir()] == ["03-x.json"]


def test_shipped_recordings_are_laid_out_by_the_writer() -> None:
    paths = sorted(FOLDER.glob("*.json"))
    assert paths
    for path in paths:
        text = path.read_text("utf-8")
        assert layout(json.loads(text)) + "\n" == text, path.name


def test_the_same_request_is_served_in_order_and_then_from_the_start() -> None:
    tape = Cassette([{"request": request_of(hello()), "response": {"n": n}} for n in (1, 2)])
    assert [tape.find(request_of(hello()))["n"] for _ in range(5)] == [1, 2, 1, 2, 1]


@pytest.mark.parametrize(
    "change",
    [
        {"host": "eu.openrouter.ai"},
        {"key": "other"},
        {"key": "none"},
        {"headers": {"x-openrouter-metadata": "enabled"}},
        {"method": "GET"},
        {"path": "/x?a=1"},
    ],
)
def test_what_a_request_is_matched_by(change: dict) -> None:
    tape = Cassette([{"request": request_of(hello()), "response": {}}])
    assert tape.find(request_of(hello())) is not None
    assert tape.find({**request_of(hello()), **change}) is None


def test_defaults_and_key_order_do_not_matter() -> None:
    tape = Cassette([{"request": {"method": "POST", "path": "/p", "body": {"a": 1, "b": 2}}, "response": {"found": 1}}])
    wanted = {
        "path": "/p",
        "method": "POST",
        "host": "openrouter.ai",
        "key": "session",
        "headers": {},
        "body": {"b": 2, "a": 1},
    }
    assert tape.find(wanted) == {"found": 1}


def test_a_multipart_body_matches_whatever_its_boundary() -> None:
    def body(boundary: str) -> dict:
        data = f"--{boundary}\r\nx\r\n--{boundary}--".encode()
        return describe(
            "POST",
            "/p",
            "openrouter.ai",
            {"content-type": f"multipart/form-data; boundary={boundary}"},
            data,
            "session",
        )

    assert body("aaa") == body("bbbbbb")
    assert "sha256" in body("aaa")["body"]


def test_a_miss_names_the_nearest_request_what_differs_and_the_ways_on() -> None:
    tape = Cassette(
        [
            {"request": request_of(hello(t, max_tokens=60)), "response": {}}
            for t in ("Write a haiku about logs.", "unrelated words here")
        ]
    )
    text = tape.explain(request_of(hello("Write a haiku about cats.", max_tokens=60)))
    assert 'body.messages[0].content: recorded "Write a haiku about logs.", now "Write a haiku about cats."' in text
    assert "Restore the text" in text
    assert "OPENROUTER_API_KEY" in text
    assert "max_tokens" not in text
    assert "no recorded answers" in Cassette([]).explain(request_of(hello()))


def test_differences_go_down_to_the_field() -> None:
    assert differences({"a": [1, {"b": 2}], "c": 1}, {"a": [1, {"b": 3}]}) == [
        ("a[1].b", "2", "3"),
        ("c", "1", "nothing"),
    ]


def test_repeats_stay_once_only_when_every_answer_is_the_same() -> None:
    same = [{"request": request_of(hello()), "response": {"n": 1}}] * 3
    other = [{"request": request_of(hello("x")), "response": {"n": n}} for n in (1, 2, 1)]
    assert without_repeats(same + other) == [same[0], *other]


def test_a_number_that_looks_the_same_is_named_as_a_difference() -> None:
    assert differences({"max_tokens": 60}, {"max_tokens": 60.0}) == [("max_tokens", "60", "60.0")]
    assert differences({"a": "nothing"}, {}) == [("a", '"nothing"', "nothing")]
