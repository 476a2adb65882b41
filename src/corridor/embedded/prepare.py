"""What must be done before the site can be served: database, static files, a first staff account, the demo catalogue, the index."""

from urllib.parse import urlsplit

import redis
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model

from corridor.search.errors import EncoderUnavailable

from .errors import CacheUnusableError
from .home import STAFF
from .migrate import migrate
from .progress import Step, no_warnings, step
from .standins import SIGN_ON_CLIENT
from .static_files import collect_if_changed


def check_caches() -> None:
    """Refuse to go on without the servers of cache and broker."""
    for variable, url in {"REDIS_URL": str(settings.CONFIG.redis_url), "CELERY_BROKER_URL": str(settings.CELERY_BROKER_URL)}.items():
        try:
            redis.Redis.from_url(url, socket_connect_timeout=5, socket_timeout=5).ping()
        except redis.RedisError as error:
            address = urlsplit(url)
            where = f"{address.hostname}:{address.port or 6379}" if address.hostname else address.path
            raise CacheUnusableError(f"The server at {where} cannot be reached: {str(error).rstrip('.')}. Check {variable}.") from error


def prepare(*, from_template: bool, staff_password: str | None, people_password: str | None, demo: bool) -> None:
    """Do what is missing and show each step. A staff account, and the people of the demo, are made when a password for them is given."""
    check_caches()
    with step("Looking after the database") as current:
        current.title = migrate(from_template=from_template)
    if settings.CONFIG.static_files == "hashed":
        with step("Collecting static files") as current:
            collected = collect_if_changed()
            current.title = f"Collected {collected} static files" if collected else "Static files are up to date"
    if staff_password:
        ensure_staff_account(staff_password)
    if demo and wants_demo_of_mitxonline():
        with step("Loading the demo's courses of MITx Online") as current:
            load_demo_of_mitxonline(current)
    if demo and people_password and apps.is_installed("corridor.mitxonline"):
        look_after_people(people_password)
    if demo and wants_demo():
        with step("Loading the demo catalogue") as current:
            load_demo_catalogue(current)
    if apps.is_installed("corridor.learn"):
        look_after_index()


def ensure_staff_account(password: str) -> bool:
    """Make the account of a first visit to the staff console. One that is there stays as it is. True when it was made."""
    users = get_user_model().objects
    if users.filter(username=STAFF).exists():
        return False
    users.create_superuser(username=STAFF, password=password, name="Staff")
    return True


def introduce_standins(address: str, secret: str) -> None:
    """Let the courseware that stands in sign people in by their accounts here."""
    from corridor.accounts.provider import keep_client

    keep_client(id=SIGN_ON_CLIENT, secret=secret, name="Courseware (stand-in)", redirect_uris=[f"{address}/openedx/complete/"])


def wants_demo() -> bool:
    """Whether the catalogue is empty, or a first load of the demo was cut short."""
    if not apps.is_installed("corridor.learn"):
        return False
    from corridor.learn.demo.actions import is_unfinished

    return not apps.get_model("learn", "LearningResource").objects.exists() or is_unfinished()


def load_demo_catalogue(current: Step) -> None:
    """Load it, so that the first page that is opened has something to show."""
    from corridor.learn.demo.actions import load_demo

    load_demo(current.note)
    current.title = f"Demo catalogue of {apps.get_model('learn', 'LearningResource').objects.count()} resources loaded"


def wants_demo_of_mitxonline() -> bool:
    """Whether there are no courses yet."""
    if not apps.is_installed("corridor.mitxonline"):
        return False
    from corridor.mitxonline.demo.actions import is_empty

    return is_empty()


def load_demo_of_mitxonline(current: Step) -> None:
    from corridor.mitxonline.demo.actions import load_demo

    loaded = load_demo()
    current.title = f"Demo of {len(loaded.courses)} courses and {len(loaded.programs)} programs of MITx Online loaded"


def look_after_people(password: str) -> None:
    """Where the demo's courses are, make its people unless they are there, and say how they sign in."""
    from corridor.mitxonline.demo.cast import EXAMPLE, is_wanted, load_cast

    if not is_wanted():
        return
    with step("Letting the people of the demo live their past") as current, no_warnings():
        load_cast(password)
        current.title = f"The people of the demo sign in with the password {password} unless changed, as {EXAMPLE} does"


def look_after_index() -> None:
    """Make an index that is missing or of another version, mend one that does not tell what the database does, embed what is soon embedded."""
    from corridor.learn.discovery import maintenance

    for name in maintenance.unfit():
        with step(f"Indexing {name}") as current:
            current.title = f"Indexed {maintenance.rebuild(name, allow_shrink=True, told=current.note).documents} {name}"
    if mended := maintenance.mend():
        with step(f"Mended {mended} entries of the index"):
            pass
    if lacking := maintenance.awaited_vectors():
        with step("Embedding for search by meaning") as current:
            try:
                done = maintenance.embed_everything(current.note, seconds=maintenance.PATIENT_START)
                rest = "; the relay goes on with the rest" if done < lacking else ""
                current.title = f"Embedded {done} resources for search by meaning{rest}"
            except EncoderUnavailable as error:
                current.fail(f"Search goes by words alone for now: {error}")
