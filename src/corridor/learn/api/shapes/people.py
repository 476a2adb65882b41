"""People."""

from corridor.learn.catalog.vocabulary import Delivery

from .fields import Shape, choice, flag, listed, maybe_address, maybe_text, number, text, texts
from .reference import LearningResourceTopic

GOALS = ("academic-excellence", "career-growth", "lifelong-learning")
EDUCATION = (
    "Doctorate",
    "Master's or professional degree",
    "Bachelor's degree",
    "Associate degree",
    "Secondary/high school",
    "Junior secondary/junior high/middle school",
    "No formal education",
    "Other education",
)
CERTIFICATE_DESIRED = ("yes", "no", "not-sure-yet")
TIME_COMMITMENTS = ("0-to-5-hours", "5-to-10-hours", "10-to-20-hours", "20-to-30-hours", "30-plus-hours")


class PreferencesSearch(Shape):
    certification = flag(required=False)
    topic = texts(required=False)
    delivery = texts(required=False)


class Profile(Shape):
    """What a person tells of themselves and prefers."""

    name = text()
    image = maybe_text(1024)
    image_small = maybe_text(1024)
    image_medium = maybe_text(1024)
    image_file = maybe_address()
    image_small_file = maybe_address()
    image_medium_file = maybe_address()
    profile_image_small = text()
    profile_image_medium = text()
    email_optin = flag()
    bio = maybe_text()
    headline = maybe_text(60)
    username = text()
    placename = text()
    topic_interests = LearningResourceTopic(many=True)
    goals = listed(choice(GOALS))
    current_education = choice(EDUCATION, allow_blank=True)
    certificate_desired = choice(CERTIFICATE_DESIRED, allow_blank=True)
    time_commitment = choice(TIME_COMMITMENTS, allow_blank=True)
    delivery = listed(choice(Delivery.choices))
    preference_search_filters = PreferencesSearch()


class CurrentUser(Shape):
    """Who asks. For somebody who is not signed in, `id` is 0 and names are empty."""

    id = number()
    username = text()
    global_id = maybe_text()
    profile = Profile(required=False)
    email = text()
    first_name = text()
    last_name = text()
    is_article_editor = flag()
    is_learning_path_editor = flag()
    is_authenticated = flag()
    is_sso_user = flag()
