import uuid

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower


class User(AbstractUser):
    """A person. `global_id` is what identity providers and the other systems know them by; an address belongs to one person alone."""

    global_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=255, blank=True)

    class Meta(AbstractUser.Meta):
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                condition=~models.Q(email=""),
                name="one_person_per_address",
                violation_error_message="Another account has this address.",
            )
        ]

    @property
    def shown_name(self) -> str:
        return self.name or self.email or self.username
