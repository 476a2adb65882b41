from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from corridor.learn.catalog.models import LearningResource, Run
from corridor.learn.catalog.vocabulary import ContentType


class ContentFile(models.Model):
    """A page, file or transcript that belongs to a run, or to a resource that has none."""

    resource = models.ForeignKey(LearningResource, models.CASCADE, related_name="content_files")
    run = models.ForeignKey(Run, models.CASCADE, null=True, blank=True, related_name="content_files")
    # The video or document resource that was made of this file.
    direct_resource = models.ForeignKey(LearningResource, models.SET_NULL, null=True, blank=True, related_name="made_from")
    uid = models.CharField(max_length=36, blank=True)
    key = models.CharField(max_length=1024)
    title = models.CharField(max_length=1024, blank=True)
    description = models.TextField(blank=True)
    url = models.TextField(blank=True)
    image_src = models.URLField(max_length=2048, blank=True)
    content = models.TextField(blank=True)
    content_title = models.CharField(max_length=1024, blank=True)
    content_author = models.CharField(max_length=1024, blank=True)
    content_language = models.CharField(max_length=24, blank=True)
    content_type = models.CharField(max_length=8, choices=ContentType.choices, default=ContentType.FILE)
    content_tags = ArrayField(models.TextField(), default=list, blank=True)
    file_type = models.CharField(max_length=128, blank=True)
    file_extension = models.CharField(max_length=32, blank=True)
    source_path = models.CharField(max_length=1024, blank=True)
    edx_module_id = models.CharField(max_length=1024, blank=True, db_index=True)
    youtube_id = models.CharField(max_length=32, blank=True)
    duration = models.CharField(max_length=16, blank=True)
    summary = models.TextField(blank=True)
    flashcards = models.JSONField(default=list, blank=True)
    checksum = models.CharField(max_length=32, blank=True)
    published = models.BooleanField(default=True)
    version = models.BigIntegerField(default=0)
    updated_on = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint("resource", "run", "key", nulls_distinct=False, name="content_file_identity")]
        indexes = [models.Index(fields=["version"], name="content_file_version")]

    def __str__(self) -> str:
        return self.title or self.key
