"""The process behind pdf.PdfReader: reads length-prefixed PDFs from its input and answers length-prefixed JSON."""

import json
import resource
import struct
import sys
import time
from typing import Any

import pypdfium2

MOST_PAGES = 1000
MOST_CHARACTERS = 5_000_000
MOST_SECONDS = 45.0
MOST_MEMORY = 2 << 30
FEWEST_CHARACTERS = 20  # of a document that has words
LENGTH = struct.Struct(">I")


def read(data: bytes) -> dict[str, Any]:
    """Fields of pdf.PdfText. Reads as far as the caps go and says where it stopped."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        return {"text": "", "note": f"no readable PDF: {error}"}
    with document:
        pages, note = len(document), ""
        parts: list[str] = []
        size, until = 0, time.monotonic() + MOST_SECONDS
        for number in range(pages):
            if number >= MOST_PAGES or size > MOST_CHARACTERS or time.monotonic() > until:
                note = f"read to page {number} of {pages}"
                break
            text = page_text(document, number)
            size += len(text)
            parts.append(text)
    text = "\n".join(parts).strip()
    if not note and len("".join(text.split())) < FEWEST_CHARACTERS:
        note = f"{pages} page{'' if pages == 1 else 's'} of images without a text layer"
    return {"text": text, "pages": pages, "note": note}


def page_text(document: pypdfium2.PdfDocument, number: int) -> str:
    try:
        page = document[number]
        try:
            text = page.get_textpage().get_text_range()
        finally:
            page.close()
    except pypdfium2.PdfiumError:
        return ""
    return " ".join(text.replace("\x00", "").replace("\ufffe", "").split())


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    source, target = sys.stdin.buffer, sys.stdout.buffer
    while header := source.read(LENGTH.size):
        answer = json.dumps(read(source.read(*LENGTH.unpack(header)))).encode()
        target.write(LENGTH.pack(len(answer)) + answer)
        target.flush()


if __name__ == "__main__":
    main()
