"""PDF files in a prompt: who reads them, what that costs, and the annotation that saves reading them again.

Source: OpenRouter docs, guides/overview/multimodal/pdfs, 2026-08-22.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from .pdf import Pdf, read_pdf
from .pictures import decoded, picture_tokens
from .tokens import count_of

NATIVE, OCR, MARKDOWN = "native", "mistral-ocr", "cloudflare-ai"
PAGE_PRICE = {OCR: Decimal("0.002"), MARKDOWN: Decimal(0)}
"""Dollars per page: 2 per 1,000 pages, also with a provider key of one's own (docs, PDF inputs, 2026-08)."""
PAGE_TOKENS = 258
"""Tokens of a page that the model itself reads, beside its text: nominal, what Gemini's page on documents says of a page."""
ADDRESS_TOKENS = 400
"""Nominal tokens of a file of which only the address was sent: nothing is downloaded."""
MOST_PICTURES = 8
"""Pictures that mistral-ocr takes from one file, and that are passed on (docs, PDF inputs, 2026-08)."""
NOT_DOWNLOADED = "The stand-in does not download files."
NOT_SEEN = "The stand-in does not read pictures."


@dataclass(frozen=True)
class File:
    """One file of a prompt, read for one model. `engine`: what reads it. `content`: what a parser made of it, as parts.

    `again`: whether it was parsed for an earlier request, and the annotation came back.
    """

    hash: str
    name: str
    engine: str
    pages: int
    content: tuple[Mapping[str, Any], ...] = ()
    text: str = ""
    again: bool = False
    downloaded: bool = True

    @property
    def is_parsed(self) -> bool:
        """Whether OpenRouter reads it now, and not the model."""
        return self.engine != NATIVE and not self.again

    @property
    def price(self) -> Decimal:
        """Dollars for reading it."""
        return self.pages * PAGE_PRICE[self.engine] if self.is_parsed else Decimal(0)

    @property
    def annotation(self) -> dict[str, Any]:
        """What the answer gives back: send it with the assistant's message, and the file is not parsed again."""
        return {"type": "file", "file": {"hash": self.hash, "name": self.name, "content": list(self.content)}}

    def tokens(self, model: str) -> int:
        """Nominal prompt tokens: the parsed text and pictures; for a model that reads files itself, text and pages."""
        if not self.downloaded and not self.again:
            return ADDRESS_TOKENS
        if self.engine == NATIVE:
            return count_of(self.text) + self.pages * PAGE_TOKENS
        texts = sum(count_of(part["text"]) for part in self.content if isinstance(part.get("text"), str))
        seen = (part.get("image_url") for part in self.content if part.get("type") == "image_url")
        return texts + sum(
            picture_tokens(p, model) for p in seen if isinstance(p, Mapping) and isinstance(p.get("url"), str)
        )


def engine_for(row: Mapping[str, Any], asked: str | None) -> str:
    """What reads PDF files for a model, by its row of the catalogue, when a request asks for an engine or for none.

    Without a wish: the model itself if it takes files, else mistral-ocr. "pdf-text" is the old name of cloudflare-ai.
    "native" for a model that takes no files is not documented; here it is as no wish.
    """
    if asked in (OCR, MARKDOWN, "pdf-text"):
        return OCR if asked == OCR else MARKDOWN
    return NATIVE if "file" in row["architecture"]["input_modalities"] else OCR


def read_file(part: Mapping[str, Any], row: Mapping[str, Any], asked: str | None, known: Mapping[str, Any]) -> File:
    """One file part, read for a model. `known`: the contents of annotations that came back, by hash."""
    data = part["file"]["file_data"]
    digest = hashlib.sha256(data.encode("utf-8", "replace")).hexdigest()
    name, engine = str(part["file"].get("filename") or "document.pdf"), engine_for(row, asked)
    is_here = data.startswith("data:")
    content = decoded(data.partition(",")[2]) if is_here else None
    pdf = read_pdf(content or b"")
    if engine == NATIVE:
        return File(digest, name, engine, pdf.pages, text=pdf.text, downloaded=is_here)
    if digest in known:
        return File(digest, name, engine, pdf.pages, tuple(known[digest]), again=True)
    made = _parsed(pdf, engine, row) if is_here else [_as_text(NOT_DOWNLOADED)]
    wrapped = (_as_text(f'<file name="{name}">'), *made, _as_text("</file>"))  # three parts and more, recorded 2025-12
    return File(digest, name, engine, pdf.pages, wrapped, downloaded=is_here)


def _parsed(pdf: Pdf, engine: str, row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What a parser makes of a file. A scan has no text: cloudflare-ai gives none, and mistral-ocr would read it.

    Pictures come from mistral-ocr only, and only for a model that sees.
    """
    if engine == MARKDOWN:
        return [_as_text(pdf.text)]
    sees = "image" in row["architecture"]["input_modalities"]
    pictures = pdf.photographs[:MOST_PICTURES] if sees else ()
    return [_as_text(pdf.text or NOT_SEEN), *({"type": "image_url", "image_url": {"url": p}} for p in pictures)]


def _as_text(text: str) -> dict[str, Any]:
    return {"type": "text", "text": text}


def known_contents(messages: Iterable[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    """What the annotations of earlier answers say of files, by their hash."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for message in messages:
        notes = message.get("annotations") if message.get("role") == "assistant" else None
        for note in notes if isinstance(notes, list) else []:
            file = note.get("file") if isinstance(note, Mapping) and note.get("type") == "file" else None
            if isinstance(file, Mapping) and isinstance(file.get("hash"), str):
                content = file.get("content")
                found[file["hash"]] = (
                    [p for p in content if isinstance(p, Mapping)] if isinstance(content, list) else []
                )
    return found


def stage_of(files: Iterable[File]) -> dict[str, Any] | None:
    """What openrouter_metadata says of the parser, or None where it did nothing (router metadata, 2026-08; the words are
    those of an answer of 2026-08-25)."""
    parsed = [file for file in files if file.is_parsed]
    if not parsed:
        return None
    pages, engine = sum(file.pages for file in parsed), parsed[0].engine
    return {
        "type": "plugin",
        "name": "file-parser",
        "summary": f"Parsed {pages} page{'s' if pages > 1 else ''} via {engine}",
        "data": {"engine": engine, "page_count": pages},
        "cost_usd": float(sum((file.price for file in parsed), Decimal(0))),
    }
