"""The words of files of all kinds, by their extension."""

import re

from .captions import caption_text, sjson_text
from .markdown import html_text, markdown_text
from .pdf import pdf_text

READABLE = (".pdf", ".html", ".htm", ".md", ".txt", ".srt", ".vtt", ".sjson")


def decoded(data: bytes) -> str:
    return data.decode("utf-8-sig", "replace").replace("\x00", "")


def file_text(name: str, data: bytes) -> tuple[str, str]:
    """The words of a file, and a note on what could not be read of it."""
    lowered = name.lower()
    if lowered.endswith(".pdf"):
        read = pdf_text(data)
        return read.text, read.note
    text = decoded(data)
    if lowered.endswith((".html", ".htm")):
        return html_text(re.sub(r"<(script|style)\b.*?</\1\s*>", "", text, flags=re.DOTALL | re.IGNORECASE)), ""
    if lowered.endswith(".md"):
        return markdown_text(text), ""
    if lowered.endswith((".srt", ".vtt")):
        return caption_text(text), ""
    if lowered.endswith(".sjson"):
        try:
            return sjson_text(text), ""
        except ValueError as error:
            return "", f"no timed JSON: {error}"
    return text.strip(), ""
