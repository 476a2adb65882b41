"""The addresses of the published operations."""

from typing import Any

from django.urls import URLPattern

from corridor.kit.api.routes import operation
from corridor.kit.api.views import Reading
from corridor.learn.catalog.vocabulary import ResourceType
from corridor.search.model import Likeness

from . import channels, contents, parts, people, reference, resources, searching
from .shapes import reference as rows
from .shapes import resources as shapes

# Segment → type, for lists and details of one type of resource.
TYPED: dict[str, ResourceType] = {
    "courses": ResourceType.COURSE,
    "programs": ResourceType.PROGRAM,
    "learningpaths": ResourceType.LEARNING_PATH,
    "podcasts": ResourceType.PODCAST,
    "podcast_episodes": ResourceType.PODCAST_EPISODE,
    "videos": ResourceType.VIDEO,
    "video_playlists": ResourceType.VIDEO_PLAYLIST,
}
# Those whose parts, and whose files, have addresses of their own.
WITH_ITEMS = {"learning_resources": "", **{name: TYPED[name] for name in ("podcasts", "video_playlists", "learningpaths")}}
WITH_FILES = {"learning_resources": "", "courses": TYPED["courses"]}
# Segment → shape, key and its kind, what one row is called.
REFERENCE: dict[str, tuple[Any, str, str, str]] = {
    "topics": (rows.LearningResourceTopic, "id", "int", "topic"),
    "departments": (rows.LearningResourceDepartment, "department_id", "str", "department"),
    "schools": (rows.LearningResourceSchool, "id", "int", "school"),
    "platforms": (rows.LearningResourcePlatform, "code", "str", "platform"),
    "offerors": (rows.LearningResourceOfferorDetail, "code", "str", "unit"),
    "course_features": (rows.LearningResourceContentTag, "id", "int", "course feature"),
}


def listed(tag: str, view: type[Reading], detail: type[Reading], **declared: Any) -> list[URLPattern]:
    """A list and its rows by id."""
    return [
        operation(f"{tag}/", view, f"{tag}_list", tag, **declared),
        operation(f"{tag}/<int:id>/", detail, f"{tag}_retrieve", tag, **declared),
    ]


def nested(tag: str, part: str, view: type[Reading], detail: type[Reading], **declared: Any) -> list[URLPattern]:
    """What belongs to a resource."""
    address, name = f"{tag}/<int:learning_resource_id>/{part}/", f"{tag}_{part}"
    return [
        operation(address, view, f"{name}_list", tag, **declared),
        operation(f"{address}<int:id>/", detail, f"{name}_retrieve", tag, **declared),
    ]


def of_reference(tag: str) -> list[URLPattern]:
    shape, key, kind, singular = REFERENCE[tag]
    view = reference.TopicList if tag == "topics" else reference.ReferenceList
    return [
        operation(f"{tag}/", view, f"{tag}_list", tag, shape=shape),
        operation(f"{tag}/<{kind}:{key}>/", reference.ReferenceDetail, f"{tag}_retrieve", tag, shape=shape, singular=singular),
    ]


def of_type(tag: str) -> list[URLPattern]:
    declared = {"resource_type": TYPED[tag], "shape": shapes.BY_TYPE[TYPED[tag]]}
    return listed(tag, resources.ResourceList, resources.ResourceDetail, **declared)


def parts_of(tag: str) -> list[URLPattern]:
    shape = shapes.LearningPathRelationship if tag == "learningpaths" else shapes.LearningResourceRelationship
    return nested(tag, "items", parts.ItemList, parts.ItemDetail, resource_type=WITH_ITEMS[tag], shape=shape)


def files_of(tag: str) -> list[URLPattern]:
    return nested(tag, "contentfiles", contents.ContentFileList, contents.ContentFileDetail, resource_type=WITH_FILES[tag])


RESOURCES, CHANNELS = "learning_resources", "channels"
SIMILAR = f"{RESOURCES}/<int:id>"

v1: list[URLPattern] = [
    # The one that is asked most comes first: addresses are tried one after the other.
    operation("learning_resources_search/", searching.ResourceSearch, "learning_resources_search_retrieve", "learning_resources_search"),
    *(each for tag in REFERENCE for each in of_reference(tag)),
    operation(f"{RESOURCES}/summary/", resources.SummaryList, f"{RESOURCES}_summary_list", RESOURCES),
    operation(f"{SIMILAR}/similar/", resources.SimilarList, f"{RESOURCES}_similar_list", RESOURCES, likeness=Likeness.WORDS),
    operation(
        f"{SIMILAR}/vector_similar/", resources.SimilarList, f"{RESOURCES}_vector_similar_list", RESOURCES, likeness=Likeness.MEANING
    ),
    *listed(RESOURCES, resources.ResourceList, resources.ResourceDetail),
    *(each for tag in TYPED for each in of_type(tag)),
    *(each for tag in WITH_ITEMS for each in parts_of(tag)),
    *(each for tag in WITH_FILES for each in files_of(tag)),
    *listed("contentfiles", contents.ContentFileList, contents.ContentFileDetail),
    *listed("featured", resources.FeaturedList, resources.FeaturedDetail),
    *listed("learning_resource_display_info", resources.DisplayInfoList, resources.DisplayInfoDetail),
    operation("content_file_search/", searching.ContentFileSearch, "content_file_search_retrieve", "content_file_search"),
]

v0: list[URLPattern] = [
    *listed(CHANNELS, channels.ChannelList, channels.ChannelDetail),
    operation(f"{CHANNELS}/counts/<slug:channel_type>/", channels.ChannelCountList, f"{CHANNELS}_counts_list", CHANNELS),
    operation(f"{CHANNELS}/type/<slug:channel_type>/<slug:name>/", channels.ChannelByName, f"{CHANNELS}_type_retrieve", CHANNELS),
    operation("users/me/", people.Me, "users_me_retrieve", "users"),
    *(
        operation(f"{tag}/", view, f"{tag}_retrieve", tag)
        for tag, view in {
            "vector_learning_resources_search": searching.NeighbourSearch,
            "vector_content_files_search": searching.ContentFileNeighbourSearch,
            "learning_resources_search_admin_params": searching.AdminParameters,
        }.items()
    ),
]
