"""Which content files are found, and by what."""

from typing import Any

import orjson
import pytest
from django.db import connection, transaction

from corridor.kit.outbox import publish
from corridor.learn.catalog.models import LearningResource, Run
from corridor.learn.catalog.tests.cast import days, make_resource, make_run, make_topics, publish_now
from corridor.learn.content import indexing, queries
from corridor.learn.content.index import CONTENTS, TOPIC, document
from corridor.learn.content.models import ContentFile
from corridor.learn.discovery import indexes, verification
from corridor.search import Search
from tests.fixtures.index import Index

pytestmark = pytest.mark.django_db


def version() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('learn_document_version')")
        return int(cursor.fetchone()[0])


def make_file(resource: LearningResource, run: Run | None, key: str, **values: Any) -> ContentFile:
    return ContentFile.objects.create(resource=resource, run=run, key=key, version=version(), **{"title": f"Title of {key}"} | values)


def changed(*resources: LearningResource) -> None:
    with transaction.atomic():
        publish(TOPIC, (str(each.pk) for each in resources))


def found(text: str = "", **filters: list[str]) -> set[str]:
    return {orjson.loads(hit.body)["key"] for hit in queries.search(Search(text=text, filters=filters)).hits}


@pytest.fixture
def course(index: Index) -> LearningResource:
    """Held last year and again this year; both have a syllabus, the first one notes, too."""
    course = make_resource("course", details={"course_numbers": [{"value": "6.042J"}]})
    earlier, later = make_run(course, "earlier", start_date=days(-400)), make_run(course, "later", start_date=days(-40))
    for run in (earlier, later):
        make_file(
            course, run, f"{run.run_id}/syllabus", content="What we do about eigenvalues", content_tags=["Syllabus"], file_extension=".pdf"
        )
    make_file(course, earlier, "earlier/notes", content="Notes on matrices")
    make_file(course, None, "about", content="About this course")
    publish_now(course)
    changed(course)
    index.deliver()
    return course


def test_files_of_one_run_are_found_and_those_of_none(course: LearningResource) -> None:
    assert found() == {"later/syllabus", "about"}
    assert found("eigenvalue") == {"later/syllabus"}
    assert found("matrices") == set()


def test_filters_have_the_names_of_the_published_api(course: LearningResource) -> None:
    syllabus = ContentFile.objects.get(key="later/syllabus")
    for name, value in {
        "id": syllabus.pk, "run_id": syllabus.run_id, "resource_id": course.pk, "resource_readable_id": "course", "platform": "campus",
        "content_feature_type": "syllabus", "course_number": "6.042j", "file_extension": ".PDF", "run_readable_id": "later",
    }.items():  # fmt: skip
        assert "later/syllabus" in found(**{name: [str(value)]}), name
        assert found(**{name: ["other"]}) == set(), name


def test_every_declared_field_is_filled(course: LearningResource) -> None:
    (hit, *_) = queries.search(Search(text="eigenvalues")).hits
    made = document(hit.id, 1, orjson.loads(hit.body), hit.body, content="", course="", ocw_topics=[])
    assert made.texts.keys() == {text.name for text in CONTENTS.texts}
    assert made.keywords.keys() == {keyword.name for keyword in CONTENTS.keywords}
    assert made.sorts.keys() == set(CONTENTS.sort_keys)


def test_where_the_best_run_has_no_files_those_of_the_last_that_has_are_found(index: Index) -> None:
    course = make_resource("course")
    earlier = make_run(course, "earlier", start_date=days(-40))
    make_run(course, "coming", start_date=days(40))
    make_file(course, earlier, "earlier/syllabus")
    publish_now(course)
    changed(course)
    index.deliver()
    assert found() == {"earlier/syllabus"}


def test_a_course_that_is_hidden_takes_its_files_along_and_brings_them_back(course: LearningResource, index: Index) -> None:
    course.published = False
    course.save()
    publish_now(course)
    index.deliver()
    assert found() == set()
    course.published = True
    course.save()
    publish_now(course)
    index.deliver()
    assert found() == {"later/syllabus", "about"}


def test_a_deleted_course_takes_its_files_along(course: LearningResource, index: Index) -> None:
    id = course.pk
    with transaction.atomic():
        course.delete()
        from corridor.learn.catalog.documents import publish as publish_documents

        publish_documents([id], now=days(0))
    index.deliver()
    assert found() == set()


def test_what_a_course_tells_of_its_files_is_brought_up_to_date(course: LearningResource, index: Index) -> None:
    course.topics.add(*make_topics("Algebra"))
    publish_now(course)
    index.deliver()
    assert found(topic=["algebra"]) == {"later/syllabus", "about"}


def test_files_that_are_as_they_were_are_not_written_again(course: LearningResource) -> None:
    applied = indexing.apply([course.pk], patience=1)
    assert (applied.written, applied.deleted) == (0, 0)


def test_drift_of_files_is_found_and_mended(course: LearningResource, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verification, "A_MOMENT", 0.0)
    kept = verification.KEPT["contents"]
    assert not verification.drift(kept)
    syllabus = ContentFile.objects.get(key="later/syllabus")
    ContentFile.objects.filter(key="about").update(published=False)
    ContentFile.objects.filter(pk=syllabus.pk).update(version=version(), content="Rewritten")
    drift = verification.drift(kept)
    assert (drift.missing, drift.stale, list(drift.extra)) == ([], [syllabus.pk], [ContentFile.objects.get(key="about").pk])
    assert verification.repair(kept, drift) == 2
    assert found("rewritten") == {"later/syllabus"}
    assert indexes.content_store().snapshot().words.documents == 1
