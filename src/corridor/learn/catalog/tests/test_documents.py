"""Documents: what they tell, and that they are true after whatever changes."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from corridor.kit.outbox.models import OutboxEvent
from corridor.learn.catalog.documents import publish, publish_everything, refresh_derived, with_position
from corridor.learn.catalog.models import ContentTag, LearningResource, Offeror, Relationship, ResourceDocument, Run, Topic
from corridor.learn.catalog.vocabulary import RelationType, ResourceType
from corridor.learn.channels.models import Channel
from corridor.learn.content.models import ContentFile

from .cast import NOW, body_of, days, link, make_department, make_resource, make_run, make_topics, make_unit, problems, publish_now

pytestmark = pytest.mark.django_db

MONEY = [{"amount": "0.00", "currency": "USD"}, {"amount": "49.00", "currency": "USD"}]
SCHEMAS = {kind: "".join(map(str.title, kind.split("_"))) + "Resource" for kind in ResourceType.values}


def children_of(resource: LearningResource) -> list[Any]:
    return list(ResourceDocument.objects.get(pk=resource.pk).search["children"])


def whole_catalogue() -> list[LearningResource]:
    """One resource of every type, everything said of it that can be, linked to one another."""
    unit, department, (science, physics) = make_unit(), make_department(), make_topics("Science", "Physics")
    numbers = {"course_numbers": [{"value": "6.001", "department": "6"}, {"value": "8.02", "listing_type": "cross-listed"}]}
    course = make_resource(
        "C1",
        offered_by=unit,
        details=numbers,
        description="About <b>light</b>",
        url="https://example.org/c1",
        image_url="https://example.org/c1.jpg",
        certification=True,
        certification_type="completion",
        continuing_ed_credits="1.50",
        last_modified=days(-3),
        languages=["en"],
        availability="dated",
        ocw_topics=["Optics"],
    )
    make_run(
        course,
        "C1+1",
        ["Ada Moreno", "Ben Okafor"],
        resource_prices=MONEY,
        level=["graduate"],
        start_date=days(10),
        end_date=days(60),
        year=2026,
    )
    course.topics.set([science, physics])
    course.departments.set([department])
    course.content_tags.set([ContentTag.objects.create(name="Lecture Videos")])
    program = make_resource("P1", "program", offered_by=unit)
    podcast = make_resource("PC1", "podcast", details={"rss_url": "https://example.org/feed"})
    episode = make_resource(
        "PE1", "podcast_episode", details={"audio_url": "https://example.org/a.mp3", "duration": "PT30M", "rss": "<item/>"}
    )
    captions = [{"language": "en", "language_name": "English", "url": "https://example.org/en.vtt"}]
    video = make_resource("V1", "video", details={"duration": "PT5M", "caption_urls": captions, "transcript": "Let there be"})
    playlist = make_resource("VP1", "video_playlist", details={"channel": {"channel_id": "x1", "title": "Channel"}})
    document = make_resource("D1", "document")
    path = make_resource("L1", "learning_path", platform=None)
    link(program, course, relation=RelationType.PROGRAM_COURSES)
    link(podcast, episode, relation=RelationType.PODCAST_EPISODES)
    link(playlist, video, relation=RelationType.PLAYLIST_VIDEOS)
    link(course, playlist, document, relation=RelationType.COURSE_LEARNING_MATERIALS)
    link(path, course, video, relation=RelationType.LEARNING_PATH_ITEMS)
    run = course.runs.get()
    ContentFile.objects.create(
        resource=course, run=run, direct_resource=document, key="book.pdf", title="Book", description="A book", content="x" * 99
    )
    ContentFile.objects.create(resource=video, key="v", youtube_id="abc", content_type="video")
    return [course, program, podcast, episode, video, playlist, document, path]


@pytest.mark.parametrize("said", ["everything", "nothing"])
def test_every_type_has_the_published_shape(said: str, contract: Path) -> None:
    bare = [make_resource(kind, kind, platform=None) for kind in ResourceType.values]
    resources = whole_catalogue() if said == "everything" else bare
    publish_now(*resources)
    for resource in resources:
        body = body_of(resource)
        assert problems(contract, SCHEMAS[resource.resource_type], body) == []
        assert problems(contract, "LearningResource", body) == []


def test_what_a_course_tells() -> None:
    course, *_ = whole_catalogue()
    publish_now(*LearningResource.objects.all())
    body = body_of(course)
    run = body["runs"][0]
    assert body["resource_prices"] == MONEY
    assert (body["prices"], body["free"]) == (["0.00", "49.00"], True)
    assert (body["best_run_id"], body["next_start_date"]) == (run["id"], "2026-03-12T12:00:00Z")
    assert [person["full_name"] for person in run["instructors"]] == ["Ada Moreno", "Ben Okafor"]
    assert body["certification_type"] == {"code": "completion", "name": "Certificate of Completion"}
    assert body["continuing_ed_credits"] == "1.50"
    assert [topic["name"] for topic in body["topics"]] == ["Physics", "Science"]
    assert [number["department"]["department_id"] for number in body["course"]["course_numbers"]] == ["6", ""]
    assert body["topics"][0]["channel_url"].endswith("/c/topic/physics/")
    assert body["offered_by"]["channel_url"].endswith("/c/unit/press/")
    assert body["departments"][0]["channel_url"].endswith("/c/department/department-6/")


def test_what_materials_tell_of_those_they_belong_to() -> None:
    course, program, podcast, episode, video, playlist, document, path = whole_catalogue()
    publish_now(*LearningResource.objects.all())
    assert body_of(program)["program"] == {"course_count": 1, "program_count": 0}
    assert body_of(podcast)["podcast"]["episode_count"] == 1
    assert body_of(episode)["podcast_episode"]["parent_podcasts"] == [{"id": podcast.pk, "title": "Title of PC1", "readable_id": "PC1"}]
    assert body_of(video)["playlists"] == [str(playlist.pk)]
    told = body_of(playlist)["video_playlist"]
    assert (told["video_count"], told["parent_learning_resource_id"], told["parent_course_numbers"]) == (1, course.pk, ["6.001", "8.02"])
    file = body_of(document)["content_files"][0]
    assert (file["resource_id"], file["run_readable_id"], file["course_number"]) == (str(course.pk), "C1+1", ["6.001", "8.02"])
    assert "content" not in file
    assert body_of(document)["description"] == "A book"  # of its first file, having none of its own
    assert body_of(path)["learning_path"] == {"id": path.pk, "item_count": 2}


def test_what_the_index_is_told_beyond_the_body() -> None:
    course, *_, video, playlist, _, path = whole_catalogue()
    Channel.objects.filter(unit="press").update(featured_list=path)
    publish_now(*LearningResource.objects.all())
    Channel.objects.filter(unit="press").update(featured_list=path)
    publish_now(*LearningResource.objects.all())
    search = ResourceDocument.objects.get(pk=course.pk).search
    assert [(child["title"], child["position"]) for child in search["children"]] == [("Title of VP1", 0), ("Title of D1", 1)]
    assert search["instructors"] == ["Ada Moreno", "Ben Okafor"]
    assert (search["levels"], search["sort_coursenum"], search["ocw_topics"]) == (["graduate"], "06.001", ["Optics"])
    assert (search["featured_position"], ResourceDocument.objects.get(pk=video.pk).search["featured_position"]) == (0, 1)
    assert ResourceDocument.objects.get(pk=video.pk).search["transcript"] == "Let there be"
    assert ResourceDocument.objects.get(pk=video.pk).search["canonical_parent_ids"] == [playlist.pk]


def test_what_is_not_public_is_not_told() -> None:
    course = make_resource("C1")
    make_run(course, "shown", ["Ada Moreno"])
    make_run(course, "hidden", ["Secret Person"], published=False)
    make_run(course, "variant", ["Other Person"], is_variant=True)
    hidden, document = make_resource("C2", published=False), make_resource("D1", "document")
    ContentFile.objects.create(resource=hidden, direct_resource=document, key="exam.pdf", title="Exam")
    link(course, hidden, relation=RelationType.COURSE_LEARNING_MATERIALS)
    publish_now(course, hidden, document)
    assert [run["run_id"] for run in body_of(course)["runs"]] == ["shown"]
    assert ResourceDocument.objects.get(pk=course.pk).search["instructors"] == ["Ada Moreno"]
    assert (children_of(course), body_of(document)["content_files"]) == ([], [])
    assert not ResourceDocument.objects.get(pk=hidden.pk).published


# --- writes


def versions() -> dict[int, int]:
    return dict(ResourceDocument.objects.values_list("pk", "version"))


def owed() -> list[str]:
    return list(OutboxEvent.objects.filter(topic="learn.resources").values_list("aggregate", flat=True))


def test_each_change_is_announced_once_under_a_greater_version() -> None:
    course = make_resource()
    assert publish_now(course).changed == {course.pk}
    first = versions()[course.pk]
    LearningResource.objects.update(title="Another")
    publish_now(course)
    assert versions()[course.pk] > first
    assert owed() == [str(course.pk)] * 2


def rows_written() -> list[tuple[str, int]]:
    """Of every table of ours: rows that this transaction inserted, updated or deleted."""
    with connection.cursor() as cursor:
        cursor.execute("""SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables
            WHERE relname LIKE 'learn%' OR relname LIKE 'kit%' ORDER BY relname""")
        return cursor.fetchall()


def test_nothing_is_written_where_nothing_changed() -> None:
    resources = whole_catalogue()
    publish_now(*resources)
    before = rows_written()
    assert publish_now(*resources).unchanged == {resource.pk for resource in resources}
    assert rows_written() == before


def test_hiding_is_told_apart_from_other_changes() -> None:
    course, other = make_resource("C1"), make_resource("C2")
    publish_now(course, other)
    LearningResource.objects.filter(pk=course.pk).update(published=False)
    LearningResource.objects.filter(pk=other.pk).update(title="New")
    published = publish_now(course, other)
    assert (published.changed, published.unpublished) == ({course.pk, other.pk}, {course.pk})
    LearningResource.objects.filter(pk=course.pk).update(title="Still hidden")
    assert publish_now(course).unpublished == frozenset()


def test_a_deleted_resource_is_announced_and_forgotten_by_its_parents() -> None:
    program, course = make_resource("P1", "program"), make_resource("C1")
    link(program, course, relation=RelationType.PROGRAM_COURSES)
    publish_now(program)
    gone = course.pk
    course.delete()
    with transaction.atomic():
        published = publish([gone, program.pk], now=NOW)
    assert published.unpublished == {gone}
    assert published.changed == {gone, program.pk}
    assert children_of(program) == []


@pytest.mark.django_db(transaction=True)
def test_publishing_outside_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        publish([1])


# --- whose documents follow


@pytest.mark.parametrize(
    ("changed", "values", "followers"),
    [
        ("C1", {"title": "New"}, {"P1", "VP1"}),  # its program lists it, the playlist names its course
        ("C1", {"published": False}, {"P1", "VP1", "L1", "D1"}),
        ("E1", {"title": "New"}, {"PC1"}),
        ("PC1", {"title": "New"}, {"E1"}),
        ("V1", {"published": False}, {"VP1", "L1"}),
        ("P1", {"title": "New"}, set()),
        ("C1", {"description": "New"}, set()),
    ],
)
def test_documents_that_tell_of_a_changed_one_follow(changed: str, values: dict[str, Any], followers: set[str]) -> None:
    made = {
        id: make_resource(id, kind) for id, kind in (("C1", "course"), ("P1", "program"), ("PC1", "podcast"), ("E1", "podcast_episode"))
    }
    made |= {
        id: make_resource(id, kind)
        for id, kind in (("V1", "video"), ("VP1", "video_playlist"), ("D1", "document"), ("L1", "learning_path"))
    }
    link(made["P1"], made["C1"], relation=RelationType.PROGRAM_COURSES)
    link(made["PC1"], made["E1"], relation=RelationType.PODCAST_EPISODES)
    link(made["VP1"], made["V1"], relation=RelationType.PLAYLIST_VIDEOS)
    link(made["C1"], made["VP1"], relation=RelationType.COURSE_LEARNING_MATERIALS)
    link(made["L1"], made["V1"], relation=RelationType.LEARNING_PATH_ITEMS)
    Relationship.objects.create(parent=made["L1"], child=made["C1"], position=1, relation_type=RelationType.LEARNING_PATH_ITEMS)
    ContentFile.objects.create(resource=made["C1"], direct_resource=made["D1"], key="book.pdf")
    publish_now(*made.values())
    LearningResource.objects.filter(pk=made[changed].pk).update(**values)
    published = publish_now(made[changed])
    names = dict(LearningResource.objects.values_list("pk", "readable_id"))
    follow = {"L1"} if changed == "C1" and "title" in values else set()  # a list names its items, too
    assert {names[id] for id in published.changed} == {changed} | followers | follow


def test_a_topics_channel_opens_with_its_first_resource_and_closes_with_its_last() -> None:
    (physics,) = make_topics("Physics")
    first, second = make_resource("C1"), make_resource("C2", published=False)
    first.topics.add(physics)
    second.topics.add(physics)
    publish_now(first, second)
    channel = Channel.objects.get(topic=physics)
    assert channel.published
    LearningResource.objects.filter(pk=first.pk).update(published=False)
    assert publish_now(first).changed == {first.pk, second.pk}  # the other named the channel's address
    channel.refresh_from_db()
    assert not channel.published
    assert body_of(second)["topics"][0]["channel_url"] is None


# --- the time of day


def test_documents_follow_the_calendar() -> None:
    course, settled = make_resource("C1"), make_resource("C2")
    first = make_run(course, "1", start_date=days(-5), end_date=days(50), enrollment_start=days(-20), enrollment_end=days(1))
    second = make_run(
        course, "2", start_date=days(30), end_date=days(90), enrollment_start=days(20), enrollment_end=days(40), location="Hall"
    )
    make_run(settled, "1", start_date=days(-500), end_date=days(-400))
    publish_now(course, settled)
    told: list[tuple[float, int | None, datetime | None]] = []
    for day in (0, 0.5, 2, 25, 31, 100):
        changed = refresh_derived(days(day))
        document = ResourceDocument.objects.get(pk=course.pk)
        told.append((changed, document.best_run_id, document.next_start_date))
    assert told == [
        (0, first.pk, days(30)),
        (0, first.pk, days(30)),
        (1, second.pk, days(30)),  # the first one closed
        (0, second.pk, days(30)),  # the second opened: the same one is told
        (1, second.pk, None),  # it began
        (0, second.pk, None),
    ]
    assert body_of(course)["location"] == "Hall"
    assert ResourceDocument.objects.get(pk=course.pk).stale_at is None


def test_refreshing_touches_only_what_a_date_has_passed_for() -> None:
    resources = [make_resource(f"C{number}") for number in range(30)]
    for number, resource in enumerate(resources):
        make_run(resource, start_date=days(number + 0.5), end_date=days(number + 90))
    publish_now(*resources)
    before = versions()
    assert refresh_derived(days(3)) == 3
    assert {id for id, version in versions().items() if version != before[id]} == {resource.pk for resource in resources[:3]}
    after = versions()
    assert refresh_derived(days(3)) == 0
    assert versions() == after


# --- cost


def queries_for(name: str, number: int) -> int:
    (topic,) = make_topics(f"Topic {name}")
    resources = [make_resource(f"{name}-{each}") for each in range(number)]
    for resource in resources:
        make_run(resource, "1", [f"Person {resource.pk}"])
        resource.topics.add(topic)
    link(resources[0], *resources[1:], relation=RelationType.COURSE_LEARNING_MATERIALS)
    with CaptureQueriesContext(connection) as queries:
        publish_now(*resources)
    return len(queries)


def test_publishing_takes_the_same_number_of_queries_for_any_number_of_resources() -> None:
    assert queries_for("few", 2) == queries_for("many", 60)


# --- odds and ends


def test_a_body_takes_its_position_in_a_list() -> None:
    course = make_resource(title='A "position":null title')
    publish_now(course)
    body = bytes(ResourceDocument.objects.get(pk=course.pk).body)
    assert with_position(body, 7) == body.replace(b'"position":null', b'"position":7', 1)
    assert b'"id":%d,"position":7' % course.pk in with_position(body, 7)


def test_everything_follows_a_new_address(settings: Any) -> None:
    course = make_resource(offered_by=make_unit())
    publish_now(course)
    assert publish_everything() == 0
    settings.WAGTAILADMIN_BASE_URL = "https://learn.example.org"
    assert publish_everything() == 1
    assert body_of(course)["offered_by"]["channel_url"] == "https://learn.example.org/c/unit/press/"


def test_hostile_text_stays_text() -> None:
    title = "</script><script>alert(1)</script> '; DROP TABLE learn_run; -- \u202e🦆" + "\\" * 5
    course = make_resource("C'1\"", title=title, description="{}")
    make_run(course, "1", ["Robert'); DROP TABLE"], resource_prices=MONEY)
    publish_now(course)
    assert body_of(course)["title"] == title
    assert body_of(course)["readable_id"] == "C'1\""


def test_a_title_is_no_longer_than_the_contract_allows() -> None:
    course = make_resource(title="x" * 400)
    publish_now(course)
    assert len(body_of(course)["title"]) == 256


def test_a_unit_without_resources_and_a_topic_without_channel_do_no_harm() -> None:
    Offeror.objects.create(code="none", name="None")
    Topic.objects.create(name="Alone")
    with transaction.atomic():
        assert publish([]).changed == frozenset()
    assert Channel.objects.filter(published=True).values_list("name", flat=True).get() == "none"


def test_a_run_that_goes_takes_its_place_as_best_with_it() -> None:
    course = make_resource()
    make_run(course, "1", start_date=days(5))
    publish_now(course)
    Run.objects.all().delete()
    publish_now(course)
    assert (body_of(course)["best_run_id"], ResourceDocument.objects.get().best_run_id) == (None, None)
