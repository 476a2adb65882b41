from c4gen.markup import address, el, joined


def test_text_is_escaped_and_markup_is_not():
    assert el("p", "<b>", el("i", "x")) == "<p>&lt;b&gt;<i>x</i></p>"
    assert joined(("a & b", el("br"))) == "a &amp; b<br>"


def test_attributes():
    assert el("a", "x", href='"><script>', class_="y", data_id=3, hidden=True, title=None, open=False) == (
        '<a href="&quot;&gt;&lt;script&gt;" class="y" data-id="3" hidden>x</a>'
    )


def test_characters_that_no_page_can_hold():
    assert el("p", "a\x00b\u202ec") == "<p>a�b�c</p>"


def test_links_lead_to_pages_alone():
    for good in ("https://example.org/a#L3", "container.html", "../learn/index.html", "#x"):
        assert address(good) == good
    for bad in ("javascript:alert(1)", " JavaScript:alert(1)", "data:text/html,x", "//elsewhere.example", "\\\\elsewhere", "vbscript:x"):
        assert address(bad) == ""
