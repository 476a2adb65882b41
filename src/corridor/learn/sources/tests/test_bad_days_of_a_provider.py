"""A provider that gives rubbish for a day: the run says so, and nothing that is known is lost."""

from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from pytest_django import DjangoDbBlocker

from corridor.kit.storage import FolderStore
from corridor.kit.tests.misbehaving import BOMB, Request, Respond, Server, cut_off, serving
from corridor.learn.catalog.models import LearningResource
from corridor.learn.catalog.reference.load import load_reference
from corridor.learn.ingest import actions
from corridor.learn.ingest.actions import Wish, run_source
from corridor.learn.ingest.models import IngestRun
from corridor.learn.sources.xpro.source import Xpro
from tests.fixtures.database import for_many_tests

pytestmark = pytest.mark.django_db
FIXTURE = Path(__file__).parents[1] / "xpro" / "fixture"
GOOD = (FIXTURE / "courses.json").read_bytes()


def give(body: bytes) -> Respond:
    return lambda request: request.give(body)


def packed(request: Request) -> None:
    request.give(BOMB, content_encoding="gzip")


@pytest.fixture(scope="module")
def provider(django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One whose catalogue was read on a good day."""
    store = FolderStore(tmp_path_factory.mktemp("store"))
    good = {f"/api/{kind}/": give((FIXTURE / f"{kind}.json").read_bytes()) for kind in ("courses", "programs")}
    with for_many_tests(django_db_blocker), serving(good) as server, patch.object(actions, "file_store", lambda: store):
        load_reference("mit")
        assert run_source(source(server)).created > 2
        yield server


def source(server: Server) -> Xpro:
    return Xpro(address=server.at("/api"), site=server.at("/"))


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (give(GOOD[: len(GOOD) // 2]), "is no JSON"),
        (give(GOOD.replace(b"title", b"t\xfftle", 1)), "is no JSON"),
        (give(b"\0" * 1000), "is no JSON"),
        (give(b"[" * (100 * 2**20)), "is no JSON"),
        (give(b"<!DOCTYPE html><html>Down for maintenance</html>"), "looks like a web page"),
        (give(b"[]"), "lists nothing"),
        (give(b'{"courses": 5}'), "lists nothing"),
        (packed, "is no JSON"),
        (cut_off, "courses"),
    ],
    ids=["cut in half", "no UTF-8", "NUL", "100 MB", "a web page", "empty", "another shape", "a bomb", "hung up"],
)
def test_nothing_is_lost_and_the_run_says_why(provider: Server, answer: Respond, says: str) -> None:
    before = list(LearningResource.objects.order_by("id").values_list("id", "title", "published"))
    provider.routes["/api/courses/"] = answer
    run = run_source(source(provider), Wish(allow_unpublish=True))
    assert run.status in (IngestRun.Status.SUCCEEDED, IngestRun.Status.FAILED)
    assert says in run.error + " ".join(reason for reasons in run.warnings.values() for reason in reasons)
    assert run.unpublished == 0
    assert list(LearningResource.objects.order_by("id").values_list("id", "title", "published")) == before
