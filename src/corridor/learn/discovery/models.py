from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Now

from corridor.learn.catalog.models import LearningResource


class SynonymSet(models.Model):
    """Words and phrases that mean the same to a searcher. Staff edit them; a change works at once, without a new index."""

    terms = ArrayField(models.CharField(max_length=100), help_text="Two or more words or phrases, separated by commas.")
    enabled = models.BooleanField(default=True)
    updated_on = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return ", ".join(self.terms)

    def clean(self) -> None:
        self.terms = list(dict.fromkeys(term.strip().lower() for term in self.terms or () if term.strip()))
        if len(self.terms) < 2:
            raise ValidationError({"terms": "Give two or more different words or phrases."})


class Boost(models.Model):
    """Moves a resource up or down for one query, or for every query when none is given."""

    query = models.CharField(max_length=200, blank=True, help_text="The words of the query; empty for every query.")
    resource = models.ForeignKey(LearningResource, models.CASCADE, related_name="boosts")
    factor = models.FloatField(default=1.5, validators=[MinValueValidator(0.1), MaxValueValidator(10)])
    enabled = models.BooleanField(default=True)
    updated_on = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint("query", "resource", name="boost_unique")]

    def __str__(self) -> str:
        return f"{self.query or 'every query'} → {self.resource_id} × {self.factor}"

    def clean(self) -> None:
        self.query = " ".join(self.query.lower().split())


class TextVector(models.Model):
    """The vector of a document's passages as one encoder gave it. Texts that did not change are not embedded again."""

    encoder = models.CharField(max_length=128)
    digest = models.CharField(max_length=32)  # of the passages
    vector = models.BinaryField()  # float16
    created_on = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint("encoder", "digest", name="text_vector_unique")]

    def __str__(self) -> str:
        return f"{self.encoder} {self.digest}"
