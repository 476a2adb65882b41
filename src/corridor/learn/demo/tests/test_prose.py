"""What a reader would notice: sameness, slips of the pen, addresses that are somebody's."""

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

import yaml

from .cast import DEMO, catalogue, instructors, records

ADDRESS = re.compile(r"https?://([^/\s\"']+)")
MAIL = re.compile(r"\S@\S+\.\w")
DOUBLED = re.compile(r"\b(\w+)\s+\1\b", re.IGNORECASE)
MEANT_TWICE = {"that"}  # "believed that that much…" would be English; nothing else is
SENTENCE = re.compile(r"[\"“«¿¡‘(]?[A-ZÀ-Þ0-9]")
END = (".", "?", "!", '."', '?"', ".)")


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def shingles(text: str, size: int) -> set[tuple[str, ...]]:
    found = words(text)
    return {tuple(found[start : start + size]) for start in range(len(found) - size + 1)}


def texts() -> Iterator[tuple[str, str]]:
    """Every piece of prose, with where it stands."""
    for each in catalogue():
        record = each.record
        yield record.key, record.title
        yield record.key, record.description
        yield record.key, record.full_description
        yield record.key, str(record.details.get("transcript", ""))
        for page in record.content_files or ():
            yield f"{record.key} {page.key}", page.title
            yield f"{record.key} {page.key}", page.content


def test_descriptions_have_the_length_of_a_paragraph() -> None:
    lengths = {record.key: len(record.description.split()) for record in records()}
    assert {key: length for key, length in lengths.items() if not 50 <= length <= 110} == {}


def test_some_resources_say_more() -> None:
    assert sum(bool(record.full_description) for record in records()) >= 12


def test_no_two_descriptions_are_nearly_the_same() -> None:
    by_key = {(each.source, each.record.key): shingles(each.record.description, 3) for each in catalogue()}
    sharing: dict[tuple[str, ...], list[tuple[str, str]]] = defaultdict(list)
    for key, found in by_key.items():
        for shingle in found:
            sharing[shingle].append(key)
    pairs = {pair for keys in sharing.values() for pair in combinations(sorted(keys), 2)}
    alike = {(a, b): len(by_key[a] & by_key[b]) / len(by_key[a] | by_key[b]) for a, b in pairs}
    assert {pair: share for pair, share in alike.items() if share > 0.08} == {}


def test_no_sentence_is_a_mould() -> None:
    """Five words in a row that several descriptions share would betray a template."""
    shared: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for record in records():
        for shingle in shingles(record.description, 5):
            shared[shingle].add(record.key)
    assert {" ".join(shingle): keys for shingle, keys in shared.items() if len(keys) > 3} == {}


def test_descriptions_do_not_all_begin_alike() -> None:
    openings: dict[str, set[str]] = defaultdict(set)
    for record in records():
        openings[" ".join(words(record.description)[:2])].add(record.key)
    assert {opening: keys for opening, keys in openings.items() if len(keys) > 6} == {}


def test_titles_repeat_only_where_a_course_is_listed_twice() -> None:
    titled: dict[tuple[str, str], set[str]] = defaultdict(set)
    for record in records():
        titled[str(record.resource_type), record.title.casefold()].add(record.key)
    assert {title: keys for title, keys in titled.items() if len(keys) > 1} == {}


def test_nothing_points_to_a_real_address() -> None:
    for path in DEMO.rglob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        hosts = set(ADDRESS.findall(text))
        assert {host for host in hosts if not (host == "example.org" or host.endswith(".example.org"))} == set(), path.name
        assert not MAIL.search(text), path.name


def test_no_word_stands_twice() -> None:
    slips = {(place, match[0]) for place, text in texts() for match in DOUBLED.finditer(text) if match[1].lower() not in MEANT_TWICE}
    assert {slip for slip in slips if not slip[1][0].isdigit()} == set()


def test_descriptions_are_whole_sentences() -> None:
    for record in records():
        assert SENTENCE.match(record.description), record.key
        assert record.description.endswith(END), record.key
        assert "  " not in record.description, record.key
        assert " ," not in record.description, record.key
        assert record.description.count('"') % 2 == 0, record.key
        assert record.description.count("(") == record.description.count(")"), record.key


def test_every_person_has_a_name_of_their_own() -> None:
    assert len(instructors()) == len(set(instructors()))


def test_words_of_channels_are_sentences_of_their_own() -> None:
    channels = yaml.safe_load((DEMO / "channels.yaml").read_text(encoding="utf-8"))
    said = [*channels["topic"].values(), *channels["department"].values(), *(unit["description"] for unit in channels["unit"].values())]
    assert len(said) == len(set(said))
    assert all(text.strip().endswith(".") and 3 <= len(text.split()) <= 60 for text in said)
