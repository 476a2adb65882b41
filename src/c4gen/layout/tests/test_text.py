from hypothesis import given
from hypothesis import strategies as st

from c4gen.layout.text import plain, width, wrap


def test_known_widths():
    assert width("Hello", 12) == (722 + 556 + 222 + 222 + 556) * 12 / 1000
    assert width("漢", 10) == 10
    assert width("e\u0301", 10) == width("e", 10)


def test_long_names_break_where_people_read_a_joint():
    assert wrap("learning_resources/etl/loaders.py", 110, 12) == ("learning_resources/", "etl/loaders.py")


def test_what_does_not_fit_ends_in_an_ellipsis():
    lines = wrap("one two three four five six seven eight nine ten", 60, 12, most=2)
    assert len(lines) == 2
    assert lines[1].endswith("…")


def test_control_characters_are_spaces():
    assert plain("a\x00b\r\n c\u202e") == "a b c"


@given(st.text(max_size=80), st.integers(30, 200), st.integers(1, 5))
def test_every_line_fits(text: str, room: int, most: int):
    lines = wrap(text, room, 12, most=most)
    assert len(lines) <= most
    assert all(width(line, 12) <= room for line in lines)
