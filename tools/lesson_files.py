"""Draw the pictures and write the PDF files that lesson 17 shows and sends: `python tools/lesson_files.py`.

They are stored, not drawn by the lesson: a request is matched by its bytes, and another version of Pillow or zlib packs the
same picture into other bytes. So run this only to change a picture, and record the lesson anew.
"""

from __future__ import annotations

import random
import time
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from course import ROOT

FOLDER = ROOT / "helpers" / "lesson_files" / "17-pictures-and-pdfs"
LINES = [("Rope, 20 m", 2, 18.50), ("Lantern oil, 5 l", 4, 22.00), ("Brass polish", 1, 9.90)]
HEAD = ["Harbour Supplies Ltd.", "Quay 4, Norddeich", "", "Invoice 2026-1107", "Date: 7 November 2026"]
SKY, SEA, SAND, STONE, RED, LIGHT = "#cfe6f5", "#3d7ea6", "#e3cf9c", "#f4f4f0", "#c0392b", "#ffd34d"


def invoice_lines() -> list[str]:
    """What both invoices say, one line of text each."""
    rows = [f"{what:<20}{count:>3} x {price:>6.2f} {count * price:>8.2f}" for what, count, price in LINES]
    total = sum(count * price for _, count, price in LINES)
    return [*HEAD, "", *rows, "", f"{'Total EUR':<33}{total:>8.2f}", "", "To be paid within 14 days."]


def lighthouse() -> Image.Image:
    """A lighthouse with two red bands on a beach, and one boat."""
    picture = Image.new("RGB", (320, 240), SKY)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 150, 320, 200), fill=SEA)
    draw.rectangle((0, 200, 320, 240), fill=SAND)
    draw.polygon([(215, 205), (225, 70), (265, 70), (275, 205)], fill=STONE)
    draw.polygon([(222, 110), (224, 85), (266, 85), (268, 110)], fill=RED)
    draw.polygon([(218, 170), (220, 143), (270, 143), (272, 170)], fill=RED)
    draw.rectangle((228, 48, 262, 70), fill=LIGHT)
    draw.polygon([(222, 48), (245, 28), (268, 48)], fill=RED)
    draw.polygon([(60, 168), (120, 168), (108, 182), (72, 182)], fill="#5b3a22")
    draw.polygon([(92, 166), (92, 120), (125, 160)], fill="white")
    return picture.quantize(16)


def beach(water: int) -> Image.Image:
    """The same beach; the water reaches down to this row of pixels."""
    picture = Image.new("RGB", (160, 120), SKY)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 60, 160, 120), fill=SAND)
    draw.rectangle((0, 60, 160, water), fill=SEA)
    draw.polygon([(100, 60), (104, 20), (116, 20), (120, 60)], fill=STONE)
    draw.rectangle((105, 10, 115, 20), fill=LIGHT)
    return picture.quantize(8)


def scan() -> Image.Image:
    """The invoice as a scanner sees it: black and white, not quite straight, with specks."""
    page = Image.new("L", (640, 480), 255)
    draw, y = ImageDraw.Draw(page), 40
    for line in invoice_lines():
        _typed(draw, line, y)
        y += 25
    page = page.rotate(0.7, fillcolor=255, resample=Image.Resampling.BILINEAR)
    chance = random.Random(1107)
    for _ in range(60):
        page.putpixel((chance.randrange(640), chance.randrange(480)), 0)
    return page.point(lambda grey: 255 if grey > 140 else 0).convert("1")


def _typed(draw: ImageDraw.ImageDraw, line: str, y: int) -> None:
    """One line of type, each character in a box of the same width, so that columns stand."""
    for place, character in enumerate(line):
        draw.text((40 + 13 * place, y), character, font=ImageFont.load_default(20), fill=0)


def text_pdf() -> bytes:
    """A PDF of one page whose words can be copied: they are in it as text."""
    escaped = [line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)") for line in invoice_lines()]
    typed = "\n".join(f"({line}) Tj 0 -16 Td" for line in escaped)
    stream = f"BT /F1 11 Tf 60 760 Td\n{typed}\nET".encode("latin-1")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size, start = len(objects) + 1, len(out)
    return (
        out
        + b"xref\n0 %d\n0000000000 65535 f \n" % size
        + table
        + b"trailer\n<< /Root 1 0 R /Size %d >>\nstartxref\n%d\n%%%%EOF\n" % (size, start)
    )


def write(folder: Path = FOLDER) -> None:
    """Write all files."""
    folder.mkdir(parents=True, exist_ok=True)
    lighthouse().save(folder / "lighthouse.png", optimize=True)
    beach(75).save(folder / "low-tide.png", optimize=True)
    beach(112).save(folder / "high-tide.png", optimize=True)
    scan().save(folder / "invoice.png", optimize=True)
    folder.joinpath("invoice.pdf").write_bytes(text_pdf())
    some_day = time.gmtime(0)  # else each run writes other bytes
    scan().save(folder / "scan.pdf", creationDate=some_day, modDate=some_day)


if __name__ == "__main__":
    write()
