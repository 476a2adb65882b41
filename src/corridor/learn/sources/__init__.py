"""One folder a source: where its payloads come from and how they map to records."""

from functools import cache
from pathlib import Path
from urllib.parse import urljoin

from pydantic import SecretStr

from corridor.config import Config, config
from corridor.learn.demo.sources import PREFIX
from corridor.learn.demo.sources import sources as demo_sources
from corridor.learn.ingest.errors import SourceUnknown
from corridor.learn.ingest.models import SourceSetting
from corridor.learn.ingest.oauth import Client
from corridor.learn.ingest.source import Source

from .generic.source import from_folder
from .mit_edx.source import MitEdx
from .mitxonline.source import MitxOnline
from .ocw.source import OpenCourseware
from .podcast.source import Podcasts
from .see.source import Sloan
from .xpro.source import Xpro

MITX_ONLINE = "https://mitxonline.mit.edu/api/v2"
OWN_REFERENCE = str(Path(__file__).parent / "mitxonline" / "reference")


@cache
def sources() -> tuple[Source, ...]:
    """Every source, as the settings want it."""
    folder = config().catalogues
    return (*registered(config()), *(from_folder(folder) if folder else ()))


def source_named(code: str) -> Source:
    """The source with this code. Raises SourceUnknown."""
    known = {source.code: source for source in (*sources(), *of_the_demo())}
    if code not in known:
        raise SourceUnknown(
            f"There is no source {code}. There are {', '.join(sorted(known))}; for a catalogue of files see docs/add-a-source.md."
        )
    return known[code]


def of_the_demo() -> tuple[Source, ...]:
    """The providers of the demo, where it was loaded."""
    loaded = set(SourceSetting.objects.filter(source__startswith=PREFIX).values_list("source", flat=True))
    return tuple(source for source in demo_sources() if source.code in loaded) if loaded else ()


def registered(settings: Config) -> tuple[Source, ...]:
    see_token = settings.see_token or (urljoin(settings.see_api, "/oauth/token") if settings.see_api else None)
    return (
        mitx_online(settings),
        MitEdx(
            courses=settings.edx_api,
            programs=settings.edx_programs_api,
            client=client(settings.edx_token, settings.edx_client, settings.edx_secret, "JWT"),
            archives=settings.edx_archives,
        ),
        Xpro(api=settings.xpro_api, site=urljoin(settings.xpro_api, "/"), archives=settings.xpro_archives),
        Sloan(address=settings.see_api or "", client=client(see_token, settings.see_client, settings.see_secret)),
        OpenCourseware(address=settings.ocw_address, site=f"{settings.ocw_site}/"),
        Podcasts(address=settings.podcasts),
    )


def mitx_online(settings: Config) -> MitxOnline:
    """Our own tells its changes, so it can be asked often; being on this machine, it is named as the address that may be inside."""
    if own := settings.own_mitxonline_api:
        return MitxOnline(
            api=own,
            address=own,
            site=urljoin(own, "/"),
            archives=settings.mitxonline_archives,
            schedule="*/10 * * * *",
            reference_set=OWN_REFERENCE,
        )
    api = settings.mitxonline_api or MITX_ONLINE
    return MitxOnline(api=api, site=urljoin(api, "/"), archives=settings.mitxonline_archives)


def client(token_address: str | None, name: str | None, secret: SecretStr | None, scheme: str = "Bearer") -> Client | None:
    """Who we are at a provider, when its settings say so."""
    return Client(token_address, name, secret.get_secret_value(), scheme) if token_address and name and secret else None
