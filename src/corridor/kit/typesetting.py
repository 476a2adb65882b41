"""Sheets to print, in any script: a template of Typst's and values make a PDF. Values are data to it, whatever they say."""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, Literal, cast

import manimgx_fonts
import manimgx_fonts_cjk
import typst

from corridor.kit.errors import Problem

FONTS = [str(Path(str(each.__file__)).parent) for each in (manimgx_fonts, manimgx_fonts_cjk)]
ACCESSIBLE: Literal["ua-1"] = "ua-1"  # PDF/UA: read aloud in the order of the sheet, and refused where a letter would be missing
MISSING = "could not be displayed"
TURN = Lock()  # a compiler that is at work refuses another thread

# The scripts that Typst's own typeface lacks, in the order in which they are asked for a letter.
SCRIPTS = (
    "Arabic", "Hebrew", "Devanagari", "Bengali", "Gurmukhi", "Gujarati", "Oriya", "Tamil", "Telugu", "Kannada", "Malayalam", "Sinhala",
    "Thai", "Lao", "Khmer", "Myanmar", "Georgian", "Armenian", "Ethiopic", "Symbols",
)  # fmt: skip


class LettersMissing(Problem):
    """A text in a script that we have no typeface for."""

    code = "letters_missing"
    status = 422

    def __init__(self) -> None:
        super().__init__("We have no typeface for some letters of this. Print the page itself instead: your browser may have one.")


def faces(text: str) -> list[str]:
    """What a text is set in. Chinese, Japanese and Korean share letters that each writes in its own way."""
    return [
        "Libertinus Serif",
        f"Noto Sans CJK {east_asian(text)}",
        *(f"Noto Sans {script}" for script in SCRIPTS),
        "Noto Sans",
        "Noto Emoji",
    ]


def east_asian(text: str) -> str:
    if any("\u3040" <= letter <= "\u30ff" for letter in text):
        return "JP"
    return "KR" if any("\u1100" <= letter <= "\u11ff" or "\uac00" <= letter <= "\ud7a3" for letter in text) else "SC"


def pdf(template: Path, said: Mapping[str, Any], *, dated: datetime) -> bytes:
    """The same values give the same bytes. Raises LettersMissing."""
    inputs = {"said": json.dumps(said, ensure_ascii=False)}
    try:
        with TURN:
            made = _compiler(template).compile(
                format="pdf", sys_inputs=inputs, pdf_standards=[ACCESSIBLE], timestamp=int(dated.timestamp())
            )
    except typst.TypstError as error:
        if MISSING in str(error):
            raise LettersMissing from error
        raise
    return cast(bytes, made)  # one file, as it is asked for one PDF


@cache
def _compiler(template: Path) -> typst.Compiler:
    """Reads the fonts once. It sees its template's folder and no other fonts than ours: sheets are the same on every machine."""
    return typst.Compiler(str(template), root=str(template.parent), font_paths=FONTS, ignore_system_fonts=True)
