"""PDF files in a prompt: what is read from them, who reads them, and what that costs."""

from __future__ import annotations

import base64
import zlib
from decimal import Decimal
from typing import Any

import pytest
from test_pictures import FRAME, JPEG_HEAD, png, url

from asking import GEMINI, HAIKU, ask, chunks, message, respond, user
from openrouter_standin import Faults, State, answer
from openrouter_standin.pdf import read_pdf
from openrouter_standin.pictures import picture_tokens
from openrouter_standin.tokens import count_of

TEXT, SEES = "z-ai/glm-5.2", "moonshotai/kimi-k2.6"
"""Models that take no files; the second sees pictures."""


def pdf_of(*streams: bytes, pages: int = 1, packed: bool = False) -> bytes:
    """A PDF of so many pages with these content streams."""
    out = (
        b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Count 1 >>\nendobj\n"
    )
    for number in range(pages):
        out += b"%d 0 obj\n<< /Type /Page /Parent 2 0 R >>\nendobj\n" % (number + 10)
    for number, stream in enumerate(streams):
        data, about = (zlib.compress(stream), b"/Filter /FlateDecode ") if packed else (stream, b"")
        head = b"%d 0 obj\n<< %s/Length %d >>\nstream\n" % (number + 100, about, len(data))
        out += head + data + b"\nendstream\nendobj\n"
    return out + b"trailer\n<< /Root 1 0 R >>\n%%EOF\n"


def scan(pages: int = 1) -> bytes:
    """A PDF whose pages hold a photograph each, and no text."""
    photograph = JPEG_HEAD + FRAME
    head = b"50 0 obj\n<< /Subtype /Image /Filter /DCTDecode >>\nstream\n"
    return (
        pdf_of(b"q 640 0 0 480 0 0 cm /Im1 Do Q", pages=pages) + (head + photograph + b"\nendstream\nendobj\n") * pages
    )


TIDE = b"BT /F1 12 Tf 72 720 Td (The tide is high) Tj 0 -14 Td [(at no) 20 (on.) -300 (Bring boots.)] TJ ET"
SAID = "The tide is high\nat noon. Bring boots."


def part(content: bytes, name: str = "tide.pdf") -> dict[str, Any]:
    data = "data:application/pdf;base64," + base64.b64encode(content).decode()
    return {"type": "file", "file": {"filename": name, "file_data": data}}


def asked(*files: dict[str, Any], model: str = TEXT, engine: str | None = None, **more: Any) -> dict[str, Any]:
    parser = {"plugins": [{"id": "file-parser", "pdf": {"engine": engine}}]} if engine else {}
    question = {"type": "text", "text": "What is in it?"}
    return {"model": model, "messages": user([question, *files]), "max_tokens": 500, **parser, **more}


def fee(body: dict[str, Any]) -> Decimal:
    """What the answer cost beside the model itself."""
    usage = body["usage"]
    return round(Decimal(str(usage["cost"])) - Decimal(str(usage["cost_details"]["upstream_inference_cost"])), 9)


def text_of(response: dict[str, Any]) -> str:
    """The text of the one annotation."""
    (note,) = message(response)["annotations"]
    return "\n".join(found["text"] for found in note["file"]["content"] if found["type"] == "text")


@pytest.mark.parametrize(("stream", "said"), [
    (TIDE, SAID),
    (rb"BT (a \(b\) c\\d \101\n) Tj ET", "a (b) c\\d A"),
    (b"BT (one (two) three) Tj T* (four) ' ET", "one (two) three\nfour"),
    (b"BT <54 68 65> Tj ET", "The"),
    (b"BT (caf\xe9) Tj ET", "caf\u00e9"),
    (b"BT <FEFF00E9> Tj ET", "\u00e9"),
    (b"BT <00240025> Tj ET", ""),  # numbers that only the font explains
    (b"BT (never shown) Tf ET", ""),
    (b"q (outside) Q", ""),
])  # fmt: skip
@pytest.mark.parametrize("packed", [False, True])
def test_text_is_read_from_content_streams(stream: bytes, said: str, packed: bool) -> None:
    assert read_pdf(pdf_of(stream, packed=packed)).text == said


def test_pages_are_counted_and_streams_join() -> None:
    three = read_pdf(pdf_of(TIDE, b"BT (Second page.) Tj ET", pages=3))
    assert (three.pages, three.text) == (3, SAID + "\nSecond page.")
    inside = zlib.compress(b"<< /Type /Page >> << /Type/Page >> << /Type /Pages >>")
    hidden = b"5 0 obj\n<< /Type /ObjStm /Filter /FlateDecode >>\nstream\r\n" + inside + b"\r\nendstream"
    assert read_pdf(b"%PDF-1.5\n" + hidden).pages == 2
    armoured = base64.a85encode(zlib.compress(TIDE)) + b"~>"
    twice = b"5 0 obj\n<< /Filter [/ASCII85Decode /FlateDecode] >>\nstream\n" + armoured + b"\nendstream"
    assert read_pdf(twice).text == SAID


@pytest.mark.parametrize("content", [b"", b"no PDF", b"%PDF-", b"stream", b"stream\n" * 50_000, b"(" * 50_000,
    b"1 0 obj << /Filter /FlateDecode >> stream\nnot packed\nendstream", pdf_of(b"BT " + b"(" * 50_000)])  # fmt: skip
def test_what_cannot_be_read_is_one_page_without_text(content: bytes) -> None:
    found = read_pdf(content)
    assert (found.pages, found.text, found.photographs) == (1, "", ())


def test_a_file_that_unpacks_to_very_much_is_cut() -> None:
    assert read_pdf(pdf_of(b"BT " + bytes(50_000_000), packed=True)).text == ""


def test_a_text_model_gets_the_text_and_the_default_engine_takes_its_price_without_a_word() -> None:
    body = ask(State(), **asked(part(pdf_of(TIDE, pages=3))))["body"]
    note = body["choices"][0]["message"]["annotations"][0]["file"]
    texts = ['<file name="tide.pdf">', SAID, "</file>"]
    assert (note["name"], note["content"]) == ("tide.pdf", [{"type": "text", "text": text} for text in texts])
    plain = ask(State(), **asked())["body"]["usage"]["prompt_tokens"]
    assert body["usage"]["prompt_tokens"] - plain == sum(map(count_of, texts))
    assert fee(body) == Decimal("0.006")
    assert "server_tool_cost" not in body["usage"]["cost_details"]


@pytest.mark.parametrize(("model", "engine", "dollars", "parsed"), [
    (TEXT, None, "0.004", True), (TEXT, "mistral-ocr", "0.004", True), (TEXT, "cloudflare-ai", "0", True),
    (TEXT, "pdf-text", "0", True), (TEXT, "native", "0.004", True), (HAIKU, None, "0", False),
    (HAIKU, "native", "0", False), (HAIKU, "mistral-ocr", "0.004", True), (HAIKU, "cloudflare-ai", "0", True),
])  # fmt: skip
def test_who_reads_and_what_it_costs(model: str, engine: str | None, dollars: str, parsed: bool) -> None:
    answered = ask(State(), **asked(part(pdf_of(TIDE, pages=2)), model=model, engine=engine))
    assert fee(answered["body"]) == Decimal(dollars)
    assert ("annotations" in message(answered)) is parsed


def test_a_model_that_reads_files_itself_pays_for_text_and_pages() -> None:
    plain = ask(State(), **asked(model=GEMINI))["body"]["usage"]["prompt_tokens"]
    seen = ask(State(), **asked(part(pdf_of(TIDE, pages=2)), model=GEMINI))["body"]["usage"]["prompt_tokens"]
    assert seen - plain == count_of(SAID) + 2 * 258


def test_a_scan_has_no_text() -> None:
    assert text_of(ask(State(), **asked(part(scan()), engine="cloudflare-ai"))) == '<file name="tide.pdf">\n\n</file>'
    dear = ask(State(), **asked(part(scan(2)), engine="mistral-ocr"))
    assert "The stand-in does not read pictures." in text_of(dear) and fee(dear["body"]) == Decimal("0.004")


def test_mistral_ocr_passes_eight_pictures_on_to_a_model_that_sees() -> None:
    note = message(ask(State(), **asked(part(scan(10)), model=SEES)))["annotations"][0]["file"]["content"]
    pictures = [p["image_url"]["url"] for p in note if p["type"] == "image_url"]
    assert len(pictures) == 8 and base64.b64decode(pictures[0].partition(",")[2]).startswith(JPEG_HEAD + FRAME)
    plain = ask(State(), **asked(model=SEES))["body"]["usage"]["prompt_tokens"]
    seen = ask(State(), **asked(part(scan(10)), model=SEES))["body"]["usage"]["prompt_tokens"]
    assert seen - plain == sum(count_of(p["text"]) for p in note if p["type"] == "text") + 8 * picture_tokens(
        {"url": pictures[0]}, SEES
    )
    assert len(message(ask(State(), **asked(part(scan(10)))))["annotations"][0]["file"]["content"]) == 3


def test_an_annotation_that_comes_back_saves_the_parser() -> None:
    state, file = State(), part(pdf_of(TIDE, pages=5))
    first = ask(state, **asked(file))
    notes = message(first)["annotations"]
    assert fee(first["body"]) == Decimal("0.010")
    said = {"role": "assistant", "content": "The tide.", "annotations": notes}
    talk = [*asked(file)["messages"], said, *user("And when?")]
    second = ask(state, **{**asked(), "messages": talk})
    assert fee(second["body"]) == 0 and "annotations" not in message(second)
    forgotten = [*talk[:1], {**said, "annotations": []}, *talk[2:]]
    third = ask(state, **{**asked(), "messages": forgotten})
    assert fee(third["body"]) == Decimal("0.010")
    assert second["body"]["usage"]["prompt_tokens"] == third["body"]["usage"]["prompt_tokens"]
    other = ask(state, **{**asked(), "messages": [talk[0], said, *user([part(pdf_of(b"BT (x) Tj ET"))])]})
    assert fee(other["body"]) == Decimal("0.002")


@pytest.mark.parametrize("notes", ["x", [1], [{"type": "file"}], [{"type": "file", "file": {"hash": 1}}],
    [{"type": "file", "file": {"hash": "a", "content": "x"}}]])  # fmt: skip
def test_annotations_of_another_form_are_passed_over(notes: Any) -> None:
    talk = [*asked(part(pdf_of(TIDE)))["messages"], {"role": "assistant", "content": "Yes.", "annotations": notes}]
    assert fee(ask(State(), **{**asked(), "messages": [*talk, *user("And?")]})["body"]) == Decimal("0.002")


def test_an_address_is_not_downloaded() -> None:
    far = {"type": "file", "file": {"filename": "a.pdf", "file_data": "https://example.org/a.pdf"}}
    answered = ask(State(), **asked(far))
    plain = ask(State(), **asked())["body"]["usage"]["prompt_tokens"]
    assert "The stand-in does not download files." in text_of(answered) and fee(answered["body"]) == Decimal("0.002")
    assert answered["body"]["usage"]["prompt_tokens"] - plain == 400


def test_metadata_and_the_record_say_what_was_parsed() -> None:
    state, wants = State(), {"x-openrouter-metadata": "enabled"}
    two = [part(pdf_of(TIDE, pages=2)), part(pdf_of(TIDE), "b.pdf")]
    body = ask(state, headers=wants, **asked(*two))["body"]
    assert body["openrouter_metadata"]["pipeline"] == [
        {"type": "plugin", "name": "file-parser", "summary": "Parsed 3 pages via mistral-ocr",
         "data": {"engine": "mistral-ocr", "page_count": 3}, "cost_usd": 0.006}
    ]  # fmt: skip
    record = answer({"method": "GET", "path": f"/api/v1/generation?id={body['id']}"}, state)["body"]["data"]
    assert record["total_cost"] == body["usage"]["cost"] == state.usage
    assert "pipeline" not in ask(state, headers=wants, **asked(model=HAIKU))["body"]["openrouter_metadata"]


def test_an_error_brings_the_annotations_too() -> None:
    file, down = part(pdf_of(TIDE)), Faults(down=["*"])
    error = ask(State(), faults=down, **asked(file))["body"]["error"]
    notes = error["metadata"]["file_annotations"]
    assert notes == message(ask(State(), **asked(file)))["annotations"]
    assert "file_annotations" not in ask(State(), faults=down, **asked(file, model=HAIKU))["body"]["error"]["metadata"]
    said = {"role": "assistant", "content": "It failed.", "annotations": notes}
    again = ask(State(), **{**asked(), "messages": [*asked(file)["messages"], said, *user("Once more?")]})
    assert fee(again["body"]) == 0


def test_a_stream_and_the_responses_api_charge_the_same() -> None:
    file = part(pdf_of(TIDE, pages=2))
    whole = ask(State(), **asked(file))["body"]
    streamed = chunks(ask(State(), stream=True, **asked(file)))
    assert streamed[-1]["usage"]["cost"] == whole["usage"]["cost"]
    assert [c["choices"][0]["delta"]["annotations"] for c in streamed if "annotations" in c["choices"][0]["delta"]] == [
        whole["choices"][0]["message"]["annotations"]
    ]
    given = [{"type": "input_text", "text": "What is in it?"}, {"type": "input_file", **file["file"]}]
    made = respond(State(), model=TEXT, input=[{"type": "message", "role": "user", "content": given}])["body"]
    assert fee({"usage": made["usage"]}) == Decimal("0.004")


def test_files_and_pictures_stand_side_by_side_and_are_cached() -> None:
    state, picture = State(), {"type": "image_url", "image_url": {"url": url(png(200, 200))}}
    book = {"type": "text", "text": "word " * 5000}
    marked = {**part(pdf_of(TIDE)), "cache_control": {"type": "ephemeral"}}
    only = {"provider": {"only": ["anthropic"]}}
    body = {"model": HAIKU, "messages": user([book, picture, marked, {"type": "text", "text": "Well?"}]), **only}
    first, second = (ask(state, **body)["body"]["usage"]["prompt_tokens_details"] for _ in range(2))
    assert first["cache_write_tokens"] == second["cached_tokens"] > 5000 + 54 + 258
    other = [book, {**picture, "image_url": {"url": url(png(201, 200))}}, marked, {"type": "text", "text": "Well?"}]
    assert (
        ask(state, **{**body, "messages": user(other)})["body"]["usage"]["prompt_tokens_details"]["cached_tokens"] == 0
    )
