"""The invented feed in ../fixture, and feeds that go wrong."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.kit.tests.misbehaving import Request, serving
from corridor.learn.ingest.source import FetchFailed, Gap
from corridor.learn.sources.podcast.feed import FeedRefused, parse
from corridor.learn.sources.podcast.mapping import episode_ids
from corridor.learn.sources.podcast.source import Podcasts, feed_address
from corridor.learn.sources.tests.reading import Outcome, fetcher, raw_records, read

FIXTURE = Path(__file__).parents[1] / "fixture"
ID = "feeds.example.org/tin-whistle"


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return read(Podcasts(address=str(FIXTURE)), tmp_path_factory.mktemp("store"))


def test_a_podcast_has_its_episodes_in_the_order_of_the_feed(outcome: Outcome) -> None:
    podcast = outcome.records[f"{ID}#"]
    assert (podcast.title, podcast.readable_id, podcast.offered_by, podcast.languages) == ("The Tin Whistle Hour", ID, "ocw", ("en-us",))
    assert (podcast.description, podcast.url) == ("Six holes&nbsp;&amp; no valves", "https://whistle.example.org/")
    assert podcast.details["apple_podcasts_url"] == "https://podcasts.apple.com/us/podcast/tin-whistle/id1"
    assert [child.readable_id for child in podcast.children or ()] == [
        f"{ID}#7",  # a guid that other feeds may have too
        "https://whistle.example.org/episodes/6",
        "https://whistle.example.org/5.mp3",  # two entries with one guid are told apart by their files
        "https://whistle.example.org/4.mp3",
    ]


def test_topics_with_commas_in_their_names_are_offered_whole(outcome: Outcome) -> None:
    assert {"Music", "Data Science, Analytics & Computer Technology"} <= set(outcome.records[f"{ID}#"].topics)


def test_episodes_take_over_what_they_lack(outcome: Outcome) -> None:
    seven, six = outcome.records[f"{ID}#{ID}#7"], outcome.records[f"{ID}#https://whistle.example.org/episodes/6"]
    assert seven.title == "Holes & Notes"
    assert (seven.description, seven.full_description) == ("<p>One <b>hole</b> at a time.</p>", "<p>One hole at a time, at length.</p>")
    assert seven.last_modified
    assert seven.last_modified.isoformat() == "2031-01-05T18:00:00+03:00"
    assert (seven.url, seven.details["episode_link"]) == ("https://whistle.example.org/7.mp3?x=1", None)
    assert (six.description, six.last_modified, six.details["duration"]) == ("How to breathe.", None, "")
    assert all(record.image and record.image.url == "https://whistle.example.org/cover.jpg" for record in outcome.records.values())
    assert [record.details.get("duration") for record in outcome.records.values()][1:] == ["PT1H2M3S", "", "PT1H2M3S", "PT1H2M"]


def test_an_entry_without_audio_is_no_episode(outcome: Outcome) -> None:
    assert list(outcome.skipped.values()) == ["an entry without audio"]


def test_a_feed_that_cannot_be_read_leaves_what_is_known_of_it(outcome: Outcome) -> None:
    assert len(outcome.gaps) == 1
    assert "gone.rss" in outcome.gaps[0].reason


def test_a_feed_on_the_web_is_a_gap_for_itself_alone(tmp_path: Path) -> None:
    routes = {"/bad": lambda r: r.give(b"", 503), "/good": lambda r: r.give((FIXTURE / "tin-whistle.rss").read_bytes())}
    with serving(routes) as server:
        (tmp_path / "feeds.yaml").write_text(f"- rss_url: {server.at('/bad')}\n- rss_url: {server.at('/good')}\n")
        found = raw_records(Podcasts(address=str(tmp_path)), tmp_path / "store", [server.address])
    host = server.address.removeprefix("http://")
    assert [each.key_prefix for each in found if isinstance(each, Gap)] == [f"{host}/bad#"]
    assert f"{host}/good#" in [each.key for each in found if not isinstance(each, Gap)]


def page(next_page: str, episode: int) -> bytes:
    return f"""<rss xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>T</title><atom:link rel="next" href="{next_page}"/>
    <item><title>E{episode}</title><guid>episode-number-{episode:04}</guid><enclosure url="https://x.org/{episode}.mp3" type="audio/mpeg"/></item>
    </channel></rss>""".encode()


@pytest.mark.parametrize(
    ("last", "episodes", "gaps"),
    [
        ("", 2, 0),
        ("/feed?page=1", 2, 0),  # round and round
        ("/missing", 2, 1),
        ("https://elsewhere.example.org/feed", 2, 1),  # never left
    ],
)
def test_further_pages_of_a_feed_are_followed_on_its_own_host(tmp_path: Path, last: str, episodes: int, gaps: int) -> None:
    def answer(request: Request) -> None:
        request.give(page(last, 1) if request.path.endswith("page=2") else page("/feed?page=2", 2))

    with serving({"/feed": answer}) as server:
        (tmp_path / "feeds.yaml").write_text(f"rss_url: {server.at('/feed')}\n")
        outcome = read(Podcasts(address=str(tmp_path)), tmp_path / "store", [server.address])
    assert (outcome.kinds()["podcast_episode"], len(outcome.gaps)) == (episodes, gaps)


@pytest.mark.parametrize("content", ["[]", "rss_url:", "topics: Music", "- - -", "\x01", "rss_url: [a]", "a: &a [*a]"])
def test_a_broken_configuration_unpublishes_nothing(tmp_path: Path, content: str) -> None:
    (tmp_path / "broken.yaml").write_text(content)
    (tmp_path / "good.yaml").write_text("rss_url: feed.rss")
    (tmp_path / "feed.rss").write_bytes(page("", 1))
    outcome = read(Podcasts(address=str(tmp_path)), tmp_path / "store")
    assert outcome.kinds() == {"podcast": 1, "podcast_episode": 1}
    assert [gap.key_prefix for gap in outcome.gaps] == ([] if content == "[]" else [""])


def test_no_configuration_at_all_is_a_failure(tmp_path: Path) -> None:
    with pytest.raises(FetchFailed, match="no podcast is named"):
        list(Podcasts(address=str(tmp_path)).fetch(fetcher(tmp_path / "store", tmp_path)))


@pytest.mark.parametrize("rss_url", ["/etc/passwd", "../secrets.xml", "file:///etc/passwd", "s3://bucket/feed", "ftp://x.org/feed"])
def test_a_configuration_leads_only_to_the_web_or_to_what_lies_beside_it(rss_url: str) -> None:
    for place in ("/podcasts/a.yaml", "https://example.org/a.yaml"):
        with pytest.raises(ValueError, match="no web address"):
            feed_address(place, rss_url)
    with pytest.raises(ValueError, match="no web address"):
        feed_address("https://example.org/a.yaml", "feed.rss")


BOMB = '<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><rss><channel><title>&b;</title></channel></rss>'


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (BOMB.encode(), "defines entities"),
        (b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel/></rss>', "defines entities"),
        (b"<html><body>Sign in</body></html>", "no RSS: its root is html"),
        (b'<feed xmlns="http://www.w3.org/2005/Atom"/>', "an Atom feed"),
        (b"<rss><channel><title>cut", "no well-formed XML"),
        (b"", "no well-formed XML"),
        (b"\xff\xfe", "no well-formed XML"),
    ],
)
def test_what_is_no_feed_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(FeedRefused, match=reason):
        parse(data)


@pytest.mark.parametrize(
    ("data", "title"),
    [
        ('<?xml version="1.0" encoding="ISO-8859-1"?><rss><channel><title>Notícias</title></channel></rss>'.encode("latin-1"), "Notícias"),
        ('<?xml version="1.0" encoding="UTF-8"?><rss><channel><title>Notícias</title></channel></rss>'.encode("latin-1"), "Notícias"),
        ('\ufeff\n <?xml version="1.0"?><rss><channel><title>Ünter</title></channel></rss>'.encode(), "Ünter"),
        (b"<rss><channel><title>A &amp; B &nbsp;&eacute; & C &unknown; \x08</title></channel></rss>", "A & B \xa0é & C &unknown;"),
        (b"<rss><channel><title><![CDATA[A <b>&amp;</b>]]></title></channel></rss>", "A <b>&amp;</b>"),
        ('<?xml version="1.0" encoding="no-such-code"?><rss><channel><title>Ü</title></channel></rss>'.encode(), "Ü"),
    ],
)
def test_odd_encodings_and_entities_are_read(data: bytes, title: str) -> None:
    assert parse(data)["title"] == title


@given(st.binary(max_size=400))
def test_any_bytes_are_a_feed_or_refused(data: bytes) -> None:
    with suppress(FeedRefused):
        parse(b"<rss><channel>" + data + b"</channel></rss>")


ITEMS = st.lists(
    st.fixed_dictionaries(
        {
            "guid": st.sampled_from(["", "1", "2", "a-long-and-unique-guid"]),
            "audio": st.sampled_from(["", "a", "b", "c"]),
            "link": st.just("l"),
        }
    )
)


@given(ITEMS)
def test_no_two_episodes_share_an_id(items: list[dict[str, str]]) -> None:
    ids = [id for id in episode_ids("feed", items) if id]
    assert len(ids) == len(set(ids))
