"""How easily an edge breaks, and why."""

from datetime import date

import pytest

from c4gen.analysis.fragility import Fragile, fragility
from c4gen.model.merge import merge, model_of
from c4gen.tests.code import facts_of, service


def ranked(client: str, settings: str = "", on_cycle: frozenset[tuple[str, str]] = frozenset(), **files: str) -> list[Fragile]:
    facts = facts_of(one=service(client, settings, **files))
    return fragility(merge(model_of(facts, "one"), facts, date(2026, 6, 1)), on_cycle)


GOOD = """
import requests
from django.conf import settings
from tenacity import retry
@retry()
def run():
    return requests.get(settings.BANK_URL, timeout=5, headers={"Authorization": "x"})
"""
BANK = 'BANK_URL = os.environ.get("BANK_URL", "https://bank.example-bank.com")'


def test_a_call_with_everything_is_not_listed():
    assert ranked(GOOD, BANK) == []


@pytest.mark.parametrize(
    ("old", "new", "score", "reason"),
    [
        ("settings.BANK_URL", '"https://bank.example-bank.com"', 20, "the host stands in the code"),
        (", timeout=5", "", 15, "waits without a limit"),
        (', headers={"Authorization": "x"}', "", 10, "no credentials are sent"),
        ("@retry()", "", 5, "is not tried again"),
        ("def run():", "def run():\n    csrf_token = 'x'\n    print(csrf_token)", 30, "reads pages or tokens that were made for people"),
    ],
)
def test_what_is_missing_is_a_reason(old: str, new: str, score: int, reason: str):
    text = GOOD.replace(old, new)
    (found,) = ranked(text.replace("from tenacity import retry\n", "") if "@retry" in old else text, BANK)
    assert (found.score, found.reasons) == (score, (reason,))


def test_a_setting_that_nothing_defines_is_a_reason():
    (found,) = ranked(GOOD.replace("BANK_URL", "LEDGER_URL"), BANK)
    assert found.reasons == ("depends on a setting that no settings module defines",)


def test_a_cycle_is_a_reason():
    (found,) = ranked(GOOD, BANK, frozenset({("one", "bank.example-bank.com")}))
    assert found.reasons == ("waits in a circle",)


def test_reasons_add_up_worst_first():
    (found,) = ranked("import requests\ndef run():\n    return requests.get('https://bank.example-bank.com/a')\n")
    assert found.score == 50
    assert found.reasons == ("the host stands in the code", "waits without a limit", "no credentials are sent", "is not tried again")


def test_a_database_of_two_systems_is_a_reason_for_both():
    database = 'DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "HOST": "db.example-db.org"}}'
    facts = facts_of(one=service("def run(): ...", database), two=service("def run(): ...", database))
    assert {edge.target for edge in facts.edges} == {"db.example-db.org"}
    for name in ("one", "two"):
        (found,) = fragility(merge(model_of(facts, name), facts, date(2026, 6, 1)))
        assert found.reasons == ("writes a database that another system uses too",)


def test_an_unchecked_webhook_is_a_reason():
    found = ranked(
        "def run(): ...",
        **{
            "app/views.py": "def stripe_hook(request): ...\n",
            "app/urls.py": "from app import views\nfrom django.urls import path\nurlpatterns = [path('webhooks/stripe/', views.stripe_hook)]\n",
        },
    )
    assert [one.reasons for one in found] == [("a webhook whose sender is not checked",)]
