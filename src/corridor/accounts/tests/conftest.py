import pytest
from pytest_django.fixtures import Settings


@pytest.fixture(autouse=True)
def begin_fresh(db: None, fresh_limits: None, settings: Settings) -> None:
    """Tests of accounts use the database and count attempts; what keeps passwords safe by being slow is quick here."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
