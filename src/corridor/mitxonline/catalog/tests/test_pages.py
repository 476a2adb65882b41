"""What people find on the pages of the catalogue, on a small shelf of our own."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from corridor.kit import clock
from corridor.mitxonline.catalog import documents, shelves, trees
from corridor.mitxonline.catalog.asked import STATES, Asked
from corridor.mitxonline.catalog.models import Course, CourseProspectus, Department, Program, SupportedVariant, Topic
from corridor.mitxonline.catalog.requirements import all_of, course, min_number_of, program
from corridor.mitxonline.catalog.tests.cast import NOW, a_course, a_product, a_program, a_run, at
from tests.fixtures.queries import CountQueries

pytestmark = pytest.mark.django_db
HTML = {"Accept": "text/html"}


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.fixed(NOW):
        yield


@transaction.atomic
def publish_all() -> None:
    ids = [list(table.objects.values_list("id", flat=True)) for table in (Course, Program)]
    documents.publish(courses=ids[0], programs=ids[1])


def read(client: Client, address: str) -> str:
    answer = client.get(address, headers=HTML)
    assert answer.status_code == 200, answer.content
    return answer.text


def page_of(client: Client, shown: Course | Program) -> str:
    publish_all()
    return read(client, f"/mitxonline/{'courses' if isinstance(shown, Course) else 'programs'}/{shown.readable_id}/")


def machine_words(html: str) -> dict[str, Any]:
    thing, _ = json.loads(html.split('<script type="application/ld+json">')[1].split("</script>")[0])["@graph"]
    return thing


# --- a course


def test_a_course_tells_when_and_for_how_much(client: Client) -> None:
    lamps = a_course()
    a_product(a_run(lamps, upgrade_deadline=at(20), enrollment_end=at(25)))
    html = page_of(client, lamps)
    for words in (
        "Under way until June 1, 2026",
        "Open for enrolment until March 25, 2026",
        "certificate $99 until March 20, 2026",
        "Light, kept.",
    ):
        assert words in html
    assert '<link rel="canonical" href="http://testserver/mitxonline/courses/course-v1:NorthmereX+LN.01x/">' in html.replace(
        html.split('rel="canonical" href="')[1].split("/mitxonline")[0], "http://testserver"
    )
    thing = machine_words(html)
    assert (thing["@type"], thing["courseCode"], thing["isAccessibleForFree"]) == ("Course", "LN.01x", True)
    (instance,) = thing["hasCourseInstance"]
    assert [(offer["category"], offer["price"]) for offer in instance["offers"]] == [("Free", "0.00"), ("Paid", "99.00")]


def test_a_course_says_what_its_prospectus_says(client: Client) -> None:
    lamps = a_course()
    CourseProspectus.objects.filter(course=lamps).update(
        about="<p>Oil.</p><script>alert(1)</script>",
        what_you_learn="To trim.",
        prerequisites="Patience.",
        effort="2 hours a week",
        video_url="https://example.org/film",
        faq_url="javascript:alert(2)",
        instructors=[{"name": "Ada Wick", "description": "Keeps <b>lamps</b>."}],
    )
    html = page_of(client, lamps)
    for words in ("<p>Oil.</p>", "To trim.", "Patience.", "2 hours a week", "https://example.org/film", "Ada Wick", "Keeps lamps."):
        assert words in html
    assert "alert(" not in html


def test_the_best_run_comes_first_and_past_ones_last(client: Client) -> None:
    lamps = a_course()
    a_run(lamps, "1T", start_date=at(1, 1, 2024), end_date=at(1, 2, 2024), enrollment_end=at(1, 2, 2026))
    a_run(lamps, "3T", start_date=at(1, 9), end_date=at(1, 12), enrollment_start=at(1, 8))
    a_run(lamps, "2T", start_date=at(9), end_date=at(1, 6))
    html = page_of(client, lamps)
    starts = [html.index(words) for words in ("March 9, 2026 –", "September 1, 2026 –", "January 1, 2024 –")]
    assert starts == sorted(starts)
    assert "Starts March 9, 2026" in html


def test_other_forms_have_a_table_of_their_own(client: Client) -> None:
    lamps = a_course()
    SupportedVariant.objects.create(course=lamps, language="fr")
    a_run(lamps)
    a_run(lamps, courseware_id="course-v1:N+LN+1T_fr", title="Lanternes", language="fr", is_primary_language=False)
    a_run(lamps, courseware_id="course-v1:N+LN+1T_S", variant_length="S", variant_industry="HC")
    html = page_of(client, lamps).split('id="variants"')[1]
    for words in ("Français", '<span lang="fr">Lanternes</span>', "English, Short, for healthcare"):
        assert words in html


ENROLLABLE = ("Its material stays open", "Once you are enrolled, your dashboard leads you to the course.")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"enrollment_start": at(1, 4), "start_date": at(1, 5)}, "Enrolment opens on April 1, 2026."),
        ({"enrollment_end": at(1), "start_date": at(9)}, "Enrolment closed on March 1, 2026"),
        ({"start_date": at(1, 1, 2024), "end_date": at(1, 2, 2024)}, "Its material stays open"),
        ({"start_date": at(1, 1, 2024), "end_date": at(1, 2, 2024), "enrollment_end": at(1, 2, 2026)}, "not being held now"),
        ({"live": False}, "No run of this course has been announced"),
        ({"b2b_contract": 7}, "No run of this course has been announced"),
        ({"start_date": None, "end_date": None}, "Enrolment has not been opened yet."),
        ({}, "Once you are enrolled, your dashboard leads you to the course."),
    ],
    ids=["upcoming", "closed", "archived", "past", "not live", "of a contract", "without dates", "open"],
)
def test_how_a_course_is_taken_is_said_in_every_state(fields: dict[str, Any], words: str, client: Client) -> None:
    lamps = a_course()
    a_run(lamps, **fields)
    html = page_of(client, lamps)
    assert words in html
    assert ("Enrol for free" in html) == (words in ENROLLABLE)


def test_what_is_not_shown_has_no_page(client: Client) -> None:
    hidden, without_page, inside = a_course("A", live=False), a_course("B"), a_program("INSIDE", b2b_only=True)
    CourseProspectus.objects.filter(course=without_page).update(live=False)
    publish_all()
    for path in (
        f"courses/{hidden.readable_id}",
        f"courses/{without_page.readable_id}",
        f"programs/{inside.readable_id}",
        "courses/none",
        "courses/a%00b",
    ):
        answer = client.get(f"/mitxonline/{path}/", headers=HTML)
        assert answer.status_code == 404
        assert "There is no" in answer.text
    sitemap = read(client, "/mitxonline/sitemap.xml")
    assert "/courses/" not in sitemap
    assert "/programs/" not in sitemap


def test_a_date_that_passes_changes_the_page_at_once(client: Client) -> None:
    lamps = a_course()
    a_run(lamps, enrollment_end=at(20))
    assert "Open for enrolment until March 20, 2026" in page_of(client, lamps)
    with clock.fixed(at(21)):
        html = read(client, f"/mitxonline/courses/{lamps.readable_id}/")
        listed = read(client, "/mitxonline/")
    assert "Enrolment closed March 20, 2026" in html
    assert ("Open for enrolment" in html, "state=open" in listed) == (False, False)


def test_what_a_past_run_cost_is_not_told(client: Client) -> None:
    lamps = a_course()
    a_product(a_run(lamps, start_date=at(1, 1, 2024), end_date=at(1, 2, 2024), enrollment_end=at(1, 2, 2026)))
    html = page_of(client, lamps)
    assert "Last held in January 2024" in html
    assert "Free" not in html.split("</head>")[1]
    assert "$99" not in html


# --- a program


def test_a_program_says_what_it_asks_for(client: Client) -> None:
    courses = [a_course(f"LN.{number:02}x") for number in range(6)]
    inner, outer = a_program("INNER", title="Inner Light"), a_program("OUTER")
    a_run(courses[0], start_date=at(9))
    outer.enrollment_modes.set(courses[0].runs.get().enrollment_modes.all())
    a_product(outer, "450.00")
    hidden = courses[5]
    Course.objects.filter(pk=hidden.pk).update(live=False)
    publish_all()
    trees.set_requirements(inner.pk, [all_of(course(courses[0].pk))])
    trees.set_requirements(
        outer.pk,
        [
            all_of(course(courses[0].pk), program(inner.pk), title="Foundations"),
            min_number_of(2, *(course(each.pk) for each in courses[1:5])),
            all_of(course(hidden.pk)),
        ],
    )
    html = page_of(client, outer)
    for words in ("Foundations", "Both of these parts.", "Any 2 of these 4 courses.", "This course.", "Starts March 9, 2026", "$450"):
        assert words in html
    assert f'<a href="/mitxonline/programs/{inner.readable_id}/">Inner Light</a>' in html
    assert f"/courses/{hidden.readable_id}/" not in html
    assert "Not in the catalogue now." in html
    assert len(machine_words(html)["hasCourse"]) == 5
    assert f'<a href="/mitxonline/programs/{outer.readable_id}/">' in page_of(client, inner)
    assert f'<a href="/mitxonline/programs/{outer.readable_id}/">' in page_of(client, courses[1])


def test_a_program_without_parts_says_so(client: Client) -> None:
    assert "Its courses have not been announced yet." in page_of(client, a_program())


# --- the catalogue


@pytest.fixture
def shelf() -> list[Course]:
    """Of each three courses: one open, one at one's own pace, one to come; in two departments and three topics. Two programs."""
    physics, music = (Department.objects.create(name=name, slug=name.lower()) for name in ("Physics", "Music"))
    sciences = Topic.objects.create(name="Sciences")
    light, sound = Topic.objects.create(name="Light", parent=sciences), Topic.objects.create(name="Sound")
    courses = []
    for number in range(9):
        each = a_course(f"LN.{number:02}x")
        each.departments.add(physics if number % 2 else music)
        each.topics.add(light if number % 3 else sound)
        state = [{}, {"is_self_paced": True}, {"start_date": at(1, 5), "enrollment_start": at(1, 4)}][number // 3]
        a_run(each, **state)
        courses.append(each)
    programs = [a_program("ONE"), a_program("TWO")]
    programs[0].departments.add(physics)
    publish_all()
    trees.set_requirements(programs[0].pk, [all_of(*(course(each.pk) for each in courses))])
    publish_all()
    return courses


def links(shelf: shelves.Shelf, asked: Asked) -> dict[Asked, int]:
    """Every way on from a page, and what it promises."""
    values = {"state": shelf.states, "department": shelf.departments, "topic": shelf.topics}
    ways = {asked.but(**{name: each.value}): each.count for name, counted in values.items() for each in counted}
    return ways | {asked.but(kind=kind): count for kind, count in shelf.kinds.items()}


def test_a_count_is_what_the_click_gives(shelf: list[Course]) -> None:
    first = links(shelves.shelf(Asked(), NOW), Asked())
    assert first[Asked(topic="Sciences")] == first[Asked(topic="Light")] == 6
    assert [first[Asked(state=state)] for state in STATES] == [6, 3, 3]
    seen = 0
    for asked in [*first, Asked(kind="programs", topic="Light"), Asked(department="music", topic="Sound", state="open")]:
        for way, promised in links(shelves.shelf(asked, NOW), asked).items():
            assert shelves.chosen(way, NOW).count() == promised
            seen += 1
    assert seen > 50


def test_open_is_what_the_rule_of_the_best_run_says(shelf: list[Course]) -> None:
    a_run(a_course("FR"), language="fr", is_primary_language=False)
    a_run(a_course("OVER"), end_date=at(1), start_date=at(1, 1))
    a_run(a_course("S"), variant_length="S")
    publish_all()
    told = map(json.loads, shelves.bodies("course", "v2", list(Course.objects.values_list("pk", flat=True))))
    with_run = {body["id"] for body in told if body["next_run_id"]}
    assert set(shelves.chosen(Asked(state="open"), NOW).values_list("pk", flat=True)) == with_run
    assert len(with_run) == 7


def test_the_catalogue_is_walked_by_links_alone(shelf: list[Course], client: Client) -> None:
    html = read(client, "/mitxonline/?department=physics&state=open")
    assert "<h2>3 courses</h2>" in html
    assert "Show without </span>Physics" in html
    assert "noindex, follow" in html
    assert 'href="/mitxonline/?kind=programs&amp;department=physics"' in html
    assert "Program ONE" in read(client, "/mitxonline/?kind=programs&department=physics")
    assert "Nothing is here with this choice" in read(client, "/mitxonline/?kind=programs&department=music")


def test_pages_follow_one_another(client: Client) -> None:
    for number in range(21):
        a_course(f"C{number:02}")
    publish_all()
    first = read(client, "/mitxonline/?kind=courses")
    assert (first.count('<article class="row'), "Page 1 of 2" in first) == (20, True)
    second = read(client, first.split('rel="next" href="')[1].split('"')[0])
    assert (second.count('<article class="row'), 'rel="prev" href="/mitxonline/"' in second) == (1, True)


@pytest.mark.parametrize(
    "query",
    [
        "page=3",
        "page=0",
        "page=x",
        "page=99999999999999999999",
        "kind=people",
        "state=gone",
        "department=alchemy",
        "topic=%00",
        "topic=x%00y",
    ],
)
def test_what_the_catalogue_does_not_have_is_not_found(query: str, client: Client) -> None:
    answer = client.get(f"/mitxonline/?{query}", headers=HTML)
    assert answer.status_code == (200 if query == "topic=%00" else 404)


def test_an_empty_catalogue_says_so(client: Client) -> None:
    assert "Nothing is here yet." in read(client, "/mitxonline/")


# --- what pages cost


PAGES = {
    "catalogue of courses": "/mitxonline/",
    "catalogue of courses, chosen": "/mitxonline/?department=physics&topic=Sciences&state=open",
    "catalogue of programs": "/mitxonline/?kind=programs",
    "course page": "/mitxonline/courses/course-v1:NorthmereX+LN.01x/",
    "program page": "/mitxonline/programs/program-v1:NorthmereX+ONE/",
    "sitemap": "/mitxonline/sitemap.xml",
}


@pytest.mark.parametrize("name", PAGES)
def test_pages_take_the_same_queries_for_few_and_for_many(
    name: str, shelf: list[Course], client: Client, count_queries: CountQueries
) -> None:
    for round in range(2):
        with count_queries(f"mitxonline: {name}"):
            read(client, PAGES[name])
        grown = [a_course(f"MORE.{round}{number}") for number in range(5)]
        for each in grown:
            each.departments.set(Department.objects.all())
            each.topics.set(Topic.objects.all())
            a_run(each)
        a_run(shelf[1], f"{round}T")
        publish_all()
        one = Program.objects.get(readable_id__endswith="ONE")
        trees.set_requirements(one.pk, [all_of(*(course(each.pk) for each in [*shelf, *grown]))])


def test_a_page_of_the_catalogue_is_made_once_until_something_changes(
    shelf: list[Course], client: Client, django_assert_num_queries: Any
) -> None:
    first = read(client, "/mitxonline/")
    with django_assert_num_queries(1):
        assert read(client, "/mitxonline/") == first
    Course.objects.filter(pk=shelf[0].pk).update(title="Tallow and Rushlight")
    publish_all()
    assert "Tallow and Rushlight" in read(client, "/mitxonline/")
    with clock.fixed(NOW + timedelta(minutes=1)), django_assert_num_queries(8):
        read(client, "/mitxonline/")


def test_what_a_browser_has_already_is_not_sent_again(shelf: list[Course], client: Client) -> None:
    for path in PAGES.values():
        first = client.get(path, headers=HTML)
        again = client.get(path, headers=HTML | {"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
