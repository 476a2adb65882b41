"""How many commands a caller may send: counted in the cache, in one step, by windows of time."""

import logging
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError

from corridor.kit import clock
from corridor.kit.errors import Problem

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Limit:
    """`most` in as many seconds. Limits of one `name` count together."""

    most: int
    seconds: int = 60
    name: str = "commands"


class TooMany(Problem):
    code = "too_many_requests"
    status = 429

    def __init__(self, limit: Limit, seconds: int) -> None:
        super().__init__(f"More than {limit.most} in {limit.seconds} seconds are not taken. Try again in {seconds} seconds.")
        self.headers = {"Retry-After": str(seconds)}


def usual(*, signed_in: bool) -> Limit:
    """What holds where an operation declares nothing stricter."""
    return Limit(settings.CONFIG.commands_per_minute if signed_in else settings.CONFIG.anonymous_commands_per_minute)


def count(caller: str, limit: Limit) -> None:
    """Raises TooMany. Without a cache nothing is counted: a limit is no reason to refuse everything."""
    now = int(clock.now().timestamp())
    key = f"limit:{limit.name}:{limit.seconds}:{caller}:{now // limit.seconds}"
    try:
        cache.add(key, 0, limit.seconds + 1)
        sent = cache.incr(key)
    except (RedisError, ValueError) as error:  # ValueError: the cache forgot the key between the two
        log.warning("limits.not_counted: %s", error)
        return
    if sent > limit.most:
        raise TooMany(limit, limit.seconds - now % limit.seconds)
