"""Who changes what a learner takes does so alone: every action takes this lock first, and after the locks of orders."""

from corridor.accounts.models import User


def learner(user_id: int) -> User:
    """The learner, held until the transaction ends. Rows that refer to a person can be written meanwhile."""
    return User.objects.select_for_update(no_key=True).get(pk=user_id)
