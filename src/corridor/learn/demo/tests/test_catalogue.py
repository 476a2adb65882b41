"""The demo shows everything that Corridor can show, and hangs together."""

from collections import Counter
from collections.abc import Callable, Iterable
from itertools import chain

import pytest
import yaml
from django.db.models import TextChoices

from corridor.learn.catalog import details
from corridor.learn.catalog import vocabulary as v
from corridor.learn.catalog.reference.files import flattened
from corridor.learn.catalog.reference.files import read as read_reference
from corridor.learn.demo.sources import DATA
from corridor.learn.ingest.records import ResourceRecord, RunRecord

from .cast import DEMO, TODAY, catalogue, instructors, records, reference, topic_names

AT_LEAST = {
    "course": 200,
    "program": 30,
    "podcast": 12,
    "podcast_episode": 80,
    "video_playlist": 10,
    "video": 70,
    "document": 40,
    "learning_path": 8,
}


def runs() -> list[RunRecord]:
    return [run for record in records() for run in record.runs]


def of_type(resource_type: str) -> list[ResourceRecord]:
    return [record for record in records() if record.resource_type == resource_type]


def test_there_is_enough_of_everything() -> None:
    counted = Counter(str(record.resource_type) for record in records())
    assert {kind: counted[kind] for kind in AT_LEAST if counted[kind] < AT_LEAST[kind]} == {}
    assert counted.total() >= 400


def test_it_is_small() -> None:
    assert sum(path.stat().st_size for path in DEMO.rglob("*.yaml")) < 1_500_000


@pytest.mark.parametrize(
    ("vocabulary", "seen"),
    [
        (v.ResourceType, lambda: (record.resource_type for record in records())),
        (v.CertificationType, lambda: (record.certification_type for record in records())),
        (v.Delivery, lambda: chain.from_iterable(record.delivery for record in records())),
        (v.Pace, lambda: chain.from_iterable(record.pace for record in records())),
        (v.Format, lambda: chain.from_iterable(record.format for record in records())),
        (v.Availability, lambda: (record.availability for record in records())),
        (v.Level, lambda: chain.from_iterable(run.level for run in runs())),
        (v.RelationType, lambda: (child.relation_type for record in records() for child in record.children or ())),
    ],
)
def test_every_word_of_the_vocabularies_occurs(vocabulary: type[TextChoices], seen: Callable[[], Iterable[str]]) -> None:
    assert set(vocabulary.values) <= set(seen())


def test_prices_are_free_paid_and_in_several_currencies() -> None:
    prices = [price for record in of_type("course") for price in record.prices]
    assert {"USD", "EUR", "GBP", "CHF", "CAD", "JPY"} <= {price.currency for run in runs() for price in run.prices}
    assert sum(price.currency == "USD" for price in prices) > 0.8 * len(prices)
    assert sum(not record.prices for record in of_type("course")) > 80
    assert sum({price.amount > 0 for price in record.prices} == {True, False} for record in of_type("course")) > 50
    assert sum(bool(record.prices) and min(price.amount for price in record.prices) > 0 for record in of_type("course")) > 25


def test_courses_are_taught_in_several_languages() -> None:
    assert {"en", "es", "fr", "pt", "de", "ja", "zh", "sw"} <= set(chain.from_iterable(record.languages for record in of_type("course")))


def test_runs_are_over_under_way_and_to_come() -> None:
    dated = [run for run in runs() if run.start_date and run.end_date]
    assert sum(run.end_date < TODAY for run in dated if run.end_date) > 30
    assert sum(run.start_date <= TODAY < run.end_date for run in dated if run.start_date and run.end_date) > 15
    assert sum(run.start_date > TODAY for run in dated if run.start_date) > 60
    enrollable = [
        run for run in dated if run.enrollment_start and run.enrollment_end and run.enrollment_start <= TODAY < run.enrollment_end
    ]
    assert len(enrollable) > 60


def test_some_courses_are_cross_listed_and_some_had_other_numbers() -> None:
    numbers = [record.course_numbers for record in of_type("course")]
    assert sum(len(each) > 1 for each in numbers) >= 4
    assert sum("old_numbers" in record.details for record in of_type("course")) >= 2


def test_some_courses_are_listed_by_two_providers_with_their_own_words() -> None:
    online = {each.record.key: each.record for each in catalogue() if each.source == "demo_online"}
    again = [each.record for each in catalogue() if each.source == "demo_causeway" and each.record.key in online]
    assert len(again) >= 6
    for record in again:
        first = online[record.key]
        assert record.title == first.title
        assert record.description != first.description
        assert {run.run_id for run in record.runs} == {run.run_id for run in first.runs}


def test_programs_contain_programs() -> None:
    nested = [child for record in of_type("program") for child in record.children or () if child.resource_type == "program"]
    assert len(nested) >= 5


def test_instructors_are_many_and_each_is_needed() -> None:
    named = {instructor.full_name for run in runs() for instructor in run.instructors}
    assert named == set(instructors())
    assert len(named) >= 120
    assert all(run.instructors for record in records() if record.resource_type in ("course", "program") for run in record.runs)


def test_every_course_and_program_has_a_run_and_its_run_ids_differ() -> None:
    for record in (*of_type("course"), *of_type("program")):
        ids = [run.run_id for run in record.runs]
        assert ids, record.key
        assert len(ids) == len(set(ids)), record.key


def test_identities_and_addresses_are_unique() -> None:
    identities = Counter((record.platform, record.resource_type, record.readable_id) for record in records())
    assert [identity for identity, count in identities.items() if count > 1] == []
    addresses = Counter((each.source, each.record.url) for each in catalogue())
    assert [address for address, count in addresses.items() if count > 1] == []


def test_children_are_there_and_no_program_contains_itself() -> None:
    known = {(record.platform, record.resource_type, record.readable_id) for record in records()}
    below: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for record in records():
        for child in record.children or ():
            platform = child.platform or record.platform
            assert (platform, child.resource_type, child.readable_id) in known, (record.key, child.readable_id)
            below.setdefault((record.platform, record.readable_id), []).append((platform, child.readable_id))
    for start in below:
        reached, waiting = set(), list(below[start])
        while waiting:
            here = waiting.pop()
            if here not in reached:
                reached.add(here)
                waiting += below.get(here, [])
        assert start not in reached


def test_episodes_and_videos_belong_to_a_whole() -> None:
    parts = {child.readable_id for record in records() for child in record.children or () if record.resource_type != "learning_path"}
    assert {record.readable_id for record in (*of_type("podcast_episode"), *of_type("video"))} <= parts


def test_names_in_records_are_in_the_reference_data() -> None:
    platforms, offerors = ({row["code"] for row in reference(name)} for name in ("platforms", "offerors"))
    departments, topics = {row["id"] for row in reference("departments")}, topic_names()
    for record in records():
        assert record.platform in platforms, record.key
        assert record.offered_by in offerors | {""}, record.key
        assert set(record.topics) <= topics, record.key
        assert set(record.departments) | {number.department for number in record.course_numbers} <= departments, record.key
        assert record.topics, record.key


def test_every_topic_department_and_unit_has_something_to_show() -> None:
    roots = {root["name"] for root in reference("topics")}
    tagged = Counter(chain.from_iterable(record.topics for record in records()))
    assert {name for name in topic_names() - roots if tagged[name] < 2} == set()
    assert {row["id"] for row in reference("departments")} == set(chain.from_iterable(record.departments for record in records()))
    assert {row["code"] for row in reference("offerors")} == {record.offered_by for record in records()} - {""}


def test_reference_data_is_in_the_form_that_the_catalogue_loads() -> None:
    contents = read_reference(DEMO / "reference")
    shipped = read_reference(DEMO.parent / "catalog" / "reference" / "mit")
    assert len(contents.schools) == 8
    assert [(each.node.name, each.icon, each.id) for each in flattened(contents.topics)] == [
        (each.node.name, each.icon, each.id) for each in flattened(shipped.topics)
    ]


def test_channels_have_words() -> None:
    words = yaml.safe_load((DEMO / "channels.yaml").read_text(encoding="utf-8"))
    assert words["topic"].keys() == topic_names()
    assert words["department"].keys() == {row["id"] for row in reference("departments")}
    assert words["unit"].keys() == {row["code"] for row in reference("offerors")}
    lists = {record.readable_id for record in of_type("learning_path")}
    assert {unit["featured_list"] for unit in words["unit"].values() if "featured_list" in unit} <= lists


def test_a_featured_list_holds_what_its_unit_offers() -> None:
    words = yaml.safe_load((DEMO / "channels.yaml").read_text(encoding="utf-8"))
    items = {record.readable_id: record.children or () for record in of_type("learning_path")}
    for unit, said in words["unit"].items():
        assert {child.platform for child in items.get(said.get("featured_list"), ())} <= {unit}


def test_details_have_the_shape_of_their_type() -> None:
    for record in records():
        details.shaped(record.resource_type, record.details)


def test_courses_have_pages_and_videos_have_transcripts() -> None:
    written = {
        course
        for folder in DATA.iterdir()
        for path in folder.glob("content/*.yaml")
        for course in yaml.safe_load(path.read_text(encoding="utf-8"))
    }
    with_pages = [record for record in records() if record.content_files]
    assert {record.key for record in with_pages} >= written, "pages of a course that is not there"
    assert len(with_pages) >= 40
    for record in with_pages:
        assert all(150 <= len(page.content.split()) <= 400 for page in record.content_files or ()), record.key
        assert {page.run_id for page in record.content_files or ()} == {run.run_id for run in record.runs}
    transcripts = [record.details["transcript"] for record in of_type("video") if record.details["transcript"]]
    assert len(transcripts) >= 12
    assert all(150 <= len(text.split()) <= 400 for text in transcripts)
