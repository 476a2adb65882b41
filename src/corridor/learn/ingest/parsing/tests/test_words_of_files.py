"""What people read of captions, pages and PDFs, and how long things play."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.learn.ingest.parsing.captions import caption_text, sjson_text
from corridor.learn.ingest.parsing.course_numbers import department_of, number_of_key
from corridor.learn.ingest.parsing.file_text import file_text
from corridor.learn.ingest.parsing.markdown import html_text, markdown_text
from corridor.learn.ingest.parsing.pdf import PdfReader, pdf_text
from corridor.learn.ingest.parsing.play_time import iso_play_time, play_seconds
from corridor.learn.ingest.parsing.titles import is_deleted


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "1\n00:00:01,000 --> 00:00:02,000\nOne\ntwo\n\n2\n00:00:02,000 --> 00:00:03,000\n<i>three</i> &amp; four\n",
            "One two three & four",
        ),
        (
            "WEBVTT - title\n\nNOTE not said\nat all\n\nSTYLE\n::cue {}\n\nintro\n01:02.000 --> 01:03.000 align:left\n<v Ann>Hello\n",
            "Hello",
        ),
        ("1\r\n00:00:01,000 --> 00:00:02,000\r\n42\r\n\r\n2\r\n00:00:02.000 --> 00:00:03.000\r\n{\\an8}is it\r\n", "42 is it"),
        ("Just words\n\nwithout times", "Just words without times"),
        ("", ""),
    ],
)
def test_captions_become_what_is_said(text: str, words: str) -> None:
    assert caption_text(text) == words


def test_timed_json_becomes_what_is_said() -> None:
    assert sjson_text('{"start": [1], "end": [2], "text": ["One", "", null, "&quot;two&quot;"]}') == 'One "two"'
    for broken in ("", "[]", "{}", '{"text": 1}'):
        with pytest.raises(ValueError, match=r"text|JSON|Expecting"):
            sjson_text(broken)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("# Title\n\n* one **bold** item\n* [two](x.pdf \"t\")\n", "Title\none bold item\ntwo"),
        ("| A | B |\n| --- | :-: |\n| 1 | ![alt text](i.png) |", "A B\n1 alt text"),
        ('See {{% resource_link "u-1" "the notes" %}}, {{< quote "so it is" "someone" >}}.', "See the notes, so it is someone."),
        ("{{< anchor >}}Text{{< /anchor >}}{{< br >}}more", "Text more"),
        ("a \\* b_c_d 2 * 3 * 4", "a * b_c_d 2 * 3 * 4"),
        ("<p>H&eacute;</p>", "Hé"),
        ("", ""),
    ],
)  # fmt: skip
def test_markdown_becomes_words(source: str, words: str) -> None:
    assert markdown_text(source) == words


def test_html_becomes_lines_of_words() -> None:
    assert html_text("<h1>A</h1><p>b<br>c &lt;d&gt;</p><script>x()</script><ul><li>e<li>f</ul>") == "A\nb\nc <d>\ne\nf"


@pytest.mark.parametrize("piece", ["{{<", "[", "](", "*a ", "<", "![", "_", "{{% quote \""])  # fmt: skip
def test_hostile_markdown_takes_no_longer_than_its_length(piece: str) -> None:
    started = time.process_time()
    markdown_text(piece * 40_000)
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("1:02:03", "PT1H2M3S"), ("62:03", "PT1H2M3S"), ("3723", "PT1H2M3S"), ("00:54:52", "PT54M52S"), ("1h 2m", "PT1H2M"),
        ("45 min", "PT45M"), ("PT1H2M3S", "PT1H2M3S"), ("P1DT1H", "PT25H"), ("0:30", "PT30S"), ("1:00:00.500", "PT1H"),
        ("10:59:59", "PT10H59M"),  # ten characters at most
        ("", ""), ("0", ""), ("soon", ""), ("1:2:3:4", ""), ("999999999", ""), ("-5", ""), ("h", ""), ("PT", ""),
    ],
)  # fmt: skip
def test_play_times(text: str, iso: str) -> None:
    assert iso_play_time(text) == iso


@given(st.integers(1, 999 * 3600))
def test_play_times_are_read_as_they_were_written(seconds: int) -> None:
    clock = f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    assert play_seconds(clock) == play_seconds(str(seconds)) == seconds
    assert len(iso_play_time(clock)) <= 10


@pytest.mark.parametrize(
    ("number", "department"),
    [
        ("6.042J", "6"), ("18.03.1x", "18"), ("21W.735", "CMS-W"), ("21M.301", "21M"), ("CMS.608", "CMS-W"), ("CMS-W.864", "CMS-W"),
        ("es.801x", "ES"), ("06.001", "6"), ("JPAL102x", ""), ("6", ""), ("6.", ""), ("", ""), ("RES.6-007", "RES"),
    ],
)  # fmt: skip
def test_departments_lead_numbers(number: str, department: str) -> None:
    assert department_of(number) == department


def test_numbers_stand_in_the_middle_of_keys() -> None:
    assert [number_of_key(key) for key in ("course-v1:MITx+6.00x+1T2019", "MITx+6.00x", "MITx/6.00x/2019", "")] == [
        "6.00x",
        "6.00x",
        "",
        "",
    ]


@pytest.mark.parametrize(
    ("title", "deleted"),
    [
        ("[delete] Kites", True), ("(DELETE) Kites", True), ("delete this", True), ("Delete", True), ("Kites [deleted]", True),
        ("Deleterious Mutations", False), ("How to delete files", False), ("Kites", False), ("", False),
    ],
)  # fmt: skip
def test_titles_that_say_that_they_are_gone(title: str, deleted: bool) -> None:
    assert is_deleted(title) == deleted


def test_pdfs_with_and_without_a_text_layer(shared_data: Path) -> None:
    read = {path.name: pdf_text(path.read_bytes()) for path in sorted((shared_data / "content/pdf").glob("*.pdf"))}
    without = {name for name, found in read.items() if not found.text}
    assert without == {"mit-learn_test_notes.pdf", "ocw_9.15_glutamate.pdf"}
    assert {read[name].note for name in without} == {"1 page of images without a text layer"}
    assert "Jordan" in read["1806_jordan_vectors.pdf"].text
    assert read["18S096_memory.pdf"].pages == 19


def test_broken_pdfs_are_noted(shared_data: Path) -> None:
    whole = (shared_data / "content/pdf/1806_jordan_vectors.pdf").read_bytes()
    for data in (b"", b"%PDF-1.7", whole[:2000], b"\x00" * 1000):
        assert pdf_text(data).note.startswith("no readable PDF")
    assert file_text("Notes.PDF", b"stub")[0] == ""


def test_a_reader_that_hangs_or_dies_is_replaced(shared_data: Path) -> None:
    whole = (shared_data / "content/pdf/1806_jordan_vectors.pdf").read_bytes()
    reader = PdfReader(seconds=0)
    assert "took more than 0 seconds" in reader.read(whole).note
    reader.seconds = 30
    assert reader.read(whole).pages == 4
    assert reader.child
    reader.child.kill()
    reader.child.wait()
    assert reader.read(whole).note == "broke the reader, not read"
    assert reader.read(whole).pages == 4
    reader.close()
