from django.db import models
from django.db.models.functions import Lower


class Mood(models.TextChoices):
    """How the courseware behaves towards programs."""

    UP = "up", "Works"
    DOWN = "down", "Down: answers 503"
    SLOW = "slow", "Slow: answers after 25 seconds"
    REJECTING = "rejecting", "Rejecting: refuses enrollments and registrations for good"


class State(models.Model):
    """The one row of what staff have set."""

    mood = models.CharField(max_length=9, choices=Mood.choices, default=Mood.UP)

    def __str__(self) -> str:
        return self.mood

    @classmethod
    def current(cls) -> "State":
        return cls.objects.get_or_create(pk=1)[0]


class Learner(models.Model):
    username = models.CharField(max_length=30)
    email = models.EmailField()
    name = models.CharField(max_length=255, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("username"), name="one_username"),
            models.UniqueConstraint(Lower("email"), name="one_address"),
        ]

    def __str__(self) -> str:
        return self.username


class Course(models.Model):
    """Made the first time that anybody names its key."""

    key = models.CharField(max_length=255, unique=True)
    title = models.CharField(max_length=255)
    start = models.DateTimeField(null=True)
    end = models.DateTimeField(null=True)
    enrollment_start = models.DateTimeField(null=True)
    enrollment_end = models.DateTimeField(null=True)
    certificate_available = models.DateTimeField(null=True)
    self_paced = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.key


class Enrollment(models.Model):
    learner = models.ForeignKey(Learner, models.CASCADE, related_name="enrollments")
    course = models.ForeignKey(Course, models.CASCADE, related_name="enrollments")
    mode = models.CharField(max_length=20, default="audit")
    is_active = models.BooleanField(default=True)
    emails = models.BooleanField(default=True)
    created = models.DateTimeField(auto_now_add=True)
    finished = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["learner", "course"], name="one_enrollment")]

    def __str__(self) -> str:
        return f"{self.learner_id} in {self.course_id}"


class GivenAnswer(models.Model):
    enrollment = models.ForeignKey(Enrollment, models.CASCADE, related_name="answers")
    unit = models.PositiveSmallIntegerField()
    choice = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enrollment", "unit"], name="one_answer")]

    def __str__(self) -> str:
        return f"{self.unit}: {self.choice}"


class Notice(models.Model):
    """A webhook that was sent, or was to be."""

    kind = models.CharField(max_length=20)
    body = models.JSONField()
    at = models.DateTimeField(auto_now_add=True)
    answered = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.answered}"
