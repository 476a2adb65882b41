"""What happens by itself: certificates that came due without a new grade, and credentials that wait for a key."""

from collections.abc import Callable, Iterator, Sequence

import structlog

from corridor.kit import clock

from . import actions, queries
from .loading import Pair
from .models import Certificate

log = structlog.get_logger(__name__)

BATCH = 500


def issue_for_runs() -> int:
    """Certificates of runs whose date has come within the look-back. Gives how many were issued, those of programs with them."""
    pairs = queries.candidates_in_runs(clock.now(), window=queries.LOOK_BACK)
    return _each(pairs, lambda some: actions.issue_due(some, actor=None, cause="hourly look at what is due"))


def issue_for_programs() -> int:
    """Certificates of programs that were completed in another way: a requirement was dropped, a verified track bought."""
    return _each(
        queries.candidates_in_programs(), lambda some: actions.issue_due_programs(some, actor=None, cause="nightly look at what is due")
    )


def sign() -> int:
    """Credentials of certificates that were issued without a key."""
    signed = 0
    while some := actions.sign_missing():
        signed += some
    return signed


def _each(pairs: Sequence[Pair], issue: Callable[[Sequence[Pair]], list[Certificate]]) -> int:
    """A transaction for each batch. One that fails is noted, and the others are done all the same."""
    issued = 0
    for some in _batches(pairs):
        try:
            issued += len(issue(some))
        except Exception:  # whatever is wrong with a batch is not to keep others from what they earned
            log.exception("certificates.batch_failed", people=len(some))
    return issued


def _batches(pairs: Sequence[Pair]) -> Iterator[Sequence[Pair]]:
    for start in range(0, len(pairs), BATCH):
        yield pairs[start : start + BATCH]
