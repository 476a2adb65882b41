"""Pages on a small catalogue: how many queries they take, what they hide, what they do without an index."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from corridor.learn.catalog.models import LearningResource
from corridor.learn.catalog.tests.cast import days, link, make_department, make_resource, make_run, make_topics, make_unit, publish_now
from corridor.learn.catalog.vocabulary import RelationType
from corridor.learn.content.models import ContentFile

pytestmark = pytest.mark.django_db
PAGES = {
    "home page": "/",
    "search page": "/search?q=title",
    "topics page": "/topics",
    "departments page": "/departments",
    "units page": "/units",
    "topic channel page": "/c/topic/waves/",
    "unit channel page": "/c/unit/press/",
    "sitemap of resources": "/sitemaps/resources-1.xml",
    "feed of a topic": "/feeds/topic/waves.xml",
}


class Catalogue:
    """Courses and a program that has them all, all alike."""

    def __init__(self) -> None:
        self.unit, self.department, self.topics = make_unit(), make_department(), make_topics("Physics", "Waves")
        self.program = make_resource("P", "program", offered_by=self.unit)
        self.courses: list[LearningResource] = []

    def grow(self, number: int) -> None:
        for _ in range(number):
            course = make_resource(f"C{len(self.courses)}", offered_by=self.unit, description="Words.")
            course.topics.set(self.topics)
            course.departments.set([self.department])
            run = make_run(course, teachers=["Ada"], start_date=days(9))
            ContentFile.objects.create(resource=course, run=run, key="a", title="A", content="Text.")
            self.courses.append(course)
        link(self.program, *self.courses[-number:], relation=RelationType.PROGRAM_COURSES)
        publish_now(self.program, *self.courses)


@pytest.fixture
def catalogue(index: Any, frozen_clock: Any) -> Iterator[Catalogue]:
    catalogue = Catalogue()
    catalogue.grow(2)
    index.rebuild()
    return catalogue


@pytest.mark.parametrize("name", PAGES)
def test_a_page(name: str, catalogue: Catalogue, index: Any, client: Client, count_queries: Any) -> None:
    for _ in range(2):
        client.get(PAGES[name])  # what a process asks once
        with count_queries(name):
            assert client.get(PAGES[name]).status_code == 200
        catalogue.grow(3)
        index.rebuild()


@pytest.mark.parametrize("name", ["course page", "program page", "content page"])
def test_the_page_of_a_resource(name: str, catalogue: Catalogue, index: Any, client: Client, count_queries: Any) -> None:
    course = catalogue.courses[0]
    file = ContentFile.objects.filter(resource=course).get()
    paths = {
        "course page": f"/resources/{course.pk}-title-of-c0",
        "program page": f"/resources/{catalogue.program.pk}-title-of-p",
        "content page": f"/resources/{course.pk}-title-of-c0/content/{file.pk}",
    }
    for _ in range(2):
        client.get(paths[name])
        with count_queries(name):
            assert client.get(paths[name]).status_code == 200
        catalogue.grow(3)
        index.rebuild()


def test_what_is_not_published_has_no_page(catalogue: Catalogue, client: Client) -> None:
    hidden = catalogue.courses[0]
    file = ContentFile.objects.filter(resource=hidden).get()
    LearningResource.objects.filter(pk=hidden.pk).update(published=False)
    publish_now(hidden)
    for path in (f"/resources/{hidden.pk}", f"/resources/{hidden.pk}-title-of-c0/content/{file.pk}"):
        answer = client.get(path, headers={"Accept": "text/html"})
        assert answer.status_code == 404
        assert "It may have been withdrawn" in answer.text


def test_without_an_index_the_site_says_so_and_goes_on(db: None, settings: Any, tmp_path: Any, client: Client) -> None:
    settings.CONFIG = settings.CONFIG.model_copy(update={"home": tmp_path})
    course = make_resource("C")
    publish_now(course)
    answer = client.get("/search?q=x", headers={"Accept": "text/html"})
    assert answer.status_code == 503
    assert "cannot be searched just now" in answer.text
    assert client.get(f"/resources/{course.pk}-title-of-c").status_code == 200
    assert client.get("/").status_code == 200
    assert client.get("/search/suggestions?q=ti").text.strip() == ""


def test_what_sources_wrote_is_cleaned_where_it_is_shown(catalogue: Catalogue, client: Client) -> None:
    course = catalogue.courses[0]
    harmful = '<p>Good</p><script>alert(1)</script><a href="javascript:alert(2)" onclick="x()">link</a><img src=x onerror=y>'
    LearningResource.objects.filter(pk=course.pk).update(description=harmful, full_description=harmful)
    ContentFile.objects.filter(resource=course).update(
        content="int f() { return a<b; } <script>alert(3)</script>", url="javascript:alert(4)"
    )
    publish_now(course)
    text = client.get(f"/resources/{course.pk}-title-of-c0").text
    assert "<p>Good</p>" in text
    for part in ("<script>alert", "javascript:", "onclick", "onerror"):
        assert part not in text
    page = client.get(f"/resources/{course.pk}-title-of-c0/content/{ContentFile.objects.get(resource=course).pk}").text
    assert "a&lt;b; } &lt;script&gt;" in page
    assert "javascript:" not in page
