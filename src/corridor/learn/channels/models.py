from django.db import models

from corridor.learn.catalog.models import Department, LearningResource, Offeror, Topic
from corridor.learn.catalog.vocabulary import ChannelType


class Channel(models.Model):
    """A landing page: its words, its look and the search it stands for."""

    name = models.SlugField(max_length=100)
    title = models.CharField(max_length=100)
    channel_type = models.CharField(max_length=12, choices=ChannelType.choices)
    published = models.BooleanField(default=True)
    search_filter = models.CharField(max_length=2048, blank=True, help_text="A query string, such as topic=Physics.")
    public_description = models.TextField(blank=True)
    about = models.JSONField(null=True, blank=True)
    configuration = models.JSONField(default=dict, blank=True)
    avatar = models.ImageField(upload_to="channels/avatars/", blank=True)
    banner = models.ImageField(upload_to="channels/banners/", blank=True)
    featured_list = models.ForeignKey(LearningResource, models.SET_NULL, null=True, blank=True, related_name="featured_by")
    topic = models.OneToOneField(Topic, models.CASCADE, null=True, blank=True, related_name="channel")
    department = models.OneToOneField(Department, models.CASCADE, null=True, blank=True, related_name="channel")
    unit = models.OneToOneField(Offeror, models.CASCADE, null=True, blank=True, related_name="channel")
    created_on = models.DateTimeField(auto_now_add=True)
    updated_on = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["channel_type", "title"]
        constraints = [models.UniqueConstraint("channel_type", "name", name="channel_identity")]

    def __str__(self) -> str:
        return f"{self.channel_type}: {self.title}"

    def get_absolute_url(self) -> str:
        return f"/c/{self.channel_type}/{self.name}/"
