"""Content files."""

from corridor.learn.catalog.vocabulary import ContentType

from .fields import Anything, Shape, choice, flag, maybe_address, maybe_number, maybe_text, number, text, texts
from .reference import LearningResourceDepartment, LearningResourceOfferor, LearningResourcePlatform, LearningResourceTopic


class NestedContentFile(Shape):
    """A file without its long texts, as materials tell of those they are made of. Keys of the run are there if it has one."""

    id = number()
    run_id = number(required=False)
    direct_learning_resource_id = maybe_number()
    run_title = text(required=False)
    run_slug = text(required=False)
    departments = LearningResourceDepartment(many=True)
    semester = text(required=False)
    year = number(required=False)
    topics = LearningResourceTopic(many=True)
    key = maybe_text(1024)
    uid = maybe_text(36)
    title = maybe_text(1024)
    description = maybe_text()
    require_summaries = flag()
    url = maybe_text()
    content_feature_type = texts()
    content_type = choice(ContentType.choices)
    content_title = maybe_text(1024)
    content_author = maybe_text(1024)
    content_language = maybe_text(24)
    checksum = text()
    image_src = maybe_address()
    resource_id = text()
    resource_readable_id = text()
    source_path = text()
    course_number = texts()
    file_type = maybe_text(128)
    file_extension = maybe_text(32)
    offered_by = LearningResourceOfferor()
    platform = LearningResourcePlatform()
    run_readable_id = text(required=False)
    edx_module_id = maybe_text(1024)
    youtube_id = maybe_text(32)


class ContentFile(NestedContentFile):
    """A file; its text, summary and flashcards are told on its own page."""

    content = maybe_text(required=False, help_text="The text of the file, for staff alone.")
    summary = text(required=False)
    flashcards = Anything(required=False)
