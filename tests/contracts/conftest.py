"""A catalogue of real payloads, loaded and indexed once for the tests of this folder."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from django.db.models import F
from django.test import Client, TransactionTestCase
from pytest_django import DjangoDbBlocker

from corridor.accounts.models import User
from corridor.learn.catalog.actions import create_learning_path, set_items
from corridor.learn.catalog.models import LearningResource
from corridor.learn.catalog.reference.load import load_reference
from corridor.learn.channels.actions import edit_channel
from corridor.learn.channels.models import Channel
from corridor.learn.discovery import indexing
from corridor.learn.discovery.maintenance import STORES, rebuild
from corridor.learn.ingest.actions import Wish, run_source
from corridor.learn.sources import source_named

PAYLOADS = {
    "mitxonline": ("sources/mitxonline/programs_2023_v1_list.json", "sources/mitxonline/courses_2023_v1_list.json", "sources/mitxonline/program_children_loader.json"),
    "mit_edx": ("sources/mit_edx/courses_page.json",),
    "xpro": ("sources/xpro/courses.json", "sources/xpro/programs.json"),
    "see": ("sources/sloan",),
    "ocw": ("sources/ocw", *(f"content/ocw_hugo/{course}.tar.gz" for course in ("6.006-spring-2020", "6.0001-fall-2016", "14.01-fall-2018", "4.601-fall-2018"))),
    "podcast": ("sources/podcast", "feeds/rss_misc"),
}  # fmt: skip


@dataclass(frozen=True)
class Catalogue:
    resources: int
    staff_cookie: str


@pytest.fixture(scope="package")
def catalogue(django_db_setup: None, django_db_blocker: DjangoDbBlocker, shared_data: Path) -> Iterator[Catalogue]:
    """Committed, so that a web server sees it; afterwards the database is as it was."""
    with django_db_blocker.unblock():
        load_reference("mit")
        for code, places in PAYLOADS.items():
            for place in places:
                run_source(source_named(code), Wish(str(shared_data / place)))
        feature_something()
        for name in STORES:
            rebuild(name, allow_shrink=True, told=lambda done: None)
        courses = LearningResource.objects.filter(resource_type="course", document__published=True)
        indexing.embed(courses.order_by("-pk").values_list("pk", flat=True)[:40], threads=2)
        yield Catalogue(LearningResource.objects.filter(document__published=True).count(), staff_cookie())
        TransactionTestCase._fixture_teardown(TransactionTestCase())


def feature_something() -> None:
    """A learning path of staff, which a unit features: courses, the first with parts and files."""
    path = create_learning_path(title="Where to begin", description="Chosen by us.")
    courses = LearningResource.objects.filter(resource_type="course", published=True)
    set_items(
        path.pk, list(courses.filter(platform="ocw").order_by(F("child_links").desc(nulls_last=True)).values_list("pk", flat=True)[:4])
    )
    edit_channel(Channel.objects.get(unit="ocw").pk, {"featured_list_id": path.pk})


def staff_cookie() -> str:
    client = Client()
    client.force_login(User.objects.create_user("dean", is_staff=True))
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
