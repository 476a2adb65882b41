"""Transcripts as people read them, from SubRip, WebVTT and edX's timed JSON."""

import html
import json
import re

_NUMBER = re.compile(r"^\d+$")
_TIMING = re.compile(r"^\s*(?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3}\s*-->")
_MARKS = re.compile(r"<[^<>]{0,200}>|\{\\[^{}]{0,100}\}")
_BLOCKS = ("NOTE", "STYLE", "REGION")


def caption_text(text: str) -> str:
    """The words of a SubRip or WebVTT file in one run of text, without numbers, times, notes and tags."""
    spoken: list[str] = []
    for cue in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").replace("\r", "\n")):
        lines = cue.strip("\n").split("\n")
        at = next((index for index, line in enumerate(lines) if _TIMING.match(line)), None)
        if at is not None:
            spoken += lines[at + 1 :]
        elif not lines[0].lstrip("\ufeff").startswith(("WEBVTT", *_BLOCKS)) and not _NUMBER.match(lines[0].strip()):
            spoken += lines
    return " ".join(html.unescape(_MARKS.sub("", " ".join(spoken))).split())


def sjson_text(text: str) -> str:
    """The words of edX's timed JSON. Raises ValueError when it is none."""
    document = json.loads(text)
    parts = document.get("text") if isinstance(document, dict) else None
    if not isinstance(parts, list):
        raise ValueError("has no list of texts")
    return " ".join(html.unescape(" ".join(part for part in parts if isinstance(part, str))).split())
