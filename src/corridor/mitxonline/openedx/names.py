"""Names that people have in the courseware."""

from collections.abc import Collection

from django.db.models.functions import Lower

from corridor.accounts.models import User

from .models import OpenEdxUser


def username_of(user: User) -> str | None:
    return OpenEdxUser.objects.filter(user=user).values_list("edx_username", flat=True).first()


def usernames_of(users: Collection[User]) -> dict[int, str | None]:
    """Of several at once, by number."""
    known = dict(OpenEdxUser.objects.filter(user__in=users).values_list("user_id", "edx_username"))
    return {user.pk: known.get(user.pk) for user in users}


def holders(name: str) -> list[int]:
    """The number of the person of that name, however it is spelt."""
    return list(OpenEdxUser.objects.alias(low=Lower("edx_username")).filter(low=name.lower()).values_list("user_id", flat=True))
