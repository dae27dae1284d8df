"""The server of the built sites: what it sends, and its sentences."""

from __future__ import annotations

import gzip
import socket
import urllib.error
import urllib.request
from pathlib import Path

import pytest

import static_server


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "lite"
    folder.mkdir()
    (folder / "index.html").write_text("<p>first</p>")
    (folder / "a.wasm").write_bytes(b"wasm")
    return folder


def test_it_serves_types_compressed_and_notes_the_sizes(site: Path) -> None:
    with static_server.serving(site) as server:
        wanted = urllib.request.Request(server.url, headers={"Accept-Encoding": "gzip"})
        with urllib.request.urlopen(wanted, timeout=10) as answer:
            body = answer.read()
            assert gzip.decompress(body) == b"<p>first</p>"
        with urllib.request.urlopen(f"{server.url}a.wasm", timeout=10) as answer:
            assert answer.headers["Content-Type"] == "application/wasm" and answer.read() == b"wasm"
        assert server.sent == {"/": len(body), "/a.wasm": 4}


def test_what_a_browser_has_is_not_sent_again_until_it_changes(site: Path) -> None:
    def ask(tag: str) -> int:
        wanted = urllib.request.Request(f"{server.url}a.wasm", headers={"If-None-Match": tag})
        try:
            with urllib.request.urlopen(wanted, timeout=10) as answer:
                return answer.status
        except urllib.error.HTTPError as answer:
            return answer.code

    with static_server.serving(site) as server:
        with urllib.request.urlopen(f"{server.url}a.wasm", timeout=10) as answer:
            tag = answer.headers["ETag"]
        assert ask(tag) == 304 and ask("another") == 200
        (site / "a.wasm").write_bytes(b"a new build")
        assert ask(tag) == 200


def test_what_is_wrong_is_one_sentence(site: Path, tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="run `make nothing`"):
        static_server.Server(tmp_path / "nothing")
    with pytest.raises(SystemExit, match="is not a port"):
        static_server.show(site, ["eight"])
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SystemExit, match=f"^Port {port} cannot be used: .*make lite-serve PORT=8001"):
            static_server.Server(site, port)
