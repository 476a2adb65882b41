"""The sheet to print sets any name, and the same one each time."""

import unicodedata
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from uuid import UUID

import pypdfium2 as pdfium
import pytest

from corridor.kit.typesetting import LettersMissing, east_asian
from corridor.mitxonline.certificates import printing, snapshots
from corridor.mitxonline.certificates.snapshots import Signature, Snapshot, Template

NAMES = {
    "Latin": "Zoë Łukasiewicz", "Vietnamese": "Nguyễn Thị Ánh", "Greek": "Ελένη Παπαδοπούλου", "Cyrillic": "Юлия Щербакова",
    "Arabic": "فاطمة الزهراء", "Hebrew": "שרה לוי", "Hindi": "प्रियंका श्रीवास्तव", "Tamil": "தமிழ்ச்செல்வி", "Chinese": "王小明",
    "Japanese": "佐藤さくら", "Korean": "김민준", "Thai": "สมชาย ใจดี", "Ethiopic": "መስፍን", "Georgian": "გიორგი", "Armenian": "Անահիտ",
}  # fmt: skip


def printed(learner: str, **fields: object) -> bytes:
    told: dict[str, object] = {"learner": learner, "title": "Lanterns", "readable_id": "c", "courseware_id": "c+1T2026"} | fields
    said = snapshots.of_course(**{"dates": ("", ""), "program_types": [], "address": "", "template": Template(), "grade": {}} | told)
    return sheet(said)


def sheet(said: Snapshot) -> bytes:
    return printing.sheet(said, number=UUID(int=7), issued=datetime(2026, 3, 2, tzinfo=UTC), address="https://example.org/certificate/7/")


def pages(pdf: bytes) -> Iterator[pdfium.PdfPage]:
    with closing(pdfium.PdfDocument(pdf)) as document:
        yield from document


def text(pdf: bytes) -> str:
    return "".join(page.get_textpage().get_text_range() for page in pages(pdf))


def letters(text: str) -> set[str]:
    """Whatever order and forms a reader gives them in: letters that join come out in pieces."""
    return {each for each in unicodedata.normalize("NFKD", text) if unicodedata.category(each)[0] in "LM"}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_name_is_set_in_its_own_script(name: str) -> None:
    assert letters(name) <= letters(text(printed(name)))


@pytest.mark.parametrize("name", ["Zoë Łukasiewicz", "Ελένη Παπαδοπούλου", "Юлия Щербакова", "王小明", "佐藤さくら", "김민준", "შოთა"])
def test_a_name_whose_letters_stand_alone_can_be_copied_whole(name: str) -> None:
    assert name in unicodedata.normalize("NFC", text(printed(name)))


def test_a_script_without_a_typeface_is_said_rather_than_left_out() -> None:
    with pytest.raises(LettersMissing):
        printed("Ada 𒀀𒁀")


def test_chinese_japanese_and_korean_are_told_apart() -> None:
    assert [east_asian(name) for name in ("王小明", "佐藤さくら", "김민준", "Ada")] == ["SC", "JP", "KR", "SC"]


def test_markup_in_a_name_is_only_text() -> None:
    name = '#read("/etc/passwd") *Ada* <b> $x$'
    assert name in text(printed(name))


def test_the_longest_names_stay_on_one_page() -> None:
    signatories = [Signature(f"Professor {n}", "Title", "Another", "A third", "Northmere") for n in range(7)]
    pdf = printed(
        "Wolfeschlegelsteinhausenbergerdorff " * 4, title="A very long title of a course " * 6, template=Template(signatories=signatories)
    )
    assert len(list(pages(pdf))) == 1


def test_the_same_certificate_is_the_same_file_each_time() -> None:
    assert printed("Ada Byron") == printed("Ada Byron")


def test_many_can_print_at_once() -> None:
    with ThreadPoolExecutor(4) as threads:
        assert len(set(threads.map(printed, ["Ada Byron", "王小明", "Юлия"] * 10))) == 3
