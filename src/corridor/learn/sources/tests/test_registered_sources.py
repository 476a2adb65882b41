"""What the settings say reaches the sources."""

from corridor.config import load
from corridor.learn.sources import registered
from corridor.learn.sources.mit_edx.source import MitEdx
from corridor.learn.sources.mitxonline.source import MitxOnline
from corridor.learn.sources.see.source import Sloan

ENVIRONMENT = {
    "MITXONLINE_API_URL": "https://courses.example.org/api/v2",
    "MITXONLINE_ARCHIVES": "s3://archives/mitxonline/",
    "EDX_API_CLIENT_ID": "we",
    "EDX_API_CLIENT_SECRET": "hush",
    "SEE_API_URL": "https://sloan.example.org/api",
    "SEE_API_CLIENT_ID": "we",
    "SEE_API_CLIENT_SECRET": "hush",
}


def test_each_source_has_a_code_a_schedule_and_a_name_of_its_own() -> None:
    found = registered(load({}))
    assert [source.code for source in found] == ["mitxonline", "mit_edx", "xpro", "see", "ocw", "podcast"]
    assert len({source.name for source in found}) == len(found)
    assert all(len(source.schedule.split()) == 5 and source.complete for source in found)


def test_addresses_archives_and_credentials_come_from_the_settings() -> None:
    found = {source.code: source for source in registered(load(ENVIRONMENT))}
    online, edx, sloan = found["mitxonline"], found["mit_edx"], found["see"]
    assert isinstance(online, MitxOnline)
    assert (online.site, online.places()) == ("https://courses.example.org/", ("s3://archives/mitxonline/",))
    assert isinstance(edx, MitEdx)
    assert edx.client
    assert (edx.client.scheme, edx.client.client_secret) == ("JWT", "hush")
    assert isinstance(sloan, Sloan)
    assert sloan.client
    assert (sloan.address, sloan.client.token_address) == ("https://sloan.example.org/api", "https://sloan.example.org/oauth/token")
    assert "hush" not in repr(found)


def test_without_credentials_no_one_signs_on() -> None:
    assert all(getattr(source, "client", None) is None for source in registered(load({})))
