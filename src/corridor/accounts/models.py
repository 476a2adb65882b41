"""People, and what is kept of them."""

import uuid

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models.functions import Concat, Lower


def words() -> SearchVector:
    """What staff find people by, as the index has it."""
    return SearchVector("name", "username", "email", config="simple")


class User(AbstractUser):
    """A person. `global_id` is what identity providers and the other systems know them by; an address belongs to one person alone."""

    global_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=255, blank=True)
    updated_on = models.DateTimeField(auto_now=True)

    class Meta(AbstractUser.Meta):
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                condition=~models.Q(email=""),
                name="one_person_per_address",
                violation_error_message="Another account has this address.",
            )
        ]
        indexes = [GinIndex(words(), name="people_by_word")]

    @property
    def shown_name(self) -> str:
        return self.name or self.email or self.username


class LegalAddress(models.Model):
    """Name and address as payments, export rules and certificates need them."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="legal_address")
    first_name = models.CharField(max_length=60, blank=True)
    last_name = models.CharField(max_length=60, blank=True)
    street_address_1 = models.CharField(max_length=255, blank=True)
    street_address_2 = models.CharField(max_length=255, blank=True)
    city = models.CharField(max_length=255, blank=True)
    state = models.CharField(max_length=10, blank=True)
    postal_code = models.CharField(max_length=20, blank=True)
    country = models.CharField(max_length=2, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="") | models.Q(state__startswith=Concat("country", models.Value("-"))),
                name="state_of_its_country",
            )
        ]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


class Profile(models.Model):
    """What a person tells of themselves; each is theirs to leave out."""

    class Gender(models.TextChoices):
        MALE = "m", "Male"
        FEMALE = "f", "Female"
        TRANSGENDER = "t", "Transgender"
        NON_BINARY = "nb", "Non-binary"
        OTHER = "o", "Other, or rather not say"

    class CompanySize(models.IntegerChoices):
        ONE = 1, "A start-up"
        NINE = 9, "Up to 9 people"
        NINETY_NINE = 99, "10 to 99 people"
        HUNDREDS = 999, "100 to 999 people"
        THOUSANDS = 9999, "1,000 to 9,999 people"
        MORE = 10000, "10,000 people or more"
        UNKNOWN = 0, "None, or not known"

    class Experience(models.IntegerChoices):
        TWO = 2, "Less than 2 years"
        FIVE = 5, "2 to 5 years"
        TEN = 10, "6 to 10 years"
        FIFTEEN = 15, "11 to 15 years"
        TWENTY = 20, "16 to 20 years"
        MORE = 21, "More than 20 years"
        UNTOLD = 0, "Rather not say"

    class Education(models.TextChoices):
        DOCTORATE = "Doctorate", "Doctorate"
        MASTER = "Master's or professional degree", "Master's or professional degree"
        BACHELOR = "Bachelor's degree", "Bachelor's degree"
        ASSOCIATE = "Associate degree", "Associate degree"
        SECONDARY = "Secondary/high school", "Secondary or high school"
        JUNIOR = "Junior secondary/junior high/middle school", "Junior high or middle school"
        ELEMENTARY = "Elementary/primary school", "Elementary or primary school"
        NONE = "No formal education", "No formal education"
        OTHER = "Other education", "Other education"

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="profile")
    year_of_birth = models.PositiveSmallIntegerField(null=True, blank=True)
    gender = models.CharField(max_length=2, blank=True, choices=Gender)
    highest_education = models.CharField(max_length=60, blank=True, choices=Education)
    company = models.CharField(max_length=128, blank=True)
    job_title = models.CharField(max_length=128, blank=True)
    industry = models.CharField(max_length=60, blank=True)
    job_function = models.CharField(max_length=60, blank=True)
    company_size = models.IntegerField(null=True, blank=True, choices=CompanySize)
    years_experience = models.IntegerField(null=True, blank=True, choices=Experience)
    leadership_level = models.CharField(max_length=60, blank=True)
    type_is_student = models.BooleanField(null=True)
    type_is_professional = models.BooleanField(null=True)
    type_is_educator = models.BooleanField(null=True)
    type_is_other = models.BooleanField(null=True)
    addl_field_flag = models.BooleanField(default=False)
    completed_onboarding = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(year_of_birth=None) | models.Q(year_of_birth__gte=1900), name="born_lately")
        ]

    def __str__(self) -> str:
        return f"of {self.user_id}"
