"""Changes are told with their author, and stay as they were told."""

import pytest
from django.contrib.auth import get_user_model
from django.db import DatabaseError, transaction

from corridor.kit.audit import record
from corridor.kit.audit.models import AuditEntry

pytestmark = pytest.mark.django_db


def test_an_entry_says_who_did_what_to_whom() -> None:
    staff, learner = (get_user_model().objects.create_user(name) for name in ("staff", "learner"))
    record(about=learner.pk, actor=staff.pk, code="grade.overridden", cause="appeal", object=("grade", 7), before={"grade": "0.4"})
    entry = AuditEntry.objects.get(about=learner)
    assert (entry.actor, entry.code, entry.object_id, entry.before) == (staff, "grade.overridden", "7", {"grade": "0.4"})


@pytest.mark.parametrize("change", [lambda: AuditEntry.objects.update(cause="another"), lambda: AuditEntry.objects.all().delete()])
def test_an_entry_is_never_changed(change: object) -> None:
    record(about=None, actor=None, code="role.given", cause="", object=("role", "staff"))
    with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic():
        change()


@pytest.mark.django_db(transaction=True)
def test_nothing_is_recorded_outside_a_transaction() -> None:
    with pytest.raises(RuntimeError):
        record(about=None, actor=None, code="role.given", cause="", object=("role", "staff"))
