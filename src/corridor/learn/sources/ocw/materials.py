"""Which resources of a course are learning resources of their own, and what they are called (pure)."""

from collections.abc import Iterator, Mapping

from .payloads import Course, CourseTree, Page, Resource

TEXTBOOKS = frozenset({"Open Textbooks", "Online Textbook"})
LECTURES = "Lecture Videos"
TRANSCRIPTS = frozenset({"3play caption file", "3play pdf file"})  # files of a video, listed beside it


def run_id(course: Course) -> str:
    return (course.legacy_uid or course.site_uid).replace("-", "")


def key(slug: str, path: str) -> str:
    """The key of a page or resource, unique among all courses."""
    return f"courses/{slug}/{path}"


def material_id(course: Course, slug: str, path: str) -> str:
    return f"{run_id(course)}-{key(slug, path)}"


def is_wanted(resource: Resource) -> bool:
    """Whether a resource is content: it has a file or is a video, and is not another's transcript."""
    named = resource.title.strip().casefold() not in TRANSCRIPTS
    return named and (bool(resource.file) or bool(resource.video_metadata.youtube_id))


def is_video(resource: Resource) -> bool:
    return bool(resource.video_metadata.youtube_id) or resource.kind == "Video"


def documents(tree: CourseTree) -> Iterator[tuple[str, Resource]]:
    """Textbooks, by path."""
    for path, resource in tree.resources.items():
        if is_wanted(resource) and not is_video(resource) and not TEXTBOOKS.isdisjoint(resource.learning_resource_types):
            yield path, resource


def galleries(tree: CourseTree) -> dict[str, tuple[Page, list[str]]]:
    """Pages that show videos, each with the paths of those that can be watched, in order; videos told twice count once."""
    by_uid = {resource.uid.replace("-", ""): path for path, resource in tree.resources.items() if resource.video_metadata.youtube_id}
    found = {}
    for path, page in tree.pages.items():
        shown = [by_uid[uid] for uid in (video.replace("-", "") for video in page.videos) if uid in by_uid]
        if distinct := _distinct(shown, tree.resources):
            found[path] = (page, distinct)
    tagged = [path for path, each in tree.resources.items() if LECTURES in each.learning_resource_types and each.video_metadata.youtube_id]
    shown_already = {path for _, paths in found.values() for path in paths}
    if rest := _distinct([path for path in tagged if path not in shown_already], tree.resources):
        found["resources/lecture-videos"] = (Page(title=LECTURES), rest)
    return found


def _distinct(paths: list[str], resources: Mapping[str, Resource]) -> list[str]:
    """The first path of each video."""
    first: dict[str, str] = {}
    for path in paths:
        first.setdefault(resources[path].video_metadata.youtube_id, path)
    return list(first.values())


def videos(tree: CourseTree) -> dict[str, Resource]:
    """The videos of galleries and lectures, by path."""
    return {path: tree.resources[path] for _, paths in galleries(tree).values() for path in paths}
