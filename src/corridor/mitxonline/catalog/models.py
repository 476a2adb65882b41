from typing import Any

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from .vocabulary import Availability, DisplayMode, DocumentKind, NodeType, Operator, VariantIndustry, VariantLength

READABLE_ID = r"^[\w\-+:.]+$"


def allowed(field: str, name: str) -> models.CheckConstraint:
    """Of ids that people and addresses use: letters, digits and `_-+:.` alone."""
    return models.CheckConstraint(condition=Q(**{f"{field}__regex": READABLE_ID}), name=name)


def not_before(later: str, earlier: str, name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(**{f"{later}__gte": F(earlier)}), name=name)


def after(later: str, earlier: str, name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(**{f"{later}__gt": F(earlier)}), name=name)


def moment() -> "models.DateTimeField[Any, Any]":
    return models.DateTimeField(null=True, blank=True)


def price(**options: Any) -> "models.DecimalField[Any, Any]":
    """An amount in US dollars."""
    return models.DecimalField(max_digits=7, decimal_places=2, **options)


class Department(models.Model):
    name = models.CharField(max_length=128, unique=True)
    slug = models.SlugField(max_length=128, unique=True)

    def __str__(self) -> str:
        return self.name


class Topic(models.Model):
    """A subject, of two levels: one with a parent has no children. The trigger `topic_two_levels` holds that."""

    name = models.CharField(max_length=128)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")

    class Meta:
        constraints = [models.UniqueConstraint("name", "parent", nulls_distinct=False, name="mitxonline_topic_unique")]

    def __str__(self) -> str:
        return self.name


class EnrollmentMode(models.Model):
    """A way to take a run or a program. A verified track exists where this is attached, nowhere else."""

    mode_slug = models.CharField(max_length=255, unique=True)
    mode_display_name = models.CharField(max_length=255)
    requires_payment = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.mode_slug


class Course(models.Model):
    title = models.CharField(max_length=255)
    readable_id = models.CharField(max_length=255, unique=True)
    live = models.BooleanField(default=False)
    departments = models.ManyToManyField(Department, blank=True, related_name="courses")
    topics = models.ManyToManyField(Topic, blank=True, related_name="courses")
    created_on = models.DateTimeField(db_default=Now())
    updated_on = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["id"]
        constraints = [allowed("readable_id", "course_readable_id_allowed")]

    def __str__(self) -> str:
        return self.readable_id


class SupportedVariant(models.Model):
    """A language, length and industry that a course is held in."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="supported_variants")
    language = models.CharField(max_length=16, default="en")
    variant_length = models.CharField(max_length=1, choices=VariantLength.choices, blank=True)
    variant_industry = models.CharField(max_length=2, choices=VariantIndustry.choices, blank=True)
    active = models.BooleanField(default=True)
    b2b_only = models.BooleanField(default=False)
    default_variant = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["course", "language", "variant_length", "variant_industry"], name="supported_variant_unique"),
            models.UniqueConstraint(fields=["course"], condition=Q(default_variant=True), name="one_default_variant"),
            models.CheckConstraint(condition=~Q(default_variant=True, b2b_only=True), name="default_variant_is_public"),
        ]

    def __str__(self) -> str:
        return f"{self.course_id}: {self.language} {self.variant_length} {self.variant_industry}".strip()


class CourseRun(models.Model):
    """One holding of a course."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="runs")
    title = models.CharField(max_length=255)
    courseware_id = models.CharField(max_length=255, unique=True)
    run_tag = models.CharField(max_length=100)
    start_date = moment()
    end_date = moment()
    enrollment_start = moment()
    enrollment_end = moment()
    expiration_date = moment()
    upgrade_deadline = moment()
    certificate_available_date = moment()
    is_self_paced = models.BooleanField(default=False)
    live = models.BooleanField(default=False)
    has_courseware_url = models.BooleanField(default=True)
    enrollment_modes = models.ManyToManyField(EnrollmentMode, blank=True, related_name="runs")
    b2b_contract = models.PositiveIntegerField(
        null=True, blank=True
    )  # number of the contract that the run is for; such a run is not public
    is_source_run = models.BooleanField(default=False)  # what contract runs are cloned from; never public
    language = models.CharField(max_length=16, default="en", blank=True)
    is_primary_language = models.BooleanField(default=True)
    variant_length = models.CharField(max_length=1, choices=VariantLength.choices, blank=True)
    variant_industry = models.CharField(max_length=2, choices=VariantIndustry.choices, blank=True)
    created_on = models.DateTimeField(db_default=Now())
    updated_on = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["id"]
        constraints = [
            allowed("courseware_id", "run_courseware_id_allowed"),
            not_before("end_date", "start_date", "run_ends_after_start"),
            not_before("enrollment_end", "enrollment_start", "run_enrollment_ends_after_start"),
            after("expiration_date", "start_date", "run_expires_after_start"),
            after("expiration_date", "end_date", "run_expires_after_end"),
            models.UniqueConstraint(
                fields=["course", "run_tag", "is_source_run", "b2b_contract"],
                condition=Q(is_primary_language=True, variant_length="", variant_industry=""),
                nulls_distinct=False,
                name="one_primary_language",
            ),
            models.UniqueConstraint(
                fields=["course", "run_tag", "is_source_run", "b2b_contract", "language", "variant_length", "variant_industry"],
                nulls_distinct=False,
                name="run_variant_unique",
            ),
        ]
        indexes = [models.Index(fields=["course", "start_date"], name="run_of_course")]

    def __str__(self) -> str:
        return self.courseware_id


class Program(models.Model):
    title = models.CharField(max_length=255)
    readable_id = models.CharField(max_length=255, unique=True)
    live = models.BooleanField(default=False)
    b2b_only = models.BooleanField(default=False)
    program_type = models.CharField(max_length=255, default="Series", blank=True)
    availability = models.CharField(max_length=8, choices=Availability.choices, default=Availability.ANYTIME)
    display_mode = models.CharField(max_length=8, choices=DisplayMode.choices, null=True, blank=True)
    start_date = moment()
    end_date = moment()
    enrollment_start = moment()
    enrollment_end = moment()
    departments = models.ManyToManyField(Department, blank=True, related_name="programs")
    enrollment_modes = models.ManyToManyField(EnrollmentMode, blank=True, related_name="programs")
    created_on = models.DateTimeField(db_default=Now())
    updated_on = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["id"]
        constraints = [
            allowed("readable_id", "program_readable_id_allowed"),
            not_before("end_date", "start_date", "program_ends_after_start"),
            not_before("enrollment_end", "enrollment_start", "program_enrollment_ends_after_start"),
        ]

    def __str__(self) -> str:
        return self.readable_id


class ProgramRequirement(models.Model):
    """A node of a program's tree. Nodes without a parent are all required, unless their `elective_flag` says otherwise.

    A parent belongs to the same program (foreign key `requirement_parent_of_program`). Nothing here keeps programs from requiring one
    another in a circle: catalog.trees does, one writer at a time.
    """

    program = models.ForeignKey(Program, models.CASCADE, related_name="requirements")
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="children")
    position = models.PositiveSmallIntegerField()
    node_type = models.CharField(max_length=8, choices=NodeType.choices)
    operator = models.CharField(max_length=13, choices=Operator.choices, null=True, blank=True)
    operator_value = models.PositiveSmallIntegerField(null=True, blank=True)
    title = models.TextField(null=True, blank=True)
    elective_flag = models.BooleanField(default=False)
    course = models.ForeignKey(Course, models.PROTECT, null=True, blank=True, related_name="required_by")
    required_program = models.ForeignKey(Program, models.PROTECT, null=True, blank=True, related_name="required_by")

    class Meta:
        ordering = ["program", "position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["program", "parent", "position"], nulls_distinct=False, name="requirement_position_unique"),
            models.UniqueConstraint(fields=["id", "program"], name="requirement_of_program"),
            models.CheckConstraint(
                name="requirement_columns_fit_type",
                condition=Q(node_type=NodeType.OPERATOR, operator__isnull=False, course=None, required_program=None)
                | Q(node_type=NodeType.COURSE, operator=None, course__isnull=False, required_program=None, elective_flag=False)
                | Q(node_type=NodeType.PROGRAM, operator=None, course=None, required_program__isnull=False, elective_flag=False),
            ),
            models.CheckConstraint(
                name="requirement_number_fits_operator",
                condition=Q(operator__isnull=False, operator=Operator.MIN_NUMBER_OF, operator_value__isnull=False, operator_value__gte=1)
                | Q(operator__isnull=False, operator=Operator.ALL_OF, operator_value=None)
                | Q(operator=None, operator_value=None),  # NULL compared is not false, and a check passes what is not false
            ),
            models.CheckConstraint(condition=~Q(program=F("required_program")), name="requirement_not_self"),
        ]

    def __str__(self) -> str:
        return f"{self.program_id}: {self.node_type} {self.course_id or self.required_program_id or self.operator}"


class ProgramCollection(models.Model):
    title = models.CharField(max_length=255)
    description = models.TextField(blank=True)
    programs = models.ManyToManyField(Program, through="ProgramCollectionItem", related_name="collections")
    created_on = models.DateTimeField(db_default=Now())
    updated_on = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.title


class ProgramCollectionItem(models.Model):
    collection = models.ForeignKey(ProgramCollection, models.CASCADE, related_name="items")
    program = models.ForeignKey(Program, models.CASCADE, related_name="collection_items")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint("collection", "program", name="collection_program_unique"),
            models.UniqueConstraint("collection", "position", name="collection_position_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.collection_id}: {self.program_id}"


class RelatedProgram(models.Model):
    """Two programs: financial aid for one counts for the other. The one with the lower id is `first`."""

    first = models.ForeignKey(Program, models.CASCADE, related_name="+")
    second = models.ForeignKey(Program, models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint("first", "second", name="related_programs_unique"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="related_programs_ordered"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} ~ {self.second_id}"


class BlockedCountry(models.Model):
    """A country whose learners cannot buy a course or enroll in it."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="blocked_countries")
    country = models.CharField(max_length=2)

    class Meta:
        constraints = [
            models.UniqueConstraint("course", "country", name="blocked_country_unique"),
            models.CheckConstraint(condition=Q(country__regex="^[A-Z]{2}$"), name="blocked_country_is_iso"),
        ]

    def __str__(self) -> str:
        return f"{self.course_id}: {self.country}"


class Prospectus(models.Model):
    """What a course or program tells people about itself."""

    live = models.BooleanField(default=False)
    description = models.TextField(blank=True)
    about = models.TextField(blank=True)
    what_you_learn = models.TextField(blank=True)
    prerequisites = models.TextField(blank=True)
    length = models.CharField(max_length=50, blank=True)
    effort = models.CharField(max_length=100, blank=True)
    min_weeks = models.PositiveSmallIntegerField(null=True, blank=True)
    max_weeks = models.PositiveSmallIntegerField(null=True, blank=True)
    min_weekly_hours = models.CharField(max_length=5, blank=True)
    max_weekly_hours = models.CharField(max_length=5, blank=True)
    price_text = models.CharField(max_length=255, blank=True)
    min_price = price(null=True, blank=True)  # as staff state them; else what products cost
    max_price = price(null=True, blank=True)
    feature_image_src = models.CharField(max_length=2048, blank=True)
    video_url = models.URLField(max_length=2048, blank=True)
    faq_url = models.URLField(max_length=2048, blank=True)
    financial_assistance_form_url = models.CharField(max_length=2048, blank=True)
    instructors = models.JSONField(default=list, blank=True)  # [{"name", "description"}], in the order to show
    include_in_learn_catalog = models.BooleanField(default=False)

    class Meta:
        abstract = True
        constraints = [
            not_before("max_weeks", "min_weeks", "%(class)s_weeks"),
            not_before("max_price", "min_price", "%(class)s_prices"),
            models.CheckConstraint(condition=Q(min_price__gte=0), name="%(class)s_price_positive"),
        ]


class CourseProspectus(Prospectus):
    course = models.OneToOneField(Course, models.CASCADE, primary_key=True, related_name="prospectus")
    ingest_content_files_for_ai = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"prospectus of {self.course_id}"


class ProgramProspectus(Prospectus):
    program = models.OneToOneField(Program, models.CASCADE, primary_key=True, related_name="prospectus")
    list_price = price(null=True, blank=True)

    def __str__(self) -> str:
        return f"prospectus of {self.program_id}"


class Product(models.Model):
    """A run or a program that is for sale, of which one product at most is active. Its price is that of its newest version."""

    course_run = models.ForeignKey(CourseRun, models.PROTECT, null=True, blank=True, related_name="products")
    program = models.ForeignKey(Program, models.PROTECT, null=True, blank=True, related_name="products")
    is_active = models.BooleanField(default=True)
    created_on = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="product_sells_one_thing",
                condition=Q(course_run__isnull=False, program=None) | Q(course_run=None, program__isnull=False),
            ),
            models.UniqueConstraint(fields=["course_run"], condition=Q(is_active=True), name="one_active_product_of_run"),
            models.UniqueConstraint(fields=["program"], condition=Q(is_active=True), name="one_active_product_of_program"),
        ]

    def __str__(self) -> str:
        return f"product {self.pk}"


class ProductVersion(models.Model):
    """Price and description of a product from a moment on; lines of orders refer to it.

    Only ever added: the trigger `product_version_kept` refuses to change or delete one.
    """

    product = models.ForeignKey(Product, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    price = price()
    description = models.TextField()
    created_on = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["product", "number"]
        constraints = [
            models.UniqueConstraint("product", "number", name="product_version_number_unique"),
            models.CheckConstraint(condition=Q(price__gte=0), name="product_version_price_positive"),
        ]

    def __str__(self) -> str:
        return f"product {self.product_id}, version {self.number}"


class CatalogDocument(models.Model):
    """The bytes that every reader of an object gets, in each published shape; written by catalog.documents alone.

    `version` comes from one sequence, taken under a lock that is held until commit: a later commit always has a greater one, which makes
    it the cursor of the change feed. What is no longer readable stays as a tombstone (`gone`), without bytes.
    """

    kind = models.CharField(max_length=10, choices=DocumentKind.choices)
    object_id = models.BigIntegerField()
    readable_id = models.CharField(max_length=255, blank=True)
    version = models.BigIntegerField(unique=True)
    digest = models.CharField(max_length=32)
    changed_at = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)  # when a date passes, from which the document may be untrue
    gone = models.BooleanField(default=False)
    v1 = models.BinaryField(null=True)
    v2 = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("kind", "object_id", name="document_identity"),
            models.CheckConstraint(
                condition=Q(gone=True, v1=None, v2=None) | Q(gone=False, v1__isnull=False, v2__isnull=False), name="document_or_tombstone"
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "version"], name="document_feed"),
            models.Index(fields=["valid_until"], name="document_aging", condition=Q(valid_until__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id} v{self.version}"
