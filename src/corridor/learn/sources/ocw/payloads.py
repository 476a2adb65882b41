"""The wire format of a published course: `data.json` of the course, of its pages and of its resources, old and new."""

from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import AliasChoices, BeforeValidator, Field

from corridor.learn.ingest.wire import Payload, Text


def _listed(value: Any) -> Any:
    """A list also where one entry stands alone, or where several stand in one text."""
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


def _paths(value: Any) -> Any:
    """Paths through a tree of topics; a name alone is a path of one."""
    return tuple((path,) if isinstance(path, str) else path for path in value) if isinstance(value, list | tuple) else value


def _blank_is_absent(value: Any) -> Any:
    return None if value == "" else value


def _resolved(value: Any) -> Any:
    """Instructors themselves; references that nothing resolved are left out."""
    return () if isinstance(value, dict) else value


Listed = Annotated[tuple[Text, ...], BeforeValidator(_listed)]
Paths = Annotated[tuple[tuple[str, ...], ...], BeforeValidator(_paths)]


class Instructor(Payload):
    first_name: str = ""
    middle_initial: str = ""
    last_name: str = ""
    salutation: str = ""
    title: str = ""


class ImageMetadata(Payload):
    alt: str = Field(default="", validation_alias=AliasChoices("image-alt", "image_alt", "alt"))
    caption: str = ""


class CourseImage(Payload):
    description: str = ""
    file: str = ""
    image_metadata: ImageMetadata = Field(default_factory=ImageMetadata)


class Course(Payload):
    course_title: Annotated[str, Field(min_length=1)]
    primary_course_number: Annotated[Text, Field(min_length=1)]
    extra_course_numbers: Listed = ()
    course_description: str = ""
    course_description_html: str = ""
    site_uid: str = ""
    legacy_uid: str = ""
    instructors: Annotated[tuple[Instructor, ...], BeforeValidator(_resolved)] = ()
    department_numbers: Listed = ()
    learning_resource_types: Listed = ()
    topics: Paths = ()
    mit_learn_topics: Paths = ()
    term: str = ""
    year: Annotated[int | None, BeforeValidator(_blank_is_absent)] = None
    level: Listed = ()
    hide_download: bool | None = None
    image_src: str = ""
    course_image_metadata: CourseImage = Field(default_factory=CourseImage)
    license: str = ""


class Page(Payload):
    title: str = ""
    description: str = ""
    content: str = ""
    uid: str = ""
    content_type: str = ""
    learning_resource_types: Listed = ()
    videos: tuple[str, ...] = ()  # uids, in a gallery


class VideoFiles(Payload):
    video_thumbnail_file: str = ""
    video_captions_file: str = ""
    video_transcript_file: str = ""
    archive_url: str = ""


class VideoMetadata(Payload):
    youtube_id: str = ""


class Resource(Payload):
    title: str = ""
    description: str = ""
    content: str = ""
    body: str = ""
    uid: str = ""
    file: str = Field(default="", validation_alias=AliasChoices("file", "file_location"))
    file_type: str = ""
    kind: str = Field(default="", validation_alias=AliasChoices("resourcetype", "resource_type"))
    learning_resource_types: Listed = ()
    video_files: VideoFiles = Field(default_factory=VideoFiles)
    video_metadata: VideoMetadata = Field(default_factory=VideoMetadata)


class ReadText(Payload):
    """The words of a resource's file or transcript."""

    text: str = ""
    note: str = ""


class CourseTree(Payload):
    """A course with all that was read of it, by path below its folder."""

    slug: Annotated[str, Field(min_length=1)]
    course: Course
    pages: dict[str, Page] = {}
    resources: dict[str, Resource] = {}
    texts: dict[str, ReadText] = {}


class Material(Payload):
    """One resource of a course that is a learning resource of its own."""

    slug: Annotated[str, Field(min_length=1)]
    course: Course
    path: str
    resource: Resource
    text: ReadText = Field(default_factory=ReadText)


class Playlist(Payload):
    slug: Annotated[str, Field(min_length=1)]
    course: Course
    path: str
    title: str
    videos: tuple[str, ...] = ()  # readable ids, in order


def flattened(paths: Iterable[Iterable[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for path in paths for name in path if name))
