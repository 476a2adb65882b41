"""Courses of open courseware, their textbooks and lecture videos as records (pure)."""

import mimetypes
import posixpath
from collections import Counter
from collections.abc import Iterator
from typing import Any

from corridor.learn.catalog.rules import completeness
from corridor.learn.catalog.vocabulary import Availability, ContentType, Delivery, Format, Pace, RelationType, ResourceType
from corridor.learn.ingest.cleaning import plain_text
from corridor.learn.ingest.parsing.addresses import joined, path_of, picture
from corridor.learn.ingest.parsing.course_numbers import department_of
from corridor.learn.ingest.parsing.levels import level
from corridor.learn.ingest.parsing.markdown import html_text, markdown_text
from corridor.learn.ingest.parsing.terms import semester
from corridor.learn.ingest.parsing.titles import is_deleted
from corridor.learn.ingest.records import (
    ChildRecord,
    ContentFileRecord,
    CourseNumberRecord,
    ImageRecord,
    InstructorRecord,
    ResourceRecord,
    RunRecord,
)
from corridor.learn.ingest.source import RawRecord, Rejected, Skip

from .materials import documents, galleries, is_video, is_wanted, key, material_id, run_id, videos
from .payloads import Course, CourseTree, Instructor, Material, Page, Playlist, ReadText, Resource, flattened

KINDS = {  # what counts towards completeness
    "Lecture Videos": "videos",
    "Lecture Notes": "notes",
    "Exams": "exams", "Exams with Solutions": "exams",
    "Problem Sets": "problem_sets", "Problem Sets with Solutions": "problem_sets",
}  # fmt: skip
DEPARTMENTS = {"21W": "CMS-W", "CMS": "CMS-W"}


def to_record(raw: RawRecord, site: str) -> ResourceRecord:
    """`site` is where the courses are read by people."""
    if raw.kind == "course":
        return course_record(raw.key, CourseTree.model_validate(raw.data), site)
    if raw.kind == "document":
        return document_record(raw.key, Material.model_validate(raw.data), site)
    if raw.kind == "video":
        return video_record(raw.key, Material.model_validate(raw.data), site)
    if raw.kind == "playlist":
        return playlist_record(raw.key, Playlist.model_validate(raw.data), site)
    if raw.kind == "plone":
        raise Skip("a part of a Plone export, which is older than all trees of a course that are read")
    raise Rejected("no course, and no part of one")


def course_record(key: str, tree: CourseTree, site: str) -> ResourceRecord:
    course = tree.course
    if is_deleted(course.course_title):
        raise Skip("its title says that it is deleted")
    if not run_id(course):
        raise Rejected("it has neither a site_uid nor a legacy_uid")
    own: dict[str, Any] = {
        "title": course.course_title,
        "description": description(course),
        "url": address(site, tree.slug),
        "image": image(course, site),
        "availability": Availability.ANYTIME,
        "delivery": (Delivery.ONLINE, Delivery.OFFLINE) if course.hide_download is False else (Delivery.ONLINE,),
        "format": (Format.ASYNCHRONOUS,),
        "pace": (Pace.SELF_PACED,),
    }
    run = RunRecord(
        run_id=run_id(course),
        slug=f"courses/{tree.slug}",
        level=tuple(found for label in course.level if (found := level(label))),
        semester=semester(course.term) or course.term[:20],
        year=course.year,
        instructors=tuple(instructor for each in course.instructors if (instructor := person(each))),
        **own,
    )
    return ResourceRecord(
        key=key,
        readable_id=readable_id(course),
        resource_type=ResourceType.COURSE,
        course_numbers=course_numbers(course),
        content_tags=course.learning_resource_types,
        completeness=how_complete(tree),
        runs=(run,),
        children=tuple(children(tree)),
        content_files=tuple(content_files(tree, site)),
        **told_by_course(course),
        **own,
    )


def document_record(key: str, material: Material, site: str) -> ResourceRecord:
    course, resource = material.course, material.resource
    return ResourceRecord(
        key=key,
        readable_id=material_id(course, material.slug, material.path),
        resource_type=ResourceType.DOCUMENT,
        resource_category="Open Textbook",
        title=resource.title or course.course_title,
        description=words(resource),
        url=address(site, material.slug, material.path),
        image=image(course, site),
        content_tags=resource.learning_resource_types,
        content_files=(content_file(material.slug, material.path, resource, material.text, site),),
        **told_by_course(course),
    )


def video_record(key: str, material: Material, site: str) -> ResourceRecord:
    course, resource = material.course, material.resource
    cover = resource.video_files.video_thumbnail_file
    return ResourceRecord(
        key=key,
        readable_id=material_id(course, material.slug, material.path),
        resource_type=ResourceType.VIDEO,
        resource_category="Video" if "Instructor Insights" in resource.learning_resource_types else "Lecture Video",
        title=resource.title or course.course_title,
        description=words(resource),
        url=address(site, material.slug, material.path),
        image=picture(site, cover, resource.title),
        content_tags=resource.learning_resource_types,
        details={"transcript": material.text.text, "cover_image_url": joined(site, cover) or None},
        content_files=(content_file(material.slug, material.path, resource, material.text, site),),
        **told_by_course(course),
    )


def playlist_record(key: str, playlist: Playlist, site: str) -> ResourceRecord:
    return ResourceRecord(
        key=key,
        readable_id=material_id(playlist.course, playlist.slug, playlist.path),
        resource_type=ResourceType.VIDEO_PLAYLIST,
        title=f"{playlist.course.course_title}: {playlist.title or 'Videos'}",
        url=address(site, playlist.slug, playlist.path),
        image=image(playlist.course, site),
        children=tuple(
            ChildRecord(readable_id=video, resource_type=ResourceType.VIDEO, relation_type=RelationType.PLAYLIST_VIDEOS)
            for video in playlist.videos
        ),
        **told_by_course(playlist.course),
    )


def told_by_course(course: Course) -> dict[str, Any]:
    """What a course's materials have from it."""
    return {
        "platform": "ocw",
        "offered_by": "ocw",
        "departments": tuple(DEPARTMENTS.get(number.upper(), number) for number in course.department_numbers),
        "topics": flattened(course.mit_learn_topics) or flattened(course.topics),
        "ocw_topics": flattened(course.topics),
        "license_cc": not course.license or "creativecommons.org" in course.license,
    }


def readable_id(course: Course) -> str:
    """The number with term and year, such as 9.15+fall_2007."""
    term = "-".join(course.term.casefold().split())
    return course.primary_course_number + (f"+{term}" if term else "") + (f"_{course.year}" if course.year else "")


def address(site: str, slug: str, path: str = "") -> str:
    return joined(site, f"courses/{slug}/{path}/" if path else f"courses/{slug}/")


def description(course: Course) -> str:
    return course.course_description_html or "\n".join(f"<p>{line}</p>" for line in markdown_text(course.course_description).splitlines())


def image(course: Course, site: str) -> ImageRecord | None:
    source, told = course.image_src or course.course_image_metadata.file, course.course_image_metadata
    path = path_of(source) if "amazonaws.com/courses/" in source else source
    return picture(site, path, told.image_metadata.alt or told.description, told.image_metadata.caption)


def person(given: Instructor) -> InstructorRecord | None:
    parts = (given.salutation, given.first_name, given.middle_initial, given.last_name)
    full = " ".join(part.strip() for part in parts if part.strip()) if given.first_name or given.last_name else given.title
    name = plain_text(full)
    return InstructorRecord(full_name=name[:256], first_name=given.first_name[:128], last_name=given.last_name[:128]) if name else None


def course_numbers(course: Course) -> tuple[CourseNumberRecord, ...]:
    """The primary number and those under which other departments list the course."""
    primary = course.primary_course_number
    others = (number for number in dict.fromkeys(course.extra_course_numbers) if number != primary)
    return (
        CourseNumberRecord(value=primary, department=department_of(primary)),
        *(CourseNumberRecord(value=number, listing_type="cross-listed", department=department_of(number)) for number in others),
    )


def how_complete(tree: CourseTree) -> float:
    """The share of a course's usual contents that is there; 1 in trees whose resources do not say what they are."""
    told = [resource.learning_resource_types for resource in tree.resources.values() if is_wanted(resource)]
    if not any(told):
        return 1.0
    count = Counter(kind for kinds in told for kind in {KINDS[name] for name in kinds if name in KINDS})
    return completeness(
        tree.course.primary_course_number,
        videos=count["videos"],
        notes=count["notes"],
        exams=count["exams"],
        problem_sets=count["problem_sets"],
    )


def children(tree: CourseTree) -> Iterator[ChildRecord]:
    """Textbooks and playlists."""
    parts = [(path, ResourceType.DOCUMENT) for path, _ in documents(tree)]
    parts += [(path, ResourceType.VIDEO_PLAYLIST) for path in galleries(tree)]
    for path, kind in parts:
        named = material_id(tree.course, tree.slug, path)
        yield ChildRecord(readable_id=named, resource_type=kind, relation_type=RelationType.COURSE_LEARNING_MATERIALS)


def content_files(tree: CourseTree, site: str) -> Iterator[ContentFileRecord]:
    run, made = run_id(tree.course), {*dict(documents(tree)), *videos(tree)}
    for path, page in tree.pages.items():
        yield page_file(tree.slug, path, page, site, run)
    for path, resource in tree.resources.items():
        if is_wanted(resource):
            own = material_id(tree.course, tree.slug, path) if path in made else ""
            yield content_file(tree.slug, path, resource, tree.texts.get(path, ReadText()), site, run, own)


def page_file(slug: str, path: str, page: Page, site: str, run: str) -> ContentFileRecord:
    return ContentFileRecord(
        key=key(slug, path),
        run_id=run,
        uid=page.uid,
        title=page.title,
        description=page.description,
        url=address(site, slug, path),
        content=read(page.content),
        content_title=page.title,
        content_type=ContentType.PAGE,
        content_tags=page.learning_resource_types,
        file_extension=".md",
        source_path=key(slug, path),
    )


def content_file(slug: str, path: str, resource: Resource, text: ReadText, site: str, run: str = "", own: str = "") -> ContentFileRecord:
    """`own` is the readable id of the learning resource that was made of it."""
    name = posixpath.basename(path_of(resource.file))
    extension = posixpath.splitext(name)[1].lower()[:32]
    cover = resource.video_files.video_thumbnail_file
    return ContentFileRecord(
        key=key(slug, path),
        run_id=run,
        uid=resource.uid[:36],
        title=resource.title or posixpath.basename(path),
        description=words(resource),
        url=address(site, slug, path),
        image_src=joined(site, cover),
        content=text.text,
        content_title=resource.title,
        content_type=ContentType.VIDEO if is_video(resource) else ContentType.PDF if extension == ".pdf" else ContentType.FILE,
        content_tags=resource.learning_resource_types,
        file_type=resource.file_type or mimetypes.guess_type(name)[0] or "",
        file_extension=extension,
        source_path=path_of(resource.file).lstrip("/")[-1024:],
        youtube_id=resource.video_metadata.youtube_id,
        direct_resource=own,
    )


def words(resource: Resource) -> str:
    return resource.description or read(resource.content or resource.body)


def read(text: str) -> str:
    """The words of a page, which is Markdown, or HTML in older ones."""
    return html_text(text) if "</" in text and "{{" not in text else markdown_text(text)
