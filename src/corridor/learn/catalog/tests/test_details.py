import pytest

from corridor.learn.catalog.details import shaped
from corridor.learn.catalog.errors import DetailsInvalid
from corridor.learn.catalog.vocabulary import ResourceType


@pytest.mark.parametrize("resource_type", ResourceType.values)
def test_a_resource_may_say_nothing_special(resource_type: str) -> None:
    assert shaped(resource_type, shaped(resource_type, {})) == shaped(resource_type, {})


def test_course_numbers_get_their_sort_key_whatever_the_source_says() -> None:
    numbers = shaped("course", {"course_numbers": [{"value": "6.001", "sort_coursenum": "zzz"}]})["course_numbers"]
    assert numbers == [{"value": "6.001", "department": None, "listing_type": "primary", "sort_coursenum": "06.001"}]


@pytest.mark.parametrize(
    ("resource_type", "given", "field"),
    [
        ("course", {"course_numbers": [{"value": ""}]}, "course_numbers.0.value"),
        ("course", {"course_numbers": [{"value": "6.1", "listing_type": "main"}]}, "course_numbers.0.listing_type"),
        ("course", {"course_numbers": [6.001]}, "course_numbers.0"),
        ("video", {"duration": 60}, "duration"),
        ("video", {"streaming_url": "javascript:alert(1)"}, "streaming_url"),
        ("video", {"caption_urls": [{"language": "en"}]}, "caption_urls.0.language_name"),
        ("podcast", {"rss": "x"}, "rss"),
        ("podcast_episode", {"duration": "PT123H59M59S"}, "duration"),
        ("document", {"anything": 1}, "anything"),
    ],
)
def test_details_of_the_wrong_shape_are_refused_by_name(resource_type: str, given: dict[str, object], field: str) -> None:
    with pytest.raises(DetailsInvalid) as refused:
        shaped(resource_type, given)
    assert refused.value.field == field
