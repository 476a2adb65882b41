import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corridor.learn.ingest.sql import fetch

text = st.text(st.characters(codec="utf-8", exclude_characters="\0"))


@pytest.mark.django_db
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.none() | text))
def test_any_texts_arrive_as_they_were_sent(texts: list[str | None]) -> None:
    assert [value for (value,) in fetch("SELECT unnest(%s::text[])", [texts])] == texts


@pytest.mark.django_db
def test_any_numbers_arrive_as_they_were_sent() -> None:
    numbers = [0, -1, 2**62, None]
    assert [value for (value,) in fetch("SELECT unnest(%s::bigint[])", [numbers])] == numbers
