"""What only one type of resource has: the shapes of LearningResource.details."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, ValidationError, model_validator

from . import rules
from .errors import DetailsInvalid
from .vocabulary import ResourceType


def _web(value: str) -> str:
    if not value.startswith(("https://", "http://")):
        raise ValueError("must be a web address")
    return value


Url = Annotated[str, StringConstraints(max_length=2048), AfterValidator(_web)]
Duration = Annotated[str, StringConstraints(max_length=11)]  # ISO 8601, such as PT1H5M


class Details(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class CourseNumber(Details):
    value: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    department: str | None = None  # a department id
    listing_type: Literal["primary", "cross-listed"] = "primary"
    sort_coursenum: str = ""

    @model_validator(mode="before")
    @classmethod
    def _sorted(cls, given: Any) -> Any:
        if isinstance(given, dict) and isinstance(given.get("value"), str):
            return {**given, "sort_coursenum": rules.sort_coursenum(given["value"])}
        return given


class Course(Details):
    course_numbers: list[CourseNumber] = []
    old_numbers: list[str] = []  # what it was called before; for search alone


class Program(Details):
    pass


class LearningPath(Details):
    author: int | None = None  # a user's id


class Podcast(Details):
    apple_podcasts_url: Url | None = None
    google_podcasts_url: Url | None = None
    rss_url: Url | None = None


class PodcastEpisode(Details):
    audio_url: Url | None = None
    episode_link: Url | None = None
    duration: Annotated[str, StringConstraints(max_length=10)] | None = None
    transcript: str = ""
    rss: str | None = None


class CaptionUrl(Details):
    language: str
    language_name: str
    url: Url


class Video(Details):
    duration: Duration = ""
    transcript: str = ""
    streaming_url: Url | None = None
    caption_urls: list[CaptionUrl] = []
    cover_image_url: Url | None = None


class VideoChannel(Details):
    channel_id: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    title: Annotated[str, StringConstraints(max_length=256)]


class VideoPlaylist(Details):
    channel: VideoChannel | None = None


class Document(Details):
    pass


SHAPES: dict[str, type[Details]] = {
    ResourceType.COURSE: Course,
    ResourceType.PROGRAM: Program,
    ResourceType.LEARNING_PATH: LearningPath,
    ResourceType.PODCAST: Podcast,
    ResourceType.PODCAST_EPISODE: PodcastEpisode,
    ResourceType.VIDEO: Video,
    ResourceType.VIDEO_PLAYLIST: VideoPlaylist,
    ResourceType.DOCUMENT: Document,
}


def shaped(resource_type: str, given: dict[str, Any]) -> dict[str, Any]:
    """Details as they are stored: every field of the type, checked. Raises DetailsInvalid, which names the field."""
    try:
        return SHAPES[resource_type].model_validate(given).model_dump()
    except ValidationError as error:
        first = error.errors()[0]
        raise DetailsInvalid(resource_type, ".".join(map(str, first["loc"])), first["msg"]) from error
