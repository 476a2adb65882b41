"""Settings across modules and packages, with the environment variables behind them."""

import pytest

from c4gen.model.facts import Setting
from c4gen.tests.code import facts_of, service


def setting(text: str, name: str = "PEER_URL", **more: str) -> Setting:
    facts = facts_of(one=service("def run(): ...", text, **more))
    return next(one for one in facts.settings if one.name == name)


READERS = {
    "os.environ": ('PEER_URL = os.environ["PEER"]', ""),
    "os.environ.get": ('PEER_URL = os.environ.get("PEER", "https://a.example-a.org")', "https://a.example-a.org"),
    "os.getenv": ('PEER_URL = os.getenv("PEER", "https://a.example-a.org")', "https://a.example-a.org"),
    "or": ('PEER_URL = os.getenv("PEER") or "https://a.example-a.org"', "https://a.example-a.org"),
    "decouple": ('from decouple import config\nPEER_URL = config("PEER", default="https://a.example-a.org")', "https://a.example-a.org"),
    "environ": (
        'import environ\nenv = environ.Env()\nPEER_URL = env.str("PEER", default="https://a.example-a.org")',
        "https://a.example-a.org",
    ),
    "a reader of the project": (
        'from app.environment import get_string\nPEER_URL = get_string("PEER", "https://a.example-a.org")',
        "https://a.example-a.org",
    ),
    "named arguments": (
        'from app.environment import get_string\nPEER_URL = get_string(name="PEER", default="https://a.example-a.org", description="x")',
        "https://a.example-a.org",
    ),
    "around it": ('PEER_URL = os.environ.get("PEER", "https://a.example-a.org/").rstrip("/")', "https://a.example-a.org/"),
}


@pytest.mark.parametrize(("text", "default"), READERS.values(), ids=READERS.keys())
def test_a_setting_has_its_variable_and_its_default(text: str, default: str):
    reader = "import os\ndef get_string(name, default, description=''):\n    return os.environ.get(name, default)\n"
    found = setting(text, **{"app/environment.py": reader})
    assert (found.env, found.default) == ("PEER", default)
    assert found.evidence.path == "app/settings.py"


def test_a_setting_of_a_module_that_the_settings_take_over_counts():
    found = setting("from app.more import *", **{"app/more.py": 'import os\nPEER_URL = os.environ["PEER"]\n'})
    assert (found.env, found.evidence.path, found.evidence.line) == ("PEER", "app/more.py", 2)


def test_a_setting_made_of_another_has_its_variable():
    found = setting('HOST = os.environ.get("PEER_HOST", "a.example-a.org")\nPEER_URL = f"https://{HOST}/api"')
    assert (found.env, found.default) == ("PEER_HOST", "https://a.example-a.org/api")


def test_secrets_are_not_shown():
    assert setting('PEER_API_KEY = os.environ.get("PEER_API_KEY", "abc")', "PEER_API_KEY").default == ""
    assert setting('PEER_URL = "https://me:secret@a.example-a.org"').default == "https://…@a.example-a.org"


def test_settings_classes_count_field_by_field():
    files = service("def run(): ...")
    files["app/conf.py"] = """
    from pydantic_settings import BaseSettings
    class Settings(BaseSettings):
        peer_url: str = "https://a.example-a.org"
    """
    found = {one.name: one.default for one in facts_of(one=files).settings}
    assert found["PEER_URL"] == "https://a.example-a.org"


def test_uses_are_counted():
    client = "from django.conf import settings\ndef run():\n    return settings.PEER_URL\n"
    facts = facts_of(one=service(client, 'PEER_URL = os.environ["PEER"]\nIDLE = os.environ["IDLE"]'))
    assert {one.name: one.uses for one in facts.settings if one.env} == {"PEER_URL": 1, "IDLE": 0}
