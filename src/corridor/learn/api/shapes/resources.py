"""Learning resources: what all types tell, and what each adds."""

from django.db.models import TextChoices
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema_field
from rest_framework import serializers

from corridor.learn.catalog.vocabulary import (
    Availability,
    CertificationType,
    Delivery,
    Format,
    Level,
    Pace,
    RelationType,
    ResourceType,
    ResourceTypeGroup,
)

from .contents import NestedContentFile
from .fields import (
    Shape,
    address,
    choice,
    flag,
    listed,
    maybe_address,
    maybe_moment,
    maybe_number,
    maybe_text,
    money,
    named,
    number,
    text,
    texts,
)
from .reference import LearningResourceDepartment, LearningResourceOfferor, LearningResourcePlatform, LearningResourceTopic

CertificationTypeCode = named(CertificationType, "CertificationTypeCode")
DeliveryCode = named(Delivery, "DeliveryCode")
PaceCode = named(Pace, "PaceCode")
FormatCode = named(Format, "FormatCode")
LevelCode = named(Level, "LevelCode")


class LearningResourcePrice(Shape):
    amount = money()
    currency = text(3)


class LearningResourceImage(Shape):
    id = number()
    url = text(2048)
    description = maybe_text()
    alt = maybe_text()


class LearningResourceInstructor(Shape):
    id = number()
    first_name = maybe_text(128)
    last_name = maybe_text(128)
    full_name = maybe_text(256)


class LearningResourceRelationshipChildField(Shape):
    child = number()
    position = number()
    relation_type = choice(RelationType.choices)
    title = text()
    readable_id = text()


class Offering(Shape):
    """What a resource and a run tell alike."""

    title = text(256)
    description = maybe_text()
    full_description = maybe_text()
    last_modified = maybe_moment()
    published = flag()
    languages = texts(allow_null=True)
    url = maybe_address()
    image = LearningResourceImage(allow_null=True)
    prices = listed(money())
    resource_prices = LearningResourcePrice(many=True)
    delivery = listed(DeliveryCode())
    pace = listed(PaceCode())
    format = listed(FormatCode())
    availability = choice(Availability.choices, allow_null=True)
    location = text(256)
    duration = text(256)
    min_weeks = maybe_number()
    max_weeks = maybe_number()
    time_commitment = text(256)
    min_weekly_hours = maybe_number()
    max_weekly_hours = maybe_number()


class LearningResourceRun(Offering):
    id = number()
    run_id = text(256)
    instructors = LearningResourceInstructor(many=True, allow_null=True)
    level = listed(LevelCode())
    slug = maybe_text(1024)
    semester = maybe_text(20)
    year = maybe_number()
    start_date = maybe_moment()
    end_date = maybe_moment()
    enrollment_start = maybe_moment()
    enrollment_end = maybe_moment()
    checksum = maybe_text(32)


class Resource(Offering):
    """What every learning resource tells."""

    id = number()
    readable_id = text(512)
    position = maybe_number()
    topics = LearningResourceTopic(many=True)
    offered_by = LearningResourceOfferor(allow_null=True)
    platform = LearningResourcePlatform(allow_null=True)
    course_feature = texts(allow_null=True)
    departments = LearningResourceDepartment(many=True, allow_null=True)
    certification = flag()
    certification_type = CertificationTypeCode()
    runs = LearningResourceRun(many=True, allow_null=True)
    views = number()
    free = flag()
    resource_type_group = choice(ResourceTypeGroup.choices)
    children = LearningResourceRelationshipChildField(allow_null=True)
    best_run_id = maybe_number()
    resource_category = text()
    ocw_topics = texts()
    professional = flag()
    next_start_date = maybe_moment()
    completeness = serializers.FloatField()
    license_cc = flag()
    test_mode = flag()
    continuing_ed_credits = serializers.DecimalField(max_digits=5, decimal_places=2, allow_null=True)
    require_summaries = flag()
    created_on = serializers.DateTimeField()


def _only(resource_type: ResourceType) -> serializers.ChoiceField:
    chosen: TextChoices = resource_type
    return choice([(chosen.value, chosen.label)])


class CourseNumber(Shape):
    value = text()
    department = LearningResourceDepartment()
    listing_type = text()


class Course(Shape):
    course_numbers = CourseNumber(many=True, allow_null=True)


class CourseResource(Resource):
    resource_type = _only(ResourceType.COURSE)
    course = Course()


class Program(Shape):
    course_count = number()
    program_count = number()


class ProgramResource(Resource):
    resource_type = _only(ResourceType.PROGRAM)
    program = Program()


class LearningPath(Shape):
    id = number()
    item_count = number()


class LearningPathResource(Resource):
    resource_type = _only(ResourceType.LEARNING_PATH)
    learning_path = LearningPath()


class Podcast(Shape):
    id = number()
    episode_count = number()
    apple_podcasts_url = maybe_address()
    google_podcasts_url = maybe_address()
    rss_url = maybe_address()


class PodcastResource(Resource):
    resource_type = _only(ResourceType.PODCAST)
    podcast = Podcast()


class PodcastEpisodeParent(Shape):
    id = number()
    title = text()
    readable_id = text()


class PodcastEpisode(Shape):
    """Transcript and feed entry are told on the episode's own page; in lists they are empty."""

    id = number()
    podcasts = listed(number())
    parent_podcasts = PodcastEpisodeParent(many=True)
    transcript = text()
    audio_url = text(2048)
    episode_link = maybe_address()
    duration = maybe_text()
    rss = maybe_text()


class PodcastEpisodeResource(Resource):
    resource_type = _only(ResourceType.PODCAST_EPISODE)
    podcast_episode = PodcastEpisode()


class CaptionUrl(Shape):
    language = text()
    language_name = text()
    url = address()


class Video(Shape):
    id = number()
    duration = text(11)
    caption_urls = CaptionUrl(many=True)
    streaming_url = maybe_address()
    cover_image_url = maybe_address()


class VideoResource(Resource):
    resource_type = _only(ResourceType.VIDEO)
    video = Video(allow_null=True)
    playlists = texts()
    content_files = NestedContentFile(many=True, allow_null=True)


class VideoChannel(Shape):
    channel_id = text(80)
    title = text(256)


class VideoPlaylist(Shape):
    id = number()
    channel = VideoChannel(allow_null=True)
    video_count = number()
    parent_learning_resource_id = maybe_number()
    parent_title = maybe_text()
    parent_url = maybe_text()
    parent_course_numbers = texts()


class VideoPlaylistResource(Resource):
    resource_type = _only(ResourceType.VIDEO_PLAYLIST)
    video_playlist = VideoPlaylist()


class DocumentResource(Resource):
    resource_type = _only(ResourceType.DOCUMENT)
    content_files = NestedContentFile(many=True, allow_null=True)


BY_TYPE: dict[str, type[Shape]] = {
    ResourceType.PROGRAM: ProgramResource,
    ResourceType.COURSE: CourseResource,
    ResourceType.LEARNING_PATH: LearningPathResource,
    ResourceType.PODCAST: PodcastResource,
    ResourceType.PODCAST_EPISODE: PodcastEpisodeResource,
    ResourceType.VIDEO_PLAYLIST: VideoPlaylistResource,
    ResourceType.VIDEO: VideoResource,
    ResourceType.DOCUMENT: DocumentResource,
}


# A resource of any type, told apart by `resource_type`.
LEARNING_RESOURCE = PolymorphicProxySerializer(
    component_name="LearningResource",
    serializers={str(code): shape for code, shape in BY_TYPE.items()},
    resource_type_field_name="resource_type",
)


@extend_schema_field(LEARNING_RESOURCE)
class AnyResource(serializers.JSONField):
    """A resource within another shape."""


# --- parts, summaries, words for people


class LearningPathRelationship(Shape):
    id = number()
    resource = AnyResource()
    position = number()
    parent = number()  # type: ignore[assignment]  # a field, which no instance has as an attribute
    child = number()


class LearningResourceRelationship(LearningPathRelationship):
    relation_type = choice(RelationType.choices)


class LearningResourceSummary(Shape):
    id = number()
    last_modified = maybe_moment()
    url = maybe_address()
    title = text(256)
    resource_type = choice(ResourceType.choices)
    canonical_parent_ids = listed(number())


class ResourceChildSummary(Shape):
    title = text()
    readable_id = text()
    description = text()
    resource_type = text()
    topics = texts()
    parent_program = text(required=False)


class DisplayInfoRun(Shape):
    code = text()
    name = text()
    location = text()
    start_date = text()
    instructors = texts()
    duration = text()
    price = text()
    format = texts()


class LearningResourceDisplayInfoResponse(Shape):
    id = number()
    title = text()
    description = text()
    full_description = maybe_text()
    url = text()
    free = flag(allow_null=True)
    topics = texts()
    price = maybe_text()
    extra_price_info = maybe_text()
    certification = maybe_text()
    instructors = texts(allow_null=True)
    runs = DisplayInfoRun(many=True, allow_null=True)
    offered_by = maybe_text()
    languages = texts(allow_null=True)
    levels = texts(allow_null=True)
    departments = texts()
    platform = maybe_text()
    number_of_courses = maybe_number()
    number_of_programs = maybe_number()
    program_courses = ResourceChildSummary(many=True, allow_null=True)
    location = maybe_text()
    starts = texts(allow_null=True)
    format_type = texts(allow_null=True)
    as_taught_in = texts(allow_null=True)
    duration = maybe_text()
