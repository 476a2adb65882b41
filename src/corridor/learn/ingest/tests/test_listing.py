"""Whole listings: what counts as all of one, and where its pages may lie."""

from typing import Any

import pytest

from corridor.learn.ingest import listing
from corridor.learn.ingest.listing import UNKNOWN, Endpoint, Listing, gather, key_of, next_page, rows
from corridor.learn.ingest.oauth import Client
from corridor.learn.ingest.source import FetchFailed


class Answers:
    """Answers by address, and a failure for the others."""

    def __init__(self, pages: dict[str, Any]) -> None:
        self.pages = pages

    def json(self, address: str, *, headers: object = None, **parameters: Any) -> Any:
        if address not in self.pages:
            raise FetchFailed(f"{address} answered 500")
        return self.pages[address]

    def list(self, prefix: str) -> list[str]:
        return sorted(self.pages)

    def post(self, address: str, form: dict[str, str]) -> Any:
        return self.pages[address]


HERE = "https://example.org/courses"


def read(pages: dict[str, Any]) -> Listing:
    return listing.read(Answers(pages), Endpoint(HERE))


@pytest.mark.parametrize(
    ("pages", "items", "missing"),
    [
        ({HERE: [1, 2]}, [1, 2], ""),
        (
            {HERE: {"count": 2, "next": f"{HERE}?page=2", "results": [1]}, f"{HERE}?page=2": {"count": 2, "next": None, "results": [2]}},
            [1, 2],
            "",
        ),
        ({HERE: {"next": "?cursor=a", "results": [1]}, f"{HERE}?cursor=a": {"next": "", "results": [2]}}, [1, 2], ""),
        ({HERE: {"count": 3, "next": None, "results": [1]}}, [1], "announced 3 items and gave 1"),
        ({HERE: {"next": f"{HERE}?page=2", "results": [1]}}, [1], "answered 500"),
        ({HERE: {"next": HERE, "results": [1]}}, [1], "do not end"),
        ({HERE: {"next": "https://evil.example.com/courses?page=2", "results": [1]}}, [1], "on another host"),
        ({HERE: {"next": "file:///etc/passwd", "results": [1]}}, [1], "on another host"),
        ({HERE: {"next": 7, "results": [1]}}, [1], "is no address"),
        ({HERE: []}, [], "lists nothing"),
        ({HERE: {"detail": "maintenance"}}, [], "lists nothing"),
        ({}, [], "answered 500"),
    ],
)
def test_a_listing_is_whole_or_says_what_is_missing(pages: dict[str, Any], items: list[int], missing: str) -> None:
    found = read(pages)
    assert found.items == items
    assert (missing in found.missing) if missing else not found.missing


def test_pages_without_end_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "MOST_PAGES", 5)
    pages: dict[str, Any] = {f"{HERE}?page={number}": {"next": f"{HERE}?page={number + 1}", "results": [number]} for number in range(2, 50)}
    found = read({HERE: {"next": f"{HERE}?page=2", "results": [1]}, **pages})
    assert (len(found.items), "do not end" in found.missing) == (5, True)


def test_a_proxy_that_forgets_the_s_of_https_is_forgiven() -> None:
    assert next_page("https://example.org:8443/a", "http://example.org/a?page=2") == "https://example.org:8443/a?page=2"


def test_rows_of_answers_in_all_shapes() -> None:
    shapes: list[Any] = [[1], {"results": [1], "count": 1}, {"courses": [1], "programs": []}, {"results": 1}, "text", None, {}]
    assert [rows(shape) for shape in shapes] == [[1], [1], [1], [], [], [], []]


def test_files_of_a_folder_are_told_apart_by_what_they_hold() -> None:
    pages = {"f/a.json": [{"c": 1}, {"p": 2}], "f/b.json.gz": {"news": "x"}, "f/readme.txt": None}
    found = gather(Answers(pages), "f", {"c": Endpoint(""), "p": Endpoint("")}, lambda item: next(iter(item)))
    assert (found["c"].items, found["p"].items, found[UNKNOWN].items) == ([{"c": 1}], [{"p": 2}], [{"news": "x"}])
    assert found["c"].missing == ""
    assert "1 entries below f are of no known kind" in found[UNKNOWN].missing


def test_keys_are_stable_also_for_what_has_no_name() -> None:
    assert key_of("course", {"id": 0, "readable_id": "", "uuid": "u"}, "readable_id", "uuid") == "course:u"
    nameless = [key_of("course", item, "id") for item in ({"id": True}, {"id": None}, {"id": True}, "text", None)]
    assert nameless[0] == nameless[2]
    assert len(set(nameless)) == 4


@pytest.mark.parametrize(("scheme", "form"), [("Bearer", {}), ("JWT", {"token_type": "jwt"})])
def test_a_token_is_asked_for_and_sent_along(scheme: str, form: dict[str, str]) -> None:
    asked = {}

    class Endpoint(Answers):
        def post(self, address: str, form: dict[str, str]) -> Any:
            asked.update(form)
            return {"access_token": "a.b.c"}

    client = Client("https://example.org/token", "we", "hush", scheme)
    assert client.headers(Endpoint({})) == {"Authorization": f"{scheme} a.b.c"}
    assert asked == {"grant_type": "client_credentials", "client_id": "we", "client_secret": "hush", **form}
    assert "hush" not in repr(client)


@pytest.mark.parametrize(
    "answer", [None, {}, {"access_token": ""}, {"access_token": 5}, {"access_token": "a\r\nHost: evil"}, {"access_token": "a b"}]
)
def test_what_is_no_token_is_not_sent(answer: Any) -> None:
    with pytest.raises(FetchFailed, match="gave no access token"):
        Client("t", "we", "hush").headers(Answers({"t": answer}))
