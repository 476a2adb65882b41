"""Two writers at once: neither closes a circle with the other, nor makes a reader of the feed miss a change."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction

from corridor.mitxonline.catalog import actions, queries, trees
from corridor.mitxonline.catalog.errors import TreeRefused
from corridor.mitxonline.catalog.models import ProgramRequirement
from corridor.mitxonline.catalog.requirements import all_of, program

from .cast import a_program

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_who_close_a_circle_together_do_not_both_succeed() -> None:
    for round in range(5):
        one, two = a_program(f"ONE{round}"), a_program(f"TWO{round}")
        start = Barrier(2)

        def require(whole: int, part: int, start: Barrier = start) -> bool:
            start.wait()
            try:
                trees.set_requirements(whole, [all_of(program(part))])
            except TreeRefused:
                return False
            finally:
                connection.close()
            return True

        with ThreadPoolExecutor(2) as threads:
            outcomes = list(threads.map(require, (one.pk, two.pk), (two.pk, one.pk)))
        assert sorted(outcomes) == [False, True]
        assert ProgramRequirement.objects.exclude(required_program=None).count() == round + 1


def test_a_later_commit_has_a_later_version() -> None:
    first = actions.create_course(readable_id="course-v1:N+A", title="A", live=True)
    second = actions.create_course(readable_id="course-v1:N+B", title="B", live=True)
    changed, read = Barrier(2, timeout=30), Barrier(2, timeout=30)

    def slow() -> None:
        with transaction.atomic():
            actions.edit_course(first, fields={"title": "Slow"})
            changed.wait()
            read.wait()
        connection.close()

    def quick() -> None:
        actions.edit_course(second, fields={"title": "Quick"})
        connection.close()

    with ThreadPoolExecutor(2) as threads:
        cursor = queries.changes("course", queries.courses(), since=None, cursor=0, limit=9).cursor
        slowly = threads.submit(slow)
        changed.wait()
        quickly = threads.submit(quick)
        seen = queries.changes("course", queries.courses(), since=None, cursor=cursor, limit=9)
        assert not seen.bodies
        read.wait()
        slowly.result()
        quickly.result()
    told = queries.changes("course", queries.courses(), since=None, cursor=seen.cursor, limit=9)
    assert len(told.bodies) == 2
